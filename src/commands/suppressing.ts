import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { SubjectSettings } from '../check/check.js';
import type { Baseline } from '../check/baseline.js';
import type { SubjectReport } from '../check/finding.js';
import type { Config } from '../config/config.js';
import { decode, readBounded, reasonOf } from '../text/read-file.js';
import { positionAt } from '../text/source.js';
import { Flags, UsageError } from './core.js';

/** Flags of what is known and not told. */
export const suppressFlags = {
  baseline: Flags.string({
    description: 'file with findings that are known; only others are told',
    helpValue: 'FILE',
  }),
  'update-baseline': Flags.boolean({ description: 'write what is found now to the file of --baseline' }),
  'show-ignore': Flags.boolean({
    description: 'print with each finding the comment that would keep it from being told',
  }),
};

/** A quarter of a million entries: what a run writes, it can read again. */
const MAX_BASELINE_BYTES = 64 * 1024 * 1024;

/** The values of these flags. */
interface SuppressFlagValues {
  readonly baseline?: string | undefined;
  readonly 'update-baseline': boolean;
}

/** The baseline of a run. */
export interface UsedBaseline {
  readonly file: string;
  readonly entries: Baseline;
}

/**
 * Reads the baseline that the flags or the configuration name; undefined when neither does. One that will be written
 * need not be there.
 *
 * @throws UsageError
 */
export async function readBaseline(flags: SuppressFlagValues, config: Config): Promise<UsedBaseline | undefined> {
  const file = flags.baseline ?? config.baseline?.value;
  const isUpdated = flags['update-baseline'];
  if (file === undefined) {
    if (isUpdated) throw new UsageError('--update-baseline writes the file of --baseline; name it');
    return undefined;
  }
  if (isUpdated && !existsSync(file)) return { file, entries: [] };
  let bytes: Buffer;
  try {
    bytes = await readBounded(file, MAX_BASELINE_BYTES);
  } catch (error) {
    throw new UsageError(`cannot read the baseline ${file}: ${await reasonOf(error, file)}`);
  }
  const { parseBaseline } = await import('../check/baseline.js');
  if (bytes.length > MAX_BASELINE_BYTES) throw new UsageError(`the baseline ${file} is larger than 64 MB`);
  const { text } = decode(bytes);
  const entries = parseBaseline(text);
  if (entries === undefined) {
    const isTorn = /^(?:<{7}|={7}|>{7})/m.test(text);
    throw new UsageError(
      isTorn
        ? `${file} has the marks of a merge in it; take one side, and --update-baseline writes it anew`
        : `${file} is no baseline of bacalhau-preflight`,
    );
  }
  return { file, entries };
}

/** Gives the settings of each path with the baseline beside what the configuration takes out. */
export async function withBaseline(
  settingsOf: (path: string) => SubjectSettings,
  baseline: UsedBaseline | undefined,
): Promise<(path: string) => SubjectSettings> {
  if (baseline === undefined) return settingsOf;
  const { baselineSuppressor, byPath } = await import('../check/baseline.js');
  const entries = byPath(baseline.entries);
  return (path) => {
    const settings = settingsOf(path);
    const inBaseline = pathIn(baseline.file, path);
    const known = baselineSuppressor(entries.get(inBaseline) ?? [], inBaseline);
    const suppressor: SubjectSettings['suppressor'] = (finding, source) =>
      settings.suppressor?.(finding, source) ?? known(finding, source);
    return { ...settings, suppressor };
  };
}

/** A baseline that was written, and the reports, of which nothing is news any more. */
export interface UpdatedBaseline {
  readonly note: string;
  readonly reports: readonly SubjectReport[];
}

/**
 * Writes what is found to the baseline; what was not checked in this run stays in it.
 *
 * @throws UsageError
 */
export async function updateBaseline(
  { file, entries }: UsedBaseline,
  reports: readonly SubjectReport[],
  ruleIds: readonly string[],
): Promise<UpdatedBaseline> {
  const { baselineOf, baselineText, keptEntries } = await import('../check/baseline.js');
  const { writeWhole } = await import('../text/write-file.js');
  const pathOf = (path: string): string => pathIn(file, path);
  const isThere = (path: string): boolean => existsSync(resolve(dirname(file), path));
  const kept = keptEntries(entries, reports, { pathOf, isThere, ruleIds: new Set(ruleIds) });
  const now = baselineOf(reports, pathOf);
  try {
    await writeWhole(file, baselineText([...now, ...kept]));
  } catch (error) {
    throw new UsageError(`${file} was not written: ${await reasonOf(error, file)}`);
  }
  const count = now.reduce((sum, entry) => sum + entry.count, 0);
  return { note: `${String(count)} known findings written to ${file}`, reports: reports.map(allKnown) };
}

function allKnown(report: SubjectReport): SubjectReport {
  const known = report.findings.map((finding) => ({ finding, by: 'baseline' as const }));
  return { ...report, findings: [], verdict: 'ok', suppressed: [...(report.suppressed ?? []), ...known] };
}

/** Lines about comments and entries that are of no use. */
export async function suppressNotes(
  reports: readonly SubjectReport[],
  baseline: UsedBaseline | undefined,
  ruleIds: readonly string[],
): Promise<string[]> {
  const notes = reports.flatMap(({ source, ignoreNotes = [] }) =>
    ignoreNotes.map(({ at, message }) => {
      const { line, column } = positionAt(source, at.span.start);
      return `${source.path}:${String(line)}:${String(column)}: ${message}`;
    }),
  );
  if (baseline === undefined) return notes;
  const { unusedEntries } = await import('../check/baseline.js');
  const unused = unusedEntries(baseline.entries, reports, (path) => pathIn(baseline.file, path), new Set(ruleIds));
  const gone = baseline.entries.filter(
    ({ path }) => !path.startsWith('<') && path !== '-' && !existsSync(resolve(dirname(baseline.file), path)),
  );
  const all = [...new Set([...unused, ...gone])];
  if (all.length === 0) return notes;
  const named = all
    .slice(0, 3)
    .map(({ rule, path }) => `${rule} in ${path}`)
    .join(', ');
  const count = all.length === 1 ? '1 entry matches' : `${String(all.length)} entries match`;
  return [
    ...notes,
    `${baseline.file}: ${count} nothing any more (${named}${all.length > 3 ? ', …' : ''}); --update-baseline takes them out`,
  ];
}

/** Paths in a baseline are seen from its folder, so that it holds for every working directory. */
function pathIn(file: string, path: string): string {
  if (path === '-' || path.startsWith('<')) return path;
  return relative(dirname(resolve(file)), resolve(path))
    .split(sep)
    .join('/');
}
