import { createHash } from 'node:crypto';
import type { SourceText } from '../text/source.js';
import type { Finding, SubjectReport } from './finding.js';
import type { Suppressor } from './suppress.js';

/** One finding that is known, by what stays when lines move. */
export interface BaselineEntry {
  readonly rule: string;
  /** Seen from the folder of the baseline file, with `/`. */
  readonly path: string;
  /** Where it stands in a structured document, with `*` in place of list indices; empty in other texts. */
  readonly pointer: string;
  /** Digest of the text that is underlined: a changed value is a new finding. */
  readonly content: string;
  /** How many there are of the kind. */
  readonly count: number;
}

export type Baseline = readonly BaselineEntry[];

const VERSION = 1;

/** Reads a baseline file; undefined when it is none. */
export function parseBaseline(text: string): Baseline | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null || !('version' in data) || data.version !== VERSION) return undefined;
  if (!('findings' in data) || !Array.isArray(data.findings)) return undefined;
  const entries: unknown[] = data.findings;
  return entries.every(isEntry) ? entries : undefined;
}

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== 'object' || value === null) return false;
  const record: Record<string, unknown> = { ...value };
  const isText = ['rule', 'path', 'pointer', 'content'].every((key) => typeof record[key] === 'string');
  return isText && typeof record.count === 'number' && Number.isInteger(record.count) && record.count > 0;
}

/** Gives the text of a baseline file, in an order that makes small diffs. */
export function baselineText(baseline: Baseline): string {
  const findings = [...baseline].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return `${JSON.stringify({ version: VERSION, findings }, undefined, 2)}\n`;
}

/** The entries of each path: a baseline of a large tree has thousands, and each file needs its own few. */
export function byPath(baseline: Baseline): ReadonlyMap<string, Baseline> {
  const grouped = new Map<string, BaselineEntry[]>();
  for (const entry of baseline) {
    const same = grouped.get(entry.path);
    if (same === undefined) grouped.set(entry.path, [entry]);
    else same.push(entry);
  }
  return grouped;
}

/**
 * Gives what takes the findings of one text out, each entry as often as it was counted.
 *
 * @param entries those of the baseline; only those of the path count
 */
export function baselineSuppressor(entries: Baseline, path: string): Suppressor {
  const left = new Map<string, number>();
  for (const entry of entries) {
    if (entry.path === path) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + entry.count);
  }
  return (finding, source) => {
    const key = keyOf(entryOf(finding, source, path));
    const count = left.get(key) ?? 0;
    if (count === 0) return undefined;
    left.set(key, count - 1);
    return { by: 'baseline' };
  };
}

/** The baseline of what was found, those among it that the old one took out too. */
export function baselineOf(reports: readonly SubjectReport[], pathOf: (path: string) => string): BaselineEntry[] {
  const entries = new Map<string, BaselineEntry>();
  for (const report of reports) {
    const path = pathOf(report.source.path);
    for (const finding of knownIn(report)) {
      const entry = entryOf(finding, report.source, path);
      const count = (entries.get(keyOf(entry))?.count ?? 0) + 1;
      entries.set(keyOf(entry), { ...entry, count });
    }
  }
  return [...entries.values()];
}

/** What a baseline would hold of a report: what is told, and what only a baseline keeps from being told. */
function knownIn({ findings, suppressed = [] }: SubjectReport): Finding[] {
  return [...findings, ...suppressed.filter(({ by }) => by === 'baseline').map(({ finding }) => finding)];
}

/** The rules that could say all they have to say, by path; of a path that was checked twice, those that could each time. */
export function settledByPath(
  reports: readonly SubjectReport[],
  pathOf: (path: string) => string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const settled = new Map<string, ReadonlySet<string>>();
  for (const { source, settledRules = new Set<string>() } of reports) {
    const path = pathOf(source.path);
    const before = settled.get(path);
    settled.set(path, before === undefined ? settledRules : new Set([...before].filter((id) => settledRules.has(id))));
  }
  return settled;
}

/** The entries that a new baseline keeps although nothing was found: their rules could not look, or did not run. */
export function keptEntries(
  baseline: Baseline,
  reports: readonly SubjectReport[],
  { pathOf, isThere, ruleIds }: KeepOptions,
): BaselineEntry[] {
  const settled = settledByPath(reports, pathOf);
  const now = new Set(baselineOf(reports, pathOf).map(keyOf));
  return baseline.filter((entry) => {
    const rules = settled.get(entry.path);
    if (rules === undefined) return isThere(entry.path);
    return !rules.has(entry.rule) && ruleIds.has(entry.rule) && !now.has(keyOf(entry));
  });
}

interface KeepOptions {
  readonly pathOf: (path: string) => string;
  /** Whether a file that was not checked is still there. */
  readonly isThere: (path: string) => boolean;
  /** Ids of all rules; what another names is gone for good. */
  readonly ruleIds: ReadonlySet<string>;
}

/** The entries, with how often each was not needed, of texts and rules that were looked at in full. */
export function unusedEntries(
  baseline: Baseline,
  reports: readonly SubjectReport[],
  pathOf: (path: string) => string,
  ruleIds: ReadonlySet<string>,
): BaselineEntry[] {
  const found = new Map(baselineOf(reports, pathOf).map((entry) => [keyOf(entry), entry.count]));
  const settled = settledByPath(reports, pathOf);
  return baseline.flatMap((entry) => {
    const rules = settled.get(entry.path);
    if (rules === undefined || (!rules.has(entry.rule) && ruleIds.has(entry.rule))) return [];
    const count = entry.count - (found.get(keyOf(entry)) ?? 0);
    return count > 0 ? [{ ...entry, count }] : [];
  });
}

function entryOf({ rule, at }: Finding, source: SourceText, path: string): BaselineEntry {
  const text = (at.file ?? source).text.slice(at.span.start, at.span.end).replace(/\s+/g, ' ').trim();
  const content = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { rule, path, pointer: (at.pointer ?? '').replace(/\/\d+(?=\/|$)/g, '/*'), content, count: 1 };
}

function keyOf({ rule, path, pointer, content }: BaselineEntry): string {
  return JSON.stringify([path, pointer, rule, content]);
}
