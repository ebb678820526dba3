import type { Finding, SubjectReport } from '../check/finding.js';
import type { ReportOptions } from './format.js';
import { locationOf, subjectPath } from './location.js';
import { codeBlock, codeSpan, markdownText } from './markdown-text.js';
import { countText, fate, isReady, notCheckedTexts, plural, stageMeaning } from './wording.js';

/** By this line a bot finds its own comment again, to write over it. */
const MARK = '<!-- bacalhau-preflight -->';

/** GitHub takes comments of 65,536 characters; what does not fit is counted. */
const MOST_CHARACTERS = 60_000;

/** The report as Markdown, for a comment on a pull request or a job summary. */
export function markdownReport(reports: readonly SubjectReport[], options: ReportOptions): string {
  const findings = reports.flatMap((report) => report.findings);
  const counts = countText(findings);
  const ready = reports.filter((report) => isReady(report) && report.findings.length === 0);
  const blocks = [
    `${MARK}\n### Bacalhau preflight: ${counts === '' ? 'nothing found' : counts}`,
    `${plural(reports.length, 'subject') || 'Nothing'} checked against ${markdownText(options.target.name)}.`,
    ...options.problems.map((problem) => `**Not read:** ${markdownText(problem)}`),
  ];
  let length = blocks.join('\n\n').length;
  let left = 0;
  for (const report of reports) {
    if (ready.includes(report)) continue;
    const block = subjectBlock(report, options.folder);
    if (length + block.length > MOST_CHARACTERS) left++;
    else {
      blocks.push(block);
      length += block.length + 2;
    }
  }
  if (left > 0) blocks.push(`_${plural(left, 'more subject')} did not fit here; the whole report is in the log._`);
  if (ready.length > 0) blocks.push(readyBlock(ready, options.folder));
  return `${blocks.join('\n\n')}\n`;
}

function subjectBlock(report: SubjectReport, folder: string): string {
  const said = report.findings.map((finding) => findingItem(report, finding, folder));
  const unseen = notCheckedTexts(report.notChecked).map((text) => `- ${markdownText(text)}`);
  return [`#### ${codeSpan(subjectPath(report, folder))}: ${markdownText(fate(report))}`, '', ...said, ...unseen].join(
    '\n',
  );
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

function readyBlock(ready: readonly SubjectReport[], folder: string): string {
  const paths = ready.slice(0, MOST_READY).map((report) => codeSpan(subjectPath(report, folder)));
  const more = ready.length - paths.length;
  return `Ready: ${paths.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
