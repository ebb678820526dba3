import { expect, test } from '@jest/globals';
import { KINDS, knownAnswer, readCases, seen, type Kind } from '../kit/lines.js';

const CASES = readCases('test/workload/lines');

test('there are enough of them', () => {
  expect(CASES.length).toBeGreaterThan(300);
  const texts = CASES.map(({ text, workdir }) => `${workdir}\n${text}`);
  expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
});

test.each(CASES.map((one) => [`${one.file}:${String(one.line)} ${one.text}`, one] as const))('%s', (_name, one) => {
  const got = seen(one);
  const sorted = (of: (kind: Kind) => readonly string[]): string[][] =>
    KINDS.map((kind) => [kind, ...[...of(kind)].sort()]);
  expect(sorted((kind) => got[kind])).toEqual(sorted((kind) => knownAnswer(one, kind)));
  const unseen = one.says.get('unseen');
  if (unseen !== undefined) expect(got.unseen).toEqual(unseen);
});
