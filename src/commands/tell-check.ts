import type { SubjectReport } from '../check/finding.js';
import { escapeLines } from '../report/escape.js';
import type { ReportOptions } from '../report/format.js';
import { render } from '../report/render.js';
import type { StatsCollector } from '../stats/stats.js';
import type { CheckFlagValues } from './check-flags.js';
import { tell, writeCommands, type Mending } from './mending.js';
import { standardOutput, writeJobSummary, writeReports, type ReportFile } from './reports.js';

/** What came of a check. */
export interface Checked {
  readonly reports: readonly SubjectReport[];
  readonly mending: Mending | undefined;
  /** Remarks for people behind the report, a line each. */
  readonly notes: readonly string[];
}

/**
 * Tells what came of a check: the report, what was mended, the files that were asked for, then remarks. Gives what could
 * not be written, a sentence each, told already.
 */
export async function tellCheck(
  { reports, mending, notes }: Checked,
  flags: CheckFlagValues,
  options: ReportOptions,
  files: readonly ReportFile[],
  stats: StatsCollector,
): Promise<string[]> {
  tell(options.problems);
  if (!flags.diff) {
    const report = await stats.measure('tell', () => render(reports, flags.format, options, standardOutput()));
    const isTaken = flags['print-job'] || (mending !== undefined && mending.output !== '');
    (isTaken ? process.stderr : process.stdout).write(report);
  }
  if (mending !== undefined) {
    process.stdout.write(process.stdout.isTTY ? escapeLines(mending.output) : mending.output);
    tell(mending.notes);
  }
  const unwritten = await writeReports(files, reports, options);
  if (flags.format === 'github') unwritten.push(...(await writeJobSummary(reports, options, process.env)));
  tell(unwritten);
  if (flags['print-job']) {
    const { jobYaml } = await import('../report/job-yaml.js');
    process.stdout.write(jobYaml(reports));
  }
  tell(notes);
  if (flags.stats && flags.format !== 'json') {
    const { statsLine } = await import('../report/stats.js');
    tell([statsLine(stats.total())]);
  }
  if (flags['fix-commands'] !== undefined) {
    const written = await writeCommands(flags['fix-commands'], reports);
    if ('problem' in written) unwritten.push(written.problem);
    tell(['problem' in written ? written.problem : written.note]);
  }
  return unwritten;
}
