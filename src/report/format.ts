import type { Rule } from '../check/rule.js';
import type { Severity } from '../check/stage.js';
import type { RunStats } from '../stats/stats.js';
import type { Target } from '../target/target.js';

/** Forms of a report; each is written by the module of its name. */
export const FORMATS = ['pretty', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** What a report says beside the findings. */
export interface ReportOptions {
  /** Print with each finding what would keep it from being told; only `pretty` does. */
  readonly showIgnore?: boolean;
  readonly target: Target;
  /** Version of this tool. */
  readonly version: string;
  /** The rules that were applied, for forms that carry their help. */
  readonly rules: readonly Rule[];
  /** What was named and could not be checked at all, a sentence each. */
  readonly problems: readonly string[];
  /** Mildest severity that fails the run. */
  readonly failOn: Severity | 'never';
  /** What the run cost, where the user asks for it. Forms for people leave it to a line beside the report. */
  readonly stats?: RunStats;
  /** Absolute folder against which readers of the report read its paths. */
  readonly folder: string;
}
