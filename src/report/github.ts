import type { Finding, SubjectReport } from '../check/finding.js';
import { SEVERITIES, type Severity } from '../check/stage.js';
import type { Position } from '../text/source.js';
import { escapeForTerminal } from './escape.js';
import type { ReportOptions } from './format.js';
import { lineReport } from './lines.js';
import { locationOf } from './location.js';
import { plural, stageMeaning } from './wording.js';

/** GitHub shows so many annotations of a step and drops the others without a word. */
const MOST_ANNOTATIONS = 10;

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * The report for a log of GitHub Actions: workflow commands that annotate the worst findings, then a line for every
 * finding. The text of a job is data: nothing of it can become a command of its own.
 */
export function githubReport(reports: readonly SubjectReport[], options: ReportOptions): string {
  const all = reports.flatMap((report) => report.findings.map((finding) => ({ report, finding })));
  // What was not read comes first: of it nothing else is known.
  const problems = options.problems.slice(0, MOST_ANNOTATIONS);
  const worst = SEVERITIES.flatMap((severity) => all.filter(({ finding }) => finding.severity === severity)).slice(
    0,
    MOST_ANNOTATIONS - problems.length,
  );
  const hidden = all.length - worst.length;
  const unread = options.problems.length - problems.length;
  return [
    ...problems.map((problem) => `::error title=bacalhau-preflight::${message(problem)}`),
    ...worst.map(({ report, finding }) => annotation(report, finding, options.folder)),
    ...(hidden > 0
      ? [`The ${String(worst.length)} worst are annotated; ${plural(hidden, 'more finding')} below.`]
      : []),
    ...(unread > 0 ? [`${plural(unread, 'more problem')} with what was named; see standard error.`] : []),
    lineReport(reports),
  ].join('\n');
}

function annotation(report: SubjectReport, finding: Finding, folder: string): string {
  const { path, isFile, start, end } = locationOf(report, finding.at, folder);
  const place = isFile
    ? { file: path, line: String(start.line), endLine: String(end.line), ...columns(start, end) }
    : {};
  const properties = { title: `${finding.rule} (${stageMeaning(finding.stage, report.kind)})`, ...place };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  const text = [finding.message, finding.remedy, ...(finding.fix?.commands ?? [])].join('\n');
  return `::${COMMAND[finding.severity]} ${list.join(',')}::${message(text)}`;
}

/** GitHub takes columns only within one line; its end column is inclusive. */
function columns(start: Position, end: Position): Record<string, string> {
  if (start.line !== end.line) return {};
  return { col: String(start.column), endColumn: String(Math.max(start.column, end.column - 1)) };
}

function message(text: string): string {
  return text.split('\n').map(escapeForTerminal).join('\n').replace(/%/g, '%25').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return escapeForTerminal(text).replace(/%/g, '%25').replace(/:/g, '%3A').replace(/,/g, '%2C');
}
