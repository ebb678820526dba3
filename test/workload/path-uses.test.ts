import { describe, expect, test } from '@jest/globals';
import type { PathUse } from '../../src/workload/workload.js';
import { certainPart, liesIn, touches } from '../../src/workload/path-uses.js';

const use = (path: string): PathUse => ({
  path,
  word: { text: path, known: true, origin: 'exec', from: 'subject' },
  origin: 'exec',
  by: 'cat',
  guess: false,
});

test.each([
  ['/a/b.csv', '/a/b.csv'],
  ['/a/*.csv', '/a'],
  ['/a/b?/c', '/a'],
  ['/*', '/'],
  ['/in*/a', '/'],
])('certainPart(%s)', (path, expected) => {
  expect(certainPart(path)).toBe(expected);
});

describe('a use and a folder', () => {
  test.each([
    ['/in', true, true],
    ['/in/a.csv', true, true],
    ['/in/*.csv', true, true],
    ['/', true, false],
    ['/*', true, false],
    ['/inner', false, false],
    ['/out', false, false],
  ])('%s and /in', (path, touching, lying) => {
    expect(touches(use(path), '/in')).toBe(touching);
    expect(liesIn(use(path), '/in')).toBe(lying);
  });
});
