import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeCalls } from '../../src/workload/code/calls.js';
import { codeFetches } from '../../src/workload/code/fetches.js';
import { looksLikeSql, sqlUses } from '../../src/workload/code/sql.js';

test.each([
  ['import a; a.b("x", 1)', 'python', [['a.b', 'x']]],
  ['# f("x")\ng(y)', 'python', [['g']]],
  [
    'print("f(1)", f(\'a\'))',
    'python',
    [
      ['print', 'f(1)'],
      ['f', 'a'],
    ],
  ],
  ['"""f(1)"""\nopen(r"\\a")', 'python', [['open', '\\a']]],
  ['// f()\nfetch(`https://x`)', 'javascript', [['fetch', 'https://x']]],
  ['remotes::install_github("a/b") # x()', 'r', [['remotes::install_github', 'a/b']]],
  ['f("a\\"b', 'r', [['f', 'a\\"b']]],
] as const)('calls in %j', (text, language, expected) => {
  const calls = codeCalls(text, language).map(({ name, text: first }) =>
    first === undefined ? [name] : [name, first],
  );
  expect(calls).toEqual(expected);
});

test.each([
  ['requests.get("https://example.org/a")', 'python', ['downloads https://example.org/a']],
  ['requests.get(url)', 'python', []],
  ['constructor("https://example.org")', 'python', []],
  ['x = "requests.get(1)"', 'python', []],
  ['install.packages("a", repos="https://cran.example.org")', 'r', ['installs packages cran.example.org']],
  ['fetch("./a.json")', 'javascript', []],
] as const)('fetches in %j', (text, language, expected) => {
  const found = codeFetches(text, language).map(({ does, host }) =>
    does.includes(host ?? '') || host === undefined ? does : `${does} ${host}`,
  );
  expect(found).toEqual(expected);
});

describe('SQL', () => {
  test.each([
    ["SELECT * FROM '/in/a.csv' JOIN 'b.parquet'", { reads: ['/in/a.csv', 'b.parquet'] }],
    ["COPY t TO '/out/a.csv'; SELECT x TO 'y.csv'", { writes: ['/out/a.csv'] }],
    ["EXPORT DATABASE '/out/db'", { writes: ['/out/db'] }],
    ["SELECT * FROM read_csv(['/a.csv', '/b.csv'], sep = '/')", { reads: ['/a.csv', '/b.csv'] }],
    ["SELECT * FROM parquet_scan('s3://b/a')", { addresses: ['s3://b/a'] }],
    ["SELECT replace(u, 'http://', '') -- FROM '/a'\n/* FROM '/b' */", {}],
    ["SELECT 'it''s' FROM \"t\" WHERE a = '/b'", {}],
    ['INSTALL httpfs; CREATE TABLE t(a)', { installs: true, changes: true }],
  ])('%s', (sql, expected) => {
    expect(sqlUses(sql)).toEqual({
      reads: [],
      writes: [],
      addresses: [],
      installs: false,
      changes: false,
      ...expected,
    });
  });

  test.each([
    ['select 1', true],
    [' -- note\nWITH a AS (SELECT 1) SELECT 2', true],
    ['a photo of a cat', false],
    ['', false],
  ])('%j looks like it: %s', (text, expected) => {
    expect(looksLikeSql(text)).toBe(expected);
  });
});

test('nothing throws, whatever the text', () => {
  const piece = fc.constantFrom(
    ...`" ' \` """ ( ) [ ] , ; # // -- /* */ \\ \n FROM COPY TO read_csv requests.get install.packages https://x /a`.split(
      ' ',
    ),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map((list) => list.join(' ')),
  );
  fc.assert(
    fc.property(text, (value) => {
      sqlUses(value);
      for (const language of ['python', 'r', 'javascript', 'julia'] as const) codeFetches(value, language);
    }),
    { numRuns: 500 },
  );
});
