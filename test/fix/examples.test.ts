import { describe, expect, test } from '@jest/globals';
import rules from '../../rules/index.js';
import type { BadExample } from '../../src/check/rule.js';
import { STAGES } from '../../src/check/stage.js';
import { mendText } from '../kit/mend.js';

type Kind = 'job' | 'command' | 'dockerfile';

function textOf(example: BadExample): { kind: Kind; text: string } | undefined {
  for (const kind of ['job', 'command', 'dockerfile'] as const) {
    const text = example[kind];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

const cases = rules.flatMap((rule) =>
  rule.examples.bad.flatMap((example, index) => {
    const subject = textOf(example);
    const name = `${rule.id}: ${example.title ?? String(index + 1)}`;
    return subject === undefined ? [] : [[name, { rule, example, ...subject }] as const];
  }),
);

const STAGE_ORDER = [...STAGES, 'ok'];

describe.each(cases)('%s', (_name, { rule, example, kind, text }) => {
  const all = { rules, kind, ...(example.target === undefined ? {} : { release: example.target }) };

  test.each([false, true])('its fix mends it and nothing else (unsafe: %s)', async (unsafe) => {
    const { first, after, report, fixed, left } = await mendText(text, { ...all, rules: [rule], unsafe });
    const wanted = first.findings.filter(({ fix }) => (fix?.edits ?? []).length > 0 && (unsafe || fix?.safe === true));
    expect(left).toEqual([]);
    expect(fixed.length).toBeGreaterThanOrEqual(wanted.length);
    if (wanted.length === 0) expect(after.source.text).toBe(text);
    expect(report.findings.length).toBe(first.findings.length - wanted.length);
    const again = await mendText(after.source.text, { ...all, rules: [rule], unsafe });
    expect(again.after.source.text).toBe(after.source.text);
  });

  test('safe fixes let no job die earlier, and a second run changes nothing', async () => {
    const { first, after, report } = await mendText(text, all);
    expect(STAGE_ORDER.indexOf(report.verdict)).toBeGreaterThanOrEqual(STAGE_ORDER.indexOf(first.verdict));
    expect((await mendText(after.source.text, all)).after.source.text).toBe(after.source.text);
  });

  test('with all fixes of all rules, a second run changes nothing', async () => {
    const { after } = await mendText(text, { ...all, unsafe: true });
    expect((await mendText(after.source.text, { ...all, unsafe: true })).after.source.text).toBe(after.source.text);
  });
});
