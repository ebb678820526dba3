import type { SubjectReport } from '../check/finding.js';
import { positionAt } from '../text/source.js';
import { escapeForTerminal } from './escape.js';
import { countText, fate, notCheckedTexts } from './wording.js';

/**
 * The report for logs: one line a finding, `path:line:column: severity: message [rule]`, the form that editors and
 * grep know, then what was not checked and what would happen.
 */
export function lineReport(reports: readonly SubjectReport[]): string {
  const lines = reports.flatMap((report) => {
    const path = escapeForTerminal(report.source.path);
    const counts = countText(report.findings);
    return [
      ...report.findings.map((finding) => {
        const { line, column } = positionAt(report.source, finding.at.span.start);
        return `${path}:${String(line)}:${String(column)}: ${finding.severity}: ${escapeForTerminal(finding.message)} [${finding.rule}]`;
      }),
      ...notCheckedTexts(report.notChecked).map((text) => `${path}: ${escapeForTerminal(text)}`),
      `${path}: ${counts === '' ? '' : `${counts} · `}${fate(report)}`,
    ];
  });
  return `${lines.join('\n')}\n`;
}
