import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { SubjectSettings } from '../check/check.js';
import type { Baseline } from '../check/baseline.js';
import type { SubjectReport } from '../check/finding.js';
import { decode, MAX_FILE_BYTES, readBounded, reasonOf } from '../text/read-file.js';
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

/** The baseline of a run. */
export interface UsedBaseline {
  readonly file: string;
  readonly entries: Baseline;
}

/**
 * Reads the baseline file.
 *
 * @param isUpdated whether the file will be written, and so need not be there
 * @throws UsageError
 */
export async function readBaseline(file: string, isUpdated: boolean): Promise<UsedBaseline> {
  if (isUpdated && !existsSync(file)) return { file, entries: [] };
  let bytes: Buffer;
  try {
    bytes = await readBounded(file);
  } catch (error) {
    throw new UsageError(`cannot read the baseline ${file}: ${await reasonOf(error, file)}`);
  }
  const { parseBaseline } = await import('../check/baseline.js');
  const entries = bytes.length > MAX_FILE_BYTES ? undefined : parseBaseline(decode(bytes).text);
  if (entries === undefined) throw new UsageError(`${file} is no baseline of bacalhau-preflight`);
  return { file, entries };
}

/** Gives the settings of each path with the baseline beside what the configuration takes out. */
export async function withBaseline(
  settingsOf: (path: string) => SubjectSettings,
  baseline: UsedBaseline | undefined,
): Promise<(path: string) => SubjectSettings> {
  if (baseline === undefined) return settingsOf;
  const { baselineSuppressor } = await import('../check/baseline.js');
  return (path) => {
    const settings = settingsOf(path);
    const known = baselineSuppressor(baseline.entries, pathIn(baseline.file, path));
    const suppressor: SubjectSettings['suppressor'] = (finding, source) =>
      settings.suppressor?.(finding, source) ?? known(finding, source);
    return { ...settings, suppressor };
  };
}

/** Writes what is found to the baseline; what was not checked in this run stays in it. */
export async function updateBaseline(
  { file, entries }: UsedBaseline,
  reports: readonly SubjectReport[],
): Promise<string> {
  const { baselineOf, baselineText } = await import('../check/baseline.js');
  const { writeWhole } = await import('../text/write-file.js');
  const pathOf = (path: string): string => pathIn(file, path);
  const checked = new Map(reports.map((report) => [pathOf(report.source.path), report]));
  const kept = entries.filter(({ path, rule }) => {
    const report = checked.get(path);
    if (report !== undefined) return report.notChecked.some(({ rules }) => rules.includes(rule));
    return existsSync(resolve(dirname(file), path));
  });
  const now = baselineOf(reports, pathOf);
  try {
    await writeWhole(file, baselineText([...now, ...kept]));
  } catch (error) {
    throw new UsageError(`${file} was not written: ${await reasonOf(error, file)}`);
  }
  return `${String(now.reduce((sum, { count }) => sum + count, 0))} known findings written to ${file}`;
}

/** Lines about comments and entries that are of no use. */
export async function suppressNotes(
  reports: readonly SubjectReport[],
  baseline: UsedBaseline | undefined,
): Promise<string[]> {
  const notes = reports.flatMap(({ source, ignoreNotes = [] }) =>
    ignoreNotes.map(({ at, message }) => {
      const { line, column } = positionAt(source, at.span.start);
      return `${source.path}:${String(line)}:${String(column)}: ${message}`;
    }),
  );
  if (baseline === undefined) return notes;
  const { unusedEntries } = await import('../check/baseline.js');
  const unused = unusedEntries(baseline.entries, reports, (path) => pathIn(baseline.file, path));
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
