import type { SubjectReport } from '../check/finding.js';
import { fingerprints } from '../check/fingerprint.js';
import type { Severity } from '../check/stage.js';
import { createHash } from 'node:crypto';
import { escapeForTerminal, jsonForTerminal } from './escape.js';
import type { ReportOptions } from './format.js';
import { locationOf, subjectPath } from './location.js';

/** The severities of GitLab's Code Quality report. */
const SEVERITY: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', info: 'info' };

/** The report as GitLab's Code Quality artifact: a list of findings, each with a fingerprint of its own. */
export function gitlabReport(reports: readonly SubjectReport[], { folder }: ReportOptions): string {
  const seen = new Map<string, number>();
  const entries = reports.flatMap((report) => {
    const marks = fingerprints(report.source, report.findings);
    return report.findings.map((finding, index) => {
      const { path, start, end } = locationOf(report, finding.at, folder);
      const key = JSON.stringify([subjectPath(report, folder), marks[index]]);
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      return {
        description: escapeForTerminal(`${finding.message} ${finding.remedy.replaceAll('\n', ' ')}`),
        check_name: finding.rule,
        fingerprint: createHash('sha256')
          .update(`${key}${String(count)}`)
          .digest('hex'),
        severity: SEVERITY[finding.severity],
        location: { path, lines: { begin: start.line, end: end.line } },
      };
    });
  });
  return `${jsonForTerminal(entries)}\n`;
}
