import type { SubjectReport } from './finding.js';
import { SEVERITIES, type Severity } from './stage.js';

/** Exit codes, an interface since the first release. */
export const EXIT = { clean: 0, findings: 1, usage: 2, notChecked: 3, bug: 70 } as const;

export interface ExitOptions {
  /** The mildest severity that fails the run. */
  readonly failOn: Severity | 'never';
  /** Whether something that was not checked fails the run. */
  readonly strict: boolean;
  /** Whether something that was named could not be checked at all, or there was nothing to check. */
  readonly usageProblems: boolean;
}

/** Gives the exit code of a run; if several apply, in the order 2, 1, 3. */
export function exitCode(reports: readonly SubjectReport[], options: ExitOptions): number {
  if (options.usageProblems) return EXIT.usage;
  const { failOn } = options;
  const failing = failOn === 'never' ? [] : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  const fails = reports.some(({ findings }) => findings.some(({ severity }) => failing.includes(severity)));
  if (fails) return EXIT.findings;
  if (options.strict && reports.some(({ notChecked }) => notChecked.length > 0)) return EXIT.notChecked;
  return EXIT.clean;
}
