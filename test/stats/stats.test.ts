import { expect, test } from '@jest/globals';
import { statsJson, statsLine } from '../../src/report/stats.js';
import { collectStats, NO_IO, sumOfIo } from '../../src/stats/stats.js';

test('what looks cost is added up', () => {
  const one = { requests: 1, bytesRead: 20, cacheHits: 3 };
  expect(sumOfIo([])).toEqual(NO_IO);
  expect(sumOfIo([one, NO_IO, one])).toEqual({ requests: 2, bytesRead: 40, cacheHits: 6 });
});

test('time is counted for each phase, also for work that fails', async () => {
  let time = 0;
  const stats = collectStats(() => time);
  const work = (ms: number) => (): Promise<number> => Promise.resolve((time += ms));
  expect(await stats.measure('look', work(5))).toBe(5);
  await stats.measure('look', work(2));
  const failing = stats.measure('judge', async () => {
    await work(3)();
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  stats.add({ requests: 1, bytesRead: 12_345, cacheHits: 0 });
  expect(stats.total()).toEqual({
    requests: 1,
    bytesRead: 12_345,
    cacheHits: 0,
    milliseconds: { read: 0, look: 7, judge: 3, tell: 0 },
  });
  expect(statsLine(stats.total())).toBe(
    '1 request, 12 kB read, 0 answers from the cache; read 0 ms, look 7 ms, judge 3 ms, tell 0 ms',
  );
});

test('programs get whole numbers', () => {
  const milliseconds = { read: 0.4, look: 1.6, judge: 0, tell: 0 };
  expect(statsJson({ ...NO_IO, milliseconds })).toEqual({
    ...NO_IO,
    milliseconds: { read: 0, look: 2, judge: 0, tell: 0 },
  });
});
