import { expect, test } from '@jest/globals';
import { splitItems } from '../../src/job/misplaced.js';
import type { DataNode, MapEntry, MapNode } from '../../src/job/tree.js';

const span = { start: 0, end: 0 };

function map(entries: readonly MapEntry[]): MapNode {
  return { kind: 'map', span, entries };
}

function entry(name: string, value: DataNode = map([])): MapEntry {
  return { key: { value: name, span }, value };
}

/** Looks for halves of two items with so many keys, and counts how often a key was read. */
function readsFor(keys: number): number {
  let reads = 0;
  const counted = (name: string): MapEntry => ({
    key: {
      get value(): string {
        reads++;
        return name;
      },
      span,
    },
    value: map([]),
  });
  const others = (letter: string): MapEntry[] =>
    Array.from({ length: keys }, (_one, index) => counted(`${letter}${String(index)}`));
  const [first, second] = [map([counted('Source'), ...others('s')]), map([counted('Target'), ...others('t')])];
  const task = map([entry('InputSources', { kind: 'list', span, items: [first, second] })]);
  const root = map([entry('Tasks', { kind: 'list', span, items: [task] })]);
  expect(splitItems(root).get(first)).toEqual({ first, second });
  return reads;
}

test('ten times the keys of halves are ten times the work', () => {
  expect(readsFor(1000)).toBeLessThan(11 * readsFor(100));
});
