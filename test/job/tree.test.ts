import { expect, test } from '@jest/globals';
import { entryOf, type MapEntry, type MapNode } from '../../src/job/tree.js';

const span = { start: 0, end: 0 };

function map(entries: readonly MapEntry[]): MapNode {
  return { kind: 'map', span, entries };
}

function entry(name: string): MapEntry {
  return { key: { value: name, span }, value: map([]) };
}

test.each([
  [['image', 'IMAGE'], 'image', 0],
  [['IMAGE', 'image'], 'Image', 1],
  [['Image', 'Image'], 'image', 1],
])('of %j, the entry that counts for %s', (names, key, index) => {
  const entries = names.map(entry);
  expect(entryOf(map(entries), key)).toBe(entries[index]);
  expect(entryOf(map(entries), 'Imag')).toBeUndefined();
});

test('to look for each key of a mapping is no more work than to look for one', () => {
  let reads = 0;
  const entries = Array.from({ length: 1000 }, (_one, index) => ({
    key: {
      get value(): string {
        reads++;
        return `Imag${String(index)}`;
      },
      span,
    },
    value: map([]),
  }));
  const node = map(entries);
  entryOf(node, 'Image');
  const once = reads;
  for (let index = 0; index < entries.length; index++) entryOf(node, `Imag${String(index)}`);
  expect(reads).toBe(once);
});
