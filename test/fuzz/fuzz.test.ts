import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzz } from './fuzz.js';
import { TARGETS } from './targets.js';

// Bounded here; `npm run fuzz -- TARGET SECONDS` goes on for longer, with new seeds.
const RUNS = 4000;

test.each(Object.keys(TARGETS))('%s stands what bytes become', async (name) => {
  const target = TARGETS[name];
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const wanted = target.runs ?? RUNS;
  const { runs, failure } = await fuzz(target, 20_261_124, (done) => done >= wanted);
  expect(failure === undefined ? undefined : [String(failure.error), failure.input.toString('base64')]).toBeUndefined();
  expect(runs).toBe(wanted);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await target.run(Buffer.from(bytes));
    }),
  );
});

test('a fault is found, with the input that shows it', async () => {
  const run = (bytes: Buffer): void => {
    if (bytes.includes('"__proto__"')) throw new Error('fault');
  };
  const { failure, runs } = await fuzz(
    { seeds: [Buffer.from('{}'), Buffer.from('[]')], run },
    1,
    (done) => done >= 5000,
  );
  expect(String(failure?.error)).toBe('Error: fault');
  expect(failure?.input.includes('"__proto__"')).toBe(true);
  expect(runs).toBeLessThan(5000);
});

test('the same seed gives the same inputs', async () => {
  const inputs: string[][] = [[], [], []];
  for (const [index, seed] of [7, 7, 8].entries()) {
    const run = (bytes: Buffer): void => void inputs[index]?.push(bytes.toString('base64'));
    await fuzz({ seeds: [Buffer.from('seed')], run }, seed, (done) => done >= 50);
  }
  expect(inputs[0]).toEqual(inputs[1]);
  expect(inputs[0]).not.toEqual(inputs[2]);
});
