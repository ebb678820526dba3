import type { Finding, SubjectReport } from '../check/finding.js';
import { positionAt, type Place, type SourceText } from '../text/source.js';
import { escapeForLog } from './escape.js';
import { countText, fate, notCheckedTexts } from './wording.js';

/**
 * The report for logs: one line a finding, `path:line:column: severity: message [rule]`, the form that editors and
 * grep know, then what was not checked and what would happen. Where another file has a part in a finding, its place
 * follows as a note, as compilers do.
 */
export function lineReport(reports: readonly SubjectReport[]): string {
  const lines = reports.flatMap((report) => {
    const path = escapeForLog(report.source.path);
    const counts = countText(report.findings, report.suppressed);
    return [
      ...report.findings.flatMap((finding) => findingLines(report.source, finding)),
      ...notCheckedTexts(report.notChecked).map((text) => `${path}: ${escapeForLog(text)}`),
      `${path}: ${counts === '' ? '' : `${counts} · `}${fate(report)}`,
    ];
  });
  return `${lines.join('\n')}\n`;
}

function findingLines(source: SourceText, { at, severity, message, rule, related }: Finding): string[] {
  const elsewhere = related.flatMap((other) =>
    other.at?.file === undefined ? [] : [`${placeText(source, other.at)}: note: ${escapeForLog(other.message)}`],
  );
  return [`${placeText(source, at)}: ${severity}: ${escapeForLog(message)} [${rule}]`, ...elsewhere];
}

function placeText(own: SourceText, place: Place): string {
  const source = place.file ?? own;
  const { line, column } = positionAt(source, place.span.start);
  return `${escapeForLog(source.path)}:${String(line)}:${String(column)}`;
}
