import type { Finding, SubjectReport } from '../check/finding.js';
import { positionAt, type SourceText, type Span } from '../text/source.js';
import type { Colours } from './colour.js';
import { escapeForTerminal } from './escape.js';
import { excerpt } from './excerpt.js';
import { isFile } from './location.js';
import { overview } from './overview.js';
import { displayWidth, wrap } from './width.js';
import { countText, fate, isReady, notCheckedTexts, plural, stageMeaning } from './wording.js';

export interface PrettyOptions {
  readonly colour: Colours;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  /** Print with each finding what would keep it from being told. */
  readonly showIgnore?: boolean;
}

const INDENT = '       ';

/** The report for people: one block a subject, each finding with its source line, then what would happen. */
export function prettyReport(reports: readonly SubjectReport[], options: PrettyOptions): string {
  const blocks = reports.map((report) => subjectBlock(report, options));
  if (reports.length > 1) blocks.push(totals(reports));
  return `${blocks.join('\n\n')}\n`;
}

/** A line of a file of lines is named with its number. */
function subjectName({ kind, source }: SubjectReport): string {
  return kind === 'command' && isFile(kind, source) ? `${source.path}:${String(source.firstLine)}` : source.path;
}

function subjectBlock(report: SubjectReport, options: PrettyOptions): string {
  const { colour, columns } = options;
  const { target } = report;
  const path = colour.bold(escapeForTerminal(subjectName(report)));
  const ready = isReady(report);
  const lines = [
    ready
      ? `${path}  ${colour.green('ready')} for ${escapeForTerminal(target.name)}`
      : `${path}  against ${escapeForTerminal(target.name)}`,
    ...overview(report, ready && report.findings.length === 0).flatMap((row) => rowLines(`  ${row}`, columns)),
  ];
  for (const [index, finding] of report.findings.entries()) {
    const next = report.findings[index + 1];
    const remedyFollows = next?.rule === finding.rule && next.remedy === finding.remedy;
    lines.push('', ...findingLines(report, finding, options, remedyFollows));
  }
  const unseen = notCheckedTexts(report.notChecked).flatMap((text) => wrap(escapeForTerminal(text), columns));
  if (unseen.length > 0) lines.push('', ...unseen.map((line) => colour.dim(line)));
  if (ready && report.findings.length === 0) {
    const ignored = countText([], report.suppressed);
    lines.push(`  ${plural(report.rulesRun, 'rule')}, all checked${ignored === '' ? '' : `, ${ignored}`}`);
  } else {
    const counts = countText(report.findings, report.suppressed);
    const verdict = wrap(`${counts === '' ? '' : `${counts} · `}${fate(report)}`, columns);
    lines.push('', ...verdict.map((line) => (report.verdict === 'ok' ? line : colour.bold(line))));
  }
  return lines.join('\n');
}

/** Width of what names a row of the overview, with the blanks around it. */
const LABEL = 11;

/** Breaks a row of the overview that is too wide; what follows stands under its first value. */
function rowLines(row: string, columns: number): string[] {
  const lines: string[] = [];
  let line = row.slice(0, LABEL);
  for (const [, gap = '', word = ''] of row.slice(LABEL).matchAll(/(\s*)(\S+)/g)) {
    if (line.length > LABEL && displayWidth(line + gap + word) > columns) {
      lines.push(line);
      line = ' '.repeat(LABEL) + word;
    } else line += gap + word;
  }
  return [...lines, line];
}

/** A remedy that the next finding of the same rule says again is said once, there. */
function findingLines(
  report: SubjectReport,
  finding: Finding,
  options: PrettyOptions,
  remedyFollows: boolean,
): string[] {
  const { colour, columns } = options;
  const paint = { error: colour.red, warning: colour.yellow, info: colour.blue }[finding.severity];
  const { file } = finding.at;
  const { line, column, text, carets } = excerpt(
    file ?? report.source,
    finding.at.span,
    columns - 12,
    secretsIn(report, file),
  );
  const place = `${String(line)}:${String(column)}`;
  const margin = ' '.repeat(place.length);
  const body = (sentence: string): string[] =>
    wrap(escapeForTerminal(sentence), columns - INDENT.length).map((part) => INDENT + part);
  // Advice and secrets strike at no stage.
  const stage =
    finding.severity === 'info' || finding.isSecret === true
      ? ''
      : `  ${colour.dim(`(${stageMeaning(finding.stage, report.kind)})`)}`;
  return [
    `  ${paint(finding.severity)}  ${colour.bold(finding.rule)}${stage}`,
    ...(file === undefined ? [] : [`  ${colour.dim(`in ${escapeForTerminal(file.path)}`)}`]),
    `  ${colour.dim(`${place} │`)} ${text}`,
    `  ${colour.dim(`${margin} │`)} ${paint(carets)}`,
    ...body(finding.message),
    ...finding.related.flatMap((related) => body(relatedText(report, related))),
    ...(remedyFollows ? [] : finding.remedy.split('\n').flatMap((paragraph) => body(paragraph))),
    ...fixLines(finding),
    ...(options.showIgnore === true ? [`${INDENT}  ${escapeForTerminal(ignoreLine(report, finding))}`] : []),
  ];
}

function secretsIn(report: SubjectReport, file: SourceText | undefined): Span[] {
  return report.findings.filter(({ isSecret, at }) => isSecret === true && at.file === file).map(({ at }) => at.span);
}

function relatedText(report: SubjectReport, related: Finding['related'][number]): string {
  if (related.at === undefined) return related.message;
  const { file, span } = related.at;
  const { line, column } = positionAt(file ?? report.source, span.start);
  return `See ${file === undefined ? '' : `${file.path}:`}${String(line)}:${String(column)}: ${related.message}`;
}

/** The comment above the line, or the entry of the configuration where a text has no comments. */
function ignoreLine({ kind, source }: SubjectReport, { rule, at }: Finding): string {
  // A finding in a script belongs to the job that starts it, and is ignored there.
  const { path, text } = source;
  const takesComments = kind === 'dockerfile' || (kind === 'job' && !text.trimStart().startsWith('{'));
  if (takesComments && at.file === undefined) return `# bacalhau-preflight ignore=${rule} -- REASON`;
  const paths = kind === 'command' || path === '-' ? '' : `paths: [${JSON.stringify(asPattern(path))}], `;
  return `ignore: [{ ${paths}rules: [${rule}], reason: REASON }]  # in .bacalhau-preflight.yaml`;
}

/** The pattern of `.gitignore` that means a path and nothing else of the same folder. */
function asPattern(path: string): string {
  return path
    .replace(/^\.\//, '')
    .replace(/[\\*?[\]]/g, '\\$&')
    .replace(/^[!#]/, '\\$&')
    .replace(/ $/, '\\ ');
}

/** Commands are printed whole, however wide the terminal, so that they can be pasted. */
function fixLines(finding: Finding): string[] {
  return (finding.fix?.commands ?? []).map((command) => `${INDENT}  ${escapeForTerminal(command)}`);
}

function totals(reports: readonly SubjectReport[]): string {
  const findings = reports.flatMap((report) => report.findings);
  const ready = reports.filter(isReady).length;
  const bad = reports.filter(({ verdict }) => verdict !== 'ok').length;
  const parts = [
    `${String(reports.length)} checked`,
    ready > 0 ? `${String(ready)} ready` : '',
    bad > 0 ? `${String(bad)} with errors` : '',
    countText(
      findings,
      reports.flatMap(({ suppressed = [] }) => suppressed),
    ),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
