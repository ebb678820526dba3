import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** The best answer to a text; `nothing` where none is known. */
const bestOf = (text: string): string => idsOf(text)[0] ?? 'nothing';

test.each(SAMPLES)('%s is the best answer to its sample', (id, text) => {
  expect(bestOf(text)).toBe(id);
});

const wrapped = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${String(columns)}}`, 'gu')) ?? [''])
    .join('\n');

const FORMS: Readonly<Record<string, (text: string) => string>> = {
  'with line ends of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'with blanks that do not break': (text) => text.replaceAll(' ', '\u00a0'),
  'with blanks of no width': (text) => text.replaceAll(' ', ' \u200b'),
  'with what tput writes': (text) => `\u001b[1m${text.replaceAll(' ', ' \u001b(B\u001b[m')}`,
  'as a link of a terminal': (text) => `\u001b]8;;https://example.org\u001b\\${text}\u001b]8;;\u0007`,
  'quoted in a mail': (text) => text.replace(/^/gm, '> '),
  'commented out': (text) => text.replace(/^/gm, '# '),
  'in a JSON log': (text) => JSON.stringify({ level: 'error', time: '2025-03-04T09:12:44Z', error: text }),
  'in a JSON log within a JSON log': (text) => JSON.stringify({ log: JSON.stringify({ error: text }) }),
  'in a key=value log': (text) => `time=2025-03-04T09:12:44Z level=error msg=${JSON.stringify(text)} component=compute`,
  'with the quotes of a chat': (text) => text.replaceAll("'", '’').replaceAll('"', '”'),
  'in a table of ASCII at 60 columns': (text) => wrapped(text, 60).replace(/^/gm, '| ').replace(/$/gm, ' |'),
  'at 80 columns': (text) => wrapped(text, 80),
  'at 120 columns': (text) => wrapped(text, 120),
};

test.each(Object.entries(FORMS))('a sample means the same %s', (_, form) => {
  const wrong = SAMPLES.filter(([id, text]) => bestOf(form(text)) !== id);
  expect(wrong.map(([id, text]) => [id, bestOf(form(text)), text])).toEqual([]);
});

test('what only says that it failed comes after the cause, and is told as secondary', () => {
  const [best, ...others] = recognise(
    [
      'Error: not enough nodes to run job. requested: 1, available: 2, suitable: 0.',
      '• 2 of 2 nodes: job already executed on this node more than once',
      'e-77f20c1b  Failed  memory limit exceeded',
      'e-5b90d2aa  Failed  exec: "cnt": executable file not found in $PATH: unknown',
    ].join('\n'),
  );
  if (best === undefined) throw new Error('nothing was recognised');
  expect([best, ...others].map(({ error }) => error.id)).toEqual([
    'not-in-path',
    'out-of-memory',
    'executed-more-than-once',
    'not-enough-nodes',
  ]);
  const printed = explainError([best, ...others], 80);
  expect(printed).toMatch(/Also in this text:\n {2}memory limit exceeded\n/);
  expect(printed).toMatch(/Secondary[^\n]*\n {2}job already executed on this node more than once\n/);
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
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLES), fc.integer({ min: 20, max: 120 }), ([id, text], columns) => {
      expect(bestOf(wrapped(text, columns))).toBe(id);
      expect(bestOf(`\u001b[31m${text}\u001b[0m`)).toBe(id);
      expect(bestOf(wrapped(text, columns).replace(/^/gm, '│ ').replace(/$/gm, ' │'))).toBe(id);
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

test.each(['unknown field: ', 'exec: ', '\\', '\u001b]', '\u001b[', ' ', '| ', 'exit code 0'])(
  'the time to look through a text of %j alone grows with its length only',
  (part) => {
    // a square of this length would take longer than the limit for a test that hangs
    expect(idsOf(part.repeat(1_000_000 / part.length))).toEqual([]);
  },
);

test.each([40, 60, 80])(
  'what is printed keeps to %i columns and shows no control characters of the text',
  (columns) => {
    for (const [, text] of SAMPLES.filter(([id]) => id !== 'nothing')) {
      const [best, ...others] = recognise(
        `\u001b]0;title\u0007${text.trimEnd().replaceAll(' ', '\u001b[1m \u0008')}\u0007\u202e`,
      );
      if (best === undefined) throw new Error('nothing was recognised');
      const printed = explainError([best, ...others], columns);
      expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|\\x1b|\\u001b/);
      for (const line of printed.split('\n').filter((one) => one.trim().includes(' '))) {
        expect(line.length).toBeLessThanOrEqual(columns);
      }
    }
  },
);

test('the CLI takes a text as one argument, as several, and on standard input', async () => {
  const message = 'this node does not support the available image platforms';
  const one = await runCli(['explain', message]);
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one.stdout).toContain('image/platform');
  expect((await runCli(['explain', ...message.split(' ')])).stdout).toBe(one.stdout);
  expect((await runCli(['explain', '-'], { stdin: `${message}\n` })).stdout).toBe(one.stdout);
});

test('the CLI reads a file, and says what is wrong with one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'explain-'));
  try {
    writeFileSync(join(folder, 'node.log'), 'ERR image not available: "acme/thumb:2"\n');
    writeFileSync(join(folder, 'empty'), ' \n');
    const read = await runCli(['explain', 'node.log'], { cwd: folder });
    expect(read).toMatchObject({ code: 0, stderr: '' });
    expect(read.stdout).toContain('image/missing');
    expect(await runCli(['explain', 'empty'], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: 'there is nothing in empty to explain\n',
    });
    expect(await runCli(['explain', folder])).toMatchObject({
      code: 2,
      stderr: `cannot read ${folder}: it is a folder\n`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['Image/Platform', 0, /^$/],
  ['moving-tag', 0, /^$/],
  ['platform', 2, /^several rules are called platform: dockerfile\/platform, image\/platform\n$/],
  ['imge/platform', 2, /did you mean image\/platform\?/],
  ['image.platform', 2, /did you mean image\/platform\?/],
  ['moving-tga', 2, /did you mean image\/moving-tag\?/],
  ['no-such-thing.log', 2, /^there is no rule and no file no-such-thing\.log/],
])('the CLI finds the rule that %s names, or says which there are', async (name, code, stderr) => {
  const result = await runCli(['explain', name]);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(stderr);
});

test('a flag of another command is not called misspelt', async () => {
  expect(await runCli(['explain', '--format', 'json', 'image/platform'])).toMatchObject({
    code: 2,
    stderr: 'explain has no flag --format; check, dry-run, inspect, rules have one\n',
  });
});

test('the CLI says that it does not know, and exits 2', async () => {
  const result = await runCli(['explain', 'the disk is on fire']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toMatch(/^this text is not known here.*\n$/);
  expect(await runCli(['explain', '-'], { stdin: '\n' })).toMatchObject({ code: 2, stdout: '' });
});
