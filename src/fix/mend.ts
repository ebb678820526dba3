import type { Finding, SubjectReport } from '../check/finding.js';
import { readSubject, type ReadOptions, type Subject, type SubjectInput } from '../check/subject.js';
import { STAGES } from '../check/stage.js';
import { sourceText } from '../text/source.js';
import { isApplicable } from './applicable.js';
import { splice, type Guarded, type Left } from './splice.js';

export interface MendOptions {
  /** Also apply fixes that change what a job does. */
  readonly unsafe: boolean;
  readonly variables: ReadonlyMap<string, string>;
  /** Checks subjects again, as they were checked before; with so many findings of a rule, where that is given. */
  readonly check: (inputs: readonly SubjectInput[], mostFindings?: number) => Promise<SubjectReport[]>;
}

/** A subject after mending. */
export interface Mended {
  readonly before: SubjectInput;
  readonly after: SubjectInput;
  /** What is left to say about the text after mending. */
  readonly report: SubjectReport;
  readonly fixed: readonly Finding[];
  /** Fixes that were asked for and not applied. */
  readonly left: readonly Left[];
}

/** A fix may uncover another finding with a fix; chains are short, and this bounds those that turn in circles. */
const MOST_PASSES = 10;

/** More findings of one rule than any file has that people wrote: all of these are mended, though not all are told. */
const MOST_FINDINGS = 10_000;

/**
 * Mends the texts of subjects, in memory. All fixes of a text are applied together; when the text that comes out does
 * not read as well as before, none is. The result is checked again, and mended further while that changes anything.
 */
export async function mend(
  inputs: readonly SubjectInput[],
  reports: readonly SubjectReport[],
  options: MendOptions,
): Promise<Mended[]> {
  const known = new Map<string, Mended>();
  const mended: Mended[] = [];
  for (const [index, report] of reports.entries()) {
    const before = inputs[index];
    if (before === undefined) continue;
    // A file that was named twice is one file.
    const key = before.kind === 'command' ? String(index) : before.source.path;
    const result = known.get(key) ?? (await mendOne(before, report, options));
    known.set(key, result);
    mended.push(result);
  }
  return checkedTogether(mended, options);
}

/** What one text says may change what is said of another: the Dockerfile of an image, beside the job that names it. */
async function checkedTogether(mended: readonly Mended[], { check }: MendOptions): Promise<Mended[]> {
  if (mended.every(({ before, after }) => before === after)) return [...mended];
  const reports = await check(mended.map(({ after }) => after));
  const together = new Map(mended.map((one, index) => [one, { ...one, report: reports[index] ?? one.report }]));
  return mended.map((one) => together.get(one) ?? one);
}

async function mendOne(before: SubjectInput, first: SubjectReport, options: MendOptions): Promise<Mended> {
  let after = before;
  let report = first;
  let left: readonly Left[] = [];
  const fixed: Finding[] = [];
  const seen = new Set([before.source.text]);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const wanted = report.findings.filter(({ fix }) => isApplicable(fix, options.unsafe));
    if (wanted.length === 0) return { before, after, report, fixed, left: [] };
    const spliced = splice(after.source, wanted, await guardedIn(after, options));
    left = spliced.left;
    if (spliced.applied.length === 0) break;
    const { path, firstLine } = after.source;
    const next = { ...after, source: sourceText(path, spliced.text, firstLine) };
    const reason = seen.has(spliced.text)
      ? 'the fixes undo each other'
      : await whyWorse(after, next, { ...options, release: report.target.bacalhau });
    if (reason !== undefined) {
      left = wanted.map((finding) => ({ finding, reason }));
      break;
    }
    seen.add(spliced.text);
    const [checked] = await options.check([next], MOST_FINDINGS);
    if (checked === undefined) break;
    // What was ignored so far may be wrong in itself: such a fix is for the user to look at.
    if (!options.unsafe && stagesPassed(checked) < stagesPassed(report)) {
      const why = `the job would be refused then: ${checked.findings.find(isError)?.rule ?? ''}`;
      left = wanted.map((finding) => ({ finding, reason: why }));
      break;
    }
    after = next;
    report = checked;
    for (const finding of spliced.applied) fixed.push(finding);
  }
  return { before, after, report, fixed, left };
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** How far a job gets, from 0. */
function stagesPassed({ verdict }: SubjectReport): number {
  return verdict === 'ok' ? STAGES.length : STAGES.indexOf(verdict);
}

async function guardedIn({ kind, source }: SubjectInput, { variables }: MendOptions): Promise<Guarded[]> {
  if (kind !== 'job' || !/\{\{|\*/.test(source.text)) return [];
  const { guardedRanges } = await import('./guarded.js');
  return guardedRanges(source.text, variables);
}

/** Why the new text must not stand in place of the old one; undefined when it reads as well. */
async function whyWorse(before: SubjectInput, after: SubjectInput, options: ReadOptions): Promise<string | undefined> {
  const [old, changed] = [await readSubject(before, options), await readSubject(after, options)];
  return brokenIn(changed) > brokenIn(old) ? 'the text would not be read any more; please report this' : undefined;
}

/** How much of a text cannot be read. */
function brokenIn({ job, dockerfile }: Subject): number {
  const problems = job?.problems.filter(({ kind }) => UNREADABLE.has(kind)) ?? dockerfile?.problems ?? [];
  return problems.length;
}

const UNREADABLE: ReadonlySet<string> = new Set([
  'syntax',
  'template',
  'duplicate-key',
  'extra-document',
  'command-line',
]);
