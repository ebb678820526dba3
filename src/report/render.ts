import type { SubjectReport } from '../check/finding.js';
import type { RunStats } from '../stats/stats.js';
import type { Target } from '../target/target.js';

/** Forms of a report. */
export type Format = 'pretty' | 'json';

export interface RenderOptions {
  readonly target: Target;
  /** Version of this tool. */
  readonly version: string;
  /** What the run cost, where the user asks for it. Forms for people leave it to a line beside the report. */
  readonly stats?: RunStats;
}

/** Below this, source lines would be cut to nothing; above, lines are hard to read. */
const COLUMNS = { least: 40, most: 100, unknown: 80 } as const;

/** Gives the text of a report in a format, for standard output as it is now. The module of the format is loaded here. */
export async function render(
  reports: readonly SubjectReport[],
  format: Format,
  options: RenderOptions,
): Promise<string> {
  if (format === 'json') {
    const { jsonReport } = await import('./json.js');
    return jsonReport(reports, options.target, options.version, options.stats);
  }
  const isTerminal = process.stdout.isTTY;
  if (!isTerminal && process.env.CI !== undefined && process.env.CI !== '') {
    const { lineReport } = await import('./lines.js');
    return lineReport(reports);
  }
  const { prettyReport } = await import('./pretty.js');
  const { colours } = await import('./colour.js');
  const width = isTerminal ? process.stdout.columns : COLUMNS.unknown;
  return prettyReport(reports, {
    colour: await colours(process.env, isTerminal),
    columns: Math.max(COLUMNS.least, Math.min(COLUMNS.most, width)),
  });
}
