import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import rules from '../../rules/index.js';
import { KNOWN_ERRORS, recognise } from '../../src/explain/recognise.js';
import { explainError } from '../../src/report/explain-error.js';
import { runCli } from '../kit/cli.js';

const SAMPLES = readFileSync('test/explain/samples.txt', 'utf8')
  .split(/^==== /m)
  .slice(1)
  .map((part): [string, string] => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)];
  });

const idsOf = (text: string): string[] => recognise(text).map(({ error }) => error.id);

test.each(SAMPLES)('%s is the best answer to its sample', (id, text) => {
  expect(idsOf(text)[0]).toBe(id);
});

test('every known error has a sample and a name of its own', () => {
  const ids = KNOWN_ERRORS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !SAMPLES.some(([sampled]) => sampled === id))).toEqual([]);
});

test('the rules that are named are there', () => {
  const known = new Set(rules.map(({ id }) => id));
  expect(KNOWN_ERRORS.flatMap((error) => error.rules).filter((id) => !known.has(id))).toEqual([]);
});

test('a sample means the same wherever a terminal breaks its lines, in colour, and in a table', () => {
  const wrapped = (text: string, columns: number): string =>
    text
      .split('\n')
      .flatMap((line) => line.match(new RegExp(`.{1,${String(columns)}}`, 'gu')) ?? [''])
      .join('\n');
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLES), fc.integer({ min: 20, max: 120 }), ([id, text], columns) => {
      expect(idsOf(wrapped(text, columns))[0]).toBe(id);
      expect(idsOf(`\u001b[31m${text}\u001b[0m`)[0]).toBe(id);
      expect(idsOf(wrapped(text, columns).replace(/^/gm, '│ ').replace(/$/gm, ' │'))[0]).toBe(id);
    }),
    { numRuns: 300 },
  );
});

test.each([
  '',
  'all went well',
  'the quick brown fox jumps over the lazy dog',
  '$ bacalhau job describe j-1\nState = Completed\nexit code 0\n',
  'permission to publish was granted; nothing was denied',
])('nothing is known of %j', (text) => {
  expect(idsOf(text)).toEqual([]);
});

test('any text at all is answered, in time that does not explode', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => Array.isArray(recognise(text))));
  expect(idsOf('unknown field: '.repeat(60_000))).toEqual([]);
});

test('what is printed keeps to 80 columns and shows no control characters of the text', () => {
  for (const [, text] of SAMPLES) {
    const [best, ...others] = recognise(`${text.trimEnd()}\u0007\u202e`);
    if (best === undefined) throw new Error('nothing was recognised');
    const printed = explainError([best, ...others]);
    expect(printed).not.toMatch(/[\u0007\u202e]/);
    for (const line of printed.split('\n').filter((one) => one.startsWith('  What') || one.startsWith('      '))) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  }
});

test('the CLI takes a text as one argument, as several, and on standard input', async () => {
  const message = 'this node does not support the available image platforms';
  const one = await runCli(['explain', message]);
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one.stdout).toContain('image/platform');
  expect((await runCli(['explain', ...message.split(' ')])).stdout).toBe(one.stdout);
  expect((await runCli(['explain', '-'], { stdin: `${message}\n` })).stdout).toBe(one.stdout);
});

test('the CLI says that it does not know, and exits 2', async () => {
  const result = await runCli(['explain', 'the disk is on fire']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toMatch(/^this text is not known here.*\n$/);
  expect(await runCli(['explain', '-'], { stdin: '\n' })).toMatchObject({ code: 2, stdout: '' });
});
