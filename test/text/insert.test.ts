import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { parseText } from '../../src/job/parse.js';
import { plainData, type DataNode, type MapNode } from '../../src/job/tree.js';
import type { Edit } from '../../src/text/edit.js';
import { addEntry, addItem } from '../../src/text/insert.js';
import { removeEntry } from '../../src/text/remove.js';
import { sourceText } from '../../src/text/source.js';

function applied(text: string, { start, end, text: put }: Edit): string {
  return text.slice(0, start) + put + text.slice(end);
}

function mapsIn(node: DataNode): MapNode[] {
  if (node.kind === 'list') return node.items.flatMap(mapsIn);
  if (node.kind === 'map') return [node, ...node.entries.flatMap(({ value }) => mapsIn(value))];
  return [];
}

function dataOf(text: string): unknown {
  const { root } = parseText(text, new Map());
  return root === undefined ? undefined : plainData(root);
}

const word = fc.constantFrom(
  'a',
  'b b',
  'Type',
  '#c',
  'x: y',
  'multi\nline',
  '- d',
  '',
  '"q"',
  'two\n\n  deep\n',
  "it's",
);
const key = fc.constantFrom('k', 'Name', 'Env', 'a b');
const { tree } = fc.letrec<{ tree: unknown; map: unknown }>((tie) => ({
  map: fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 3 }),
  tree: fc.oneof({ depthSize: 'small' }, word, fc.array(tie('tree'), { minLength: 1, maxLength: 2 }), tie('map')),
}));
const document = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 3 });
const form = fc.constantFrom<(data: unknown) => string>(
  (data) => stringify(data),
  (data) => stringify(data, { indent: 4, indentSeq: false }),
  (data) => stringify(data).replaceAll('\n', '\r\n'),
  (data) => `# first\n${stringify(data)}# last\n`,
  (data) => stringify(data).trimEnd(),
  (data) => `\ufeff${stringify(data)}`,
  (data) => stringify(data, { collectionStyle: 'flow' }),
  (data) => JSON.stringify(data),
  (data) => JSON.stringify(data, undefined, '\t'),
);

test('an entry that is added to any mapping is there, and nothing else changed', () => {
  const added = { Type: 'local', List: ['a', { b: 'c d' }] };
  let edits = 0;
  fc.assert(
    fc.property(document, form, fc.nat(), (data, write, pick) => {
      const text = write(data);
      const { root } = parseText(text, new Map());
      if (root === undefined) return;
      const maps = mapsIn(root);
      const map = maps[pick % maps.length];
      if (map === undefined) return;
      const edit = addEntry(sourceText('a', text), map.span, 'Added', added);
      if (edit === undefined) return;
      edits++;
      const after = parseText(applied(text, edit), new Map()).root;
      expect(after).toBeDefined();
      if (after === undefined) return;
      const changed = mapsIn(after)[pick % maps.length];
      expect(changed && plainData(changed)).toEqual({ ...Object(plainData(map)), Added: added });
      const without = JSON.stringify(plainData(after)).replace(
        /,?"Added":\{"Type":"local","List":\["a",\{"b":"c d"\}\]\}/,
        '',
      );
      expect(JSON.parse(without)).toEqual(plainData(root));
    }),
    { numRuns: 1000 },
  );
  expect(edits).toBeGreaterThan(600);
});

test('a key that is removed is gone, and nothing else', () => {
  let edits = 0;
  fc.assert(
    fc.property(document, form, fc.nat(), (data, write, pick) => {
      const text = write({ ...data, Kept: 'x' });
      const { root } = parseText(text, new Map());
      if (root?.kind !== 'map') return;
      const entry = root.entries[pick % (root.entries.length - 1)];
      if (entry === undefined) return;
      const edit = removeEntry(sourceText('a', text), entry.key.span);
      if (edit === undefined) return;
      edits++;
      const kept = root.entries
        .map(({ key: { value: name }, value }): [string, unknown] => [name, plainData(value)])
        .filter(([name]) => name !== entry.key.value);
      expect({ text, after: dataOf(applied(text, edit)) }).toEqual({ text, after: Object.fromEntries(kept) });
    }),
    { numRuns: 1000 },
  );
  expect(edits).toBeGreaterThan(500);
});

describe('an item', () => {
  test.each([
    ['- a: b\n  c: d\n', '- a: b\n  c: d\n- Name: x\n  Path: /y\n'],
    ['k:\n    -   a: b # why\n', 'k:\n    -   a: b # why\n    -   Name: x\n        Path: /y\n'],
    ['- { a: b }\n', '- { a: b }\n- { Name: x, Path: /y }\n'],
    ['k: [{ a: b }]\n', 'k: [{ a: b }, { Name: x, Path: /y }]\n'],
    ['{"k": [{"a": "b"}]}', '{"k": [{"a": "b"}, {"Name": "x", "Path": "/y"}]}'],
    ['- a: "b"\r\n', '- a: "b"\r\n- Name: x\r\n  Path: /y\r\n'],
  ])('goes behind the one in %j', (text, expected) => {
    const { root } = parseText(text, new Map());
    const item = root === undefined ? undefined : mapsIn(root).at(-1);
    const edit = item === undefined ? undefined : addItem(sourceText('a', text), item.span, { Name: 'x', Path: '/y' });
    expect(edit && applied(text, edit)).toBe(expected);
    expect(parseDocument(expected).errors).toEqual([]);
  });
});
