import { describe, expect, test } from '@jest/globals';
import rules from '../../rules/index.js';
import type { Finding } from '../../src/check/finding.js';
import type { BadExample, Example } from '../../src/check/rule.js';
import { STAGES } from '../../src/check/stage.js';
import { isApplicable } from '../../src/fix/applicable.js';
import { plainJob } from '../../src/job/plain-job.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { randomFrom } from '../fuzz/mutate.js';
import { mendText, type MendTextOptions } from '../kit/mend.js';
import { mutateCommand, mutateDockerfile, mutateSpec, type Mutated } from '../kit/mutate-spec.js';

/** How many texts are made of each example; MEND_RUNS=200 looks further. */
const RUNS = Number(process.env.MEND_RUNS ?? 2);

type Kind = 'job' | 'command' | 'dockerfile';

function textOf(example: BadExample): { kind: Kind; text: string } | undefined {
  for (const kind of ['job', 'command', 'dockerfile'] as const) {
    const text = example[kind];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

const MUTATE = { job: mutateSpec, command: mutateCommand, dockerfile: mutateDockerfile };
const STAGE_ORDER = [...STAGES, 'ok'];

/** Examples with a fix that edits, by rule. */
const mendable = (
  await Promise.all(
    rules.flatMap((rule) =>
      rule.examples.bad.map(async (example, index) => {
        const subject = textOf(example);
        if (subject === undefined) return [];
        const { first } = await mendText(subject.text, { rules: [rule], kind: subject.kind, example });
        const fix = first.findings.find((finding) => isApplicable(finding.fix, true))?.fix;
        if (fix === undefined) return [];
        const name = `${rule.id}: ${example.title ?? String(index + 1)}`;
        return [[name, { rule, example, ...subject, isSafe: fix.safe }] as const];
      }),
    ),
  )
).flat();

/** How often a fix of each rule was applied. */
const applied = new Map<string, number>();

describe.each(mendable)('%s', (_name, { rule, example, kind, text: original }) => {
  test.each(Array.from({ length: RUNS }, (_one, index) => index))('written anew, %i', async (run) => {
    const seed = hash(`${rule.id} ${original} ${String(run)}`);
    const mutated = MUTATE[kind](original, randomFrom(seed));
    for (const unsafe of [false, true])
      await expectMended(mutated, { rules, kind, unsafe, example, afterwards: afterwards(example) });
  });
});

test('a fix of every rule that has one was applied', () => {
  const never = [...new Set(mendable.map(([, { rule }]) => rule.id))].filter((id) => (applied.get(id) ?? 0) === 0);
  expect(never).toEqual([]);
  expect(mendable.length).toBeGreaterThan(40);
});

async function expectMended(
  { text, comments }: Mutated,
  options: MendTextOptions & { readonly unsafe: boolean; readonly example: Example },
): Promise<void> {
  const { first, before, after, report, fixed, left } = await mendText(text, options);
  const mended = after.source.text;
  const told = `${text}\n=====\n${mended}\n=====\n${JSON.stringify(left.map(({ finding, reason }) => [finding.rule, reason]))}`;
  try {
    for (const { rule } of fixed) applied.set(rule, (applied.get(rule) ?? 0) + 1);
    if (fixed.length === 0) expect(mended).toBe(before.source.text);
    expect(left).toEqual([]);
    expect(report.findings.filter(({ fix }) => isApplicable(fix, options.unsafe))).toEqual([]);

    // What was found first and could be mended is gone, and nothing is new.
    const [old, now] = [counted(first.findings), counted(report.findings)];
    for (const { rule, message } of first.findings.filter(({ fix }) => isApplicable(fix, options.unsafe))) {
      const key = `${rule}: ${message}`;
      expect([key, now.get(key) ?? 0]).toEqual([key, expect.any(Number)]);
      expect(now.get(key) ?? 0).toBeLessThan(old.get(key) ?? 0);
    }
    const was = new Set(first.findings.map(({ rule }) => rule));
    if (!fixed.some(({ rule }) => REVEALING.has(rule)))
      expect(report.findings.filter(({ rule }) => !was.has(rule)).map(({ rule }) => rule)).toEqual([]);
    // What nobody read so far may be wrong in itself: then --fix leaves it, and --unsafe-fixes brings it to light.
    if (!options.unsafe || !fixed.some(({ rule }) => REVEALING.has(rule)))
      expect(STAGE_ORDER.indexOf(report.verdict)).toBeGreaterThanOrEqual(STAGE_ORDER.indexOf(first.verdict));

    // Outside of the edits nothing changed, in one pass as in several.
    if (fixed.every((finding) => first.findings.includes(finding))) expect(mended).toBe(edited(text, fixed));
    for (const comment of comments) expect(mended).toContain(comment);
    expect(mended.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
    // A blank line before a last key that was taken out ends the file.
    if (!/\n\r?\n.*$/.test(text)) expect(/[\r\n]$/.test(mended)).toBe(/[\r\n]$/.test(text));
    if (text.includes('\r\n')) expect(mended.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    else expect(mended).not.toContain('\r');

    // What Bacalhau took before, it takes for the same.
    const isAccepted = ['ok', 'run', 'results'].includes(first.verdict);
    if (!options.unsafe && isAccepted && first.job !== undefined && report.job !== undefined) {
      expect(sameNames(report.job)).toEqual(sameNames(first.job));
    }
    expect(
      (
        await mendText(mended, {
          ...options,
          example: afterwards(options.example),
          afterwards: afterwards(options.example),
        })
      ).after.source.text,
    ).toBe(mended);
  } catch (error) {
    throw new Error(told, { cause: error });
  }
}

/** What these mend is read only then, and what else is wrong with it is told. Each alone adds nothing: examples.test. */
const REVEALING: ReadonlySet<string> = new Set([
  ...['job/unknown-key', 'job/ignored-key', 'job/value-type', 'job/missing-field', 'job/system-key'],
  ...['job/engine-params', 'job/source-params'],
]);

/** What a look at the inputs says when they are named right. */
function afterwards(example: Example): Example {
  return { ...example, probe: {} };
}

function counted(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, message } of findings) {
    const key = `${rule}: ${message}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The edits of fixes, each once, in the text. */
function edited(text: string, fixed: readonly Finding[]): string {
  const edits = new Map<string, { start: number; end: number; text: string }>();
  for (const { fix } of fixed) for (const edit of fix?.edits ?? []) edits.set(JSON.stringify(edit), edit);
  let result = text;
  for (const { start, end, text: put } of [...edits.values()].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + put + result.slice(end);
  }
  return result;
}

/** A job with one name for what has two: modes, sources, and the labels that nodes have by themselves. */
function sameNames(job: JobSpec): unknown {
  const text = JSON.stringify(plainJob(job)).toLowerCase();
  return text
    .replaceAll('"full"', '"host"')
    .replaceAll('"localdirectory"', '"local"')
    .replaceAll('"architecture"', '"os_arch"')
    .replaceAll('"operating-system"', '"os_type"')
    .replaceAll('"x86_64"', '"amd64"')
    .replaceAll('{"path":', '{"sourcepath":');
}

function hash(text: string): number {
  let sum = 5381;
  for (const char of text) sum = (Math.imul(sum, 33) + (char.codePointAt(0) ?? 0)) | 0;
  return sum;
}
