import { describe, expect, test } from '@jest/globals';
import type { S3Partition } from '../../src/job/s3-partition.js';
import { choosePartition } from '../../src/probe/s3/partition.js';

/** The execution that takes a key; exactly one must. */
async function takerOf(partition: S3Partition, key: string, count: number, prefix = 'logs/'): Promise<number> {
  const takers: number[] = [];
  for (let index = 0; index < count; index++) {
    const choice = await choosePartition(partition, prefix, { index, count });
    if (!choice.ok) throw new Error(choice.problem);
    if (choice.takes(key)) takers.push(index);
  }
  expect(takers).toHaveLength(1);
  return takers[0] ?? -1;
}

describe('objects are divided as Go code with hash/fnv, regexp and time divides them', () => {
  test.each([
    ['logs/a.csv', 1],
    ['logs/b.csv', 1],
    ['logs/c.csv', 0],
    ['logs/d e.csv', 0],
    ['logs/Ünïcode.csv', 0],
    ['logs/日本.csv', 2],
  ])('by the whole key: %s', async (key, taker) => expect(await takerOf({ by: 'object' }, key, 3)).toBe(taker));

  test.each([
    ['logs/user1-eu.csv', 3],
    ['logs/user1-us.csv', 1],
    ['logs/user1.csv', 0],
    ['logs/user22.csv', 1],
    ['logs/other.csv', 0],
  ])('by what groups find, those that found nothing left out: %s', async (key, taker) => {
    expect(await takerOf({ by: 'regex', pattern: String.raw`user(\d+)(?:-(eu|us))?` }, key, 4)).toBe(taker);
  });

  test.each([
    ['logs/2022/a', 0],
    ['logs/2023/a', 1],
    ['logs/2024/a', 2],
    ['logs/none', 0],
  ])('by a match without groups: %s', async (key, taker) => {
    expect(await takerOf({ by: 'regex', pattern: String.raw`20\d\d` }, key, 3)).toBe(taker);
  });

  test.each(['logs/a', 'logs/b'])('a match of nothing is none: %s', async (key) => {
    expect(await takerOf({ by: 'regex', pattern: 'x*' }, key, 7)).toBe(0);
  });

  test.each([
    ['logs/eu-1.csv', 2],
    ['logs/us-1.csv', 0],
    ['logs/us-2.csv', 0],
    ['logs/日本-1.csv', 0],
    ['logs/x', 0],
  ])('by characters: %s', async (key, taker) => {
    expect(await takerOf({ by: 'substring', start: 0, end: 2 }, key, 3)).toBe(taker);
  });

  test.each([
    ['logs/2024-01-01.csv', 1],
    ['logs/2024-01-02/x.csv', 1],
    ['logs/2024-01-04', 1],
    ['logs/2024-02-30.csv', 0],
    ['logs/2024-1-3.csv', 0],
    ['logs/old.csv', 0],
  ])('by a date: %s', async (key, taker) => {
    expect(await takerOf({ by: 'date', layout: '2006-01-02' }, key, 3)).toBe(taker);
  });

  test('a date is hashed as its layout writes it', async () => {
    const layout = { by: 'date', layout: 'Jan _2' } as const;
    expect(await takerOf(layout, 'logs/jan  3.csv', 5)).toBe(3);
    expect(await takerOf(layout, 'logs/Jan  3.csv', 5)).toBe(3);
  });

  test('a prefix may end in a star, within a name, or be the whole key', async () => {
    const first = { by: 'substring', start: 0, end: 2 } as const;
    const expected = await takerOf(first, 'logs/us-1.csv', 3, 'logs/');
    expect(await takerOf(first, 'logs/us-1.csv', 3, 'logs/*')).toBe(expected);
    expect(await takerOf(first, 'logs/us-1.csv', 3, 'logs')).toBe(expected);
    expect(await takerOf(first, 'logs/us-1.csv', 3, 'logs/us-1.csv')).toBe(0);
  });
});

test('nothing is divided among one, or by none', async () => {
  for (const [partition, count] of [
    [{ by: 'object' }, 1],
    [{ by: 'none' }, 3],
  ] as const) {
    const choice = await choosePartition(partition, 'logs/', { index: 0, count });
    expect(choice.ok && ['logs/a.csv', 'logs/b.csv', 'logs/c.csv'].every((key) => choice.takes(key))).toBe(true);
  }
});

test('a Pattern that Go does not compile is refused, also with one execution', async () => {
  const choice = await choosePartition({ by: 'regex', pattern: '(?=a)' }, '', { index: 0, count: 1 });
  expect(choice).toEqual({ ok: false, problem: expect.stringContaining('(?=') });
});
