import type { Finding, SubjectReport } from '../check/finding.js';
import { shortened } from '../text/shortened.js';
import type { ReportOptions } from './format.js';
import { locationOf, subjectPath } from './location.js';
import { codeBlock, codeSpan, markdownText } from './markdown-text.js';
import { countText, fate, isReady, notCheckedTexts, plural, stageMeaning } from './wording.js';

/** By this line a bot finds its own comment again, to write over it. */
const MARK = '<!-- bacalhau-preflight -->';

/** GitHub takes comments of 65,536 characters; what does not fit is counted. */
const MOST_CHARACTERS = 60_000;

/** Less room than this, in characters, holds no finding with what to do about it. */
const LEAST_BLOCK = 200;

/** Problems with what was named are much alike: the first of them say it. */
const MOST_PROBLEMS = 20;
const MOST_PROBLEM = 500;

/** The report as Markdown, for a comment on a pull request or a job summary. */
export function markdownReport(reports: readonly SubjectReport[], options: ReportOptions): string {
  const findings = reports.flatMap((report) => report.findings);
  const counts = countText(findings);
  const isQuiet = (report: SubjectReport): boolean => isReady(report) && report.findings.length === 0;
  const ready = reports.filter(isQuiet);
  const blocks = [
    `${MARK}\n### Bacalhau preflight: ${counts === '' ? 'nothing found' : counts}`,
    `${plural(reports.length, 'subject') || 'Nothing'} checked against ${markdownText(options.target.name)}.`,
    ...options.problems
      .slice(0, MOST_PROBLEMS)
      .map((problem) => `**Not read:** ${markdownText(shortened(problem, MOST_PROBLEM))}`),
  ];
  const unread = options.problems.length - MOST_PROBLEMS;
  if (unread > 0) blocks.push(`**Not read:** ${String(unread)} more, which the log names`);
  const readyText = ready.length === 0 ? [] : [readyBlock(ready, options.folder)];
  let room = MOST_CHARACTERS - [...blocks, ...readyText].join('\n\n').length;
  let left = 0;
  for (const report of reports) {
    if (isQuiet(report)) continue;
    const block = room < LEAST_BLOCK ? undefined : subjectBlock(report, options.folder, room);
    if (block === undefined || block.length > room) left++;
    else {
      blocks.push(block);
      room -= block.length + 2;
    }
  }
  if (left > 0) blocks.push(`_${plural(left, 'more subject')} did not fit here; the whole report is in the log._`);
  return `${[...blocks, ...readyText].join('\n\n')}\n`;
}

/** The findings of a subject, as far as they fit, and what was not checked. */
function subjectBlock(report: SubjectReport, folder: string, room: number): string {
  const title = `#### ${codeSpan(subjectPath(report, folder))}: ${markdownText(fate(report))}`;
  const unseen = notCheckedTexts(report.notChecked).map((text) => `- ${markdownText(text)}`);
  const items: string[] = [];
  let length = [title, ...unseen].join('\n').length + LEAST_BLOCK;
  for (const finding of report.findings) {
    const item = findingItem(report, finding, folder);
    length += item.length + 1;
    if (length > room) break;
    items.push(item);
  }
  const more = report.findings.length - items.length;
  if (more > 0) items.push(`- _${plural(more, 'more finding')} did not fit here._`);
  return [title, '', ...items, ...unseen].join('\n');
}

function findingItem(report: SubjectReport, finding: Finding, folder: string): string {
  const { path, start } = locationOf(report, finding.at, folder);
  const place = `${finding.at.file === undefined ? '' : `${path}:`}${String(start.line)}:${String(start.column)}`;
  const stage = finding.severity === 'info' ? '' : ` (${stageMeaning(finding.stage, report.kind)})`;
  const commands = finding.fix?.commands ?? [];
  const lines = [
    `**${finding.severity}** ${codeSpan(place)} ${codeSpan(finding.rule)}${stage}: ${markdownText(finding.message)}`,
    '',
    ...finding.remedy.split('\n').map(markdownText),
    ...(commands.length === 0 ? [] : codeBlock(commands.join('\n'), 'sh').split('\n')),
  ];
  return lines.map((line, index) => (index === 0 ? `- ${line}` : line === '' ? '' : `  ${line}`)).join('\n');
}

const MOST_READY = 50;

/** Characters of the list of what is ready. */
const MOST_READY_TEXT = 5000;

function readyBlock(ready: readonly SubjectReport[], folder: string): string {
  const paths: string[] = [];
  let room = MOST_READY_TEXT;
  for (const report of ready.slice(0, MOST_READY)) {
    const path = codeSpan(subjectPath(report, folder));
    room -= path.length + 2;
    if (room < 0) break;
    paths.push(path);
  }
  const more = ready.length - paths.length;
  return `Ready: ${[...paths, ...(more > 0 ? [`${String(more)} more`] : [])].join(', ')}`;
}
