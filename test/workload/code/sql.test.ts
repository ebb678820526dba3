import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksLikeSql, sqlUses } from '../../../src/workload/code/sql.js';

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
  const piece = fc.constantFrom(...`" ' [ ] ( ) , ; -- /* */ \\ \n FROM COPY TO read_csv https://x /a`.split(' '));
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map((list) => list.join(' ')),
  );
  fc.assert(fc.property(text, (value) => void sqlUses(value)));
});
