import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/job/command-line.js';
import type { JobProblem, JobSpec } from '../../src/job/job-spec.js';
import { readJobSpec } from '../../src/job/read.js';
import { positionAt, sourceText } from '../../src/text/source.js';

function readText(text: string): JobSpec {
  return readJobSpec(sourceText('job.yaml', text));
}

/** Kind, underlined text, line and column of each problem. */
function places({ source, problems }: JobSpec): string[] {
  return problems.map(({ kind, at }) => {
    const { line, column } = positionAt(source, at.span.start);
    return `${kind} ${source.text.slice(at.span.start, at.span.end)} ${line}:${column}`;
  });
}

const JOB = `Name: count
Type: Batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "alpine:3.20" } }
    Resources: { CPU: 1 }
`;

describe('a problem stands at its value, whatever stands before it', () => {
  const inFront: readonly [string, string, number][] = [
    ['nothing', '', 0],
    ['a comment with emoji', '# 😀 é 漢字 \u2028 \u{1f468}\u200d\u{1f469}\n', 1],
    ['a byte order mark', '\ufeff', 0],
    ['a byte order mark and a comment', '\ufeff# é\n\n', 2],
    ['a start of a document', '---\n', 1],
    ['a tab behind a value', 'Namespace: team\t# é\n', 1],
    ['a key with emoji', 'Labels: { "😀": "é", team: 漢字 }\n', 1],
    ['a folded text', 'Meta:\n  note: >-\n    😀 one\n    two\n', 4],
    ['a template', 'Namespace: "{{ or (index . "team") "😀" }}"\n', 1],
  ];

  test.each(inFront)('%s', (_, before, lines) => {
    const job = readText(before + JOB.replace('CPU: 1', 'CPU: "1"'));
    expect(places(job)).toEqual([`bad-value Batch ${lines + 2}:7`]);
  });

  test.each(inFront)('%s, with CRLF', (_, before, lines) => {
    const text = (before + JOB.replace('Batch', 'batch')).replaceAll('\n', '\r\n');
    expect(places(readText(text))).toEqual([`wrong-type 1 ${lines + 6}:23`]);
  });

  test.each(['', '😀 ', 'é'])('in the same line, behind %j', (before) => {
    const line = `bacalhau docker run --name '${before}x' --rm alpine:3.20`;
    expect(places(readCommandLine(sourceText('<command>', line)))).toEqual([
      `command-line --rm 1:${line.indexOf('--rm') + 1}`,
    ]);
  });

  test('on a line that goes on, with CRLF', () => {
    const line = 'bacalhau docker run \\\r\n  -e "A=é" \\\r\n  -i ftp://x alpine:3.20';
    expect(places(readCommandLine(sourceText('<command>', line)))).toEqual(['command-line ftp://x 3:6']);
  });
});

describe('large and deep texts end in problems', () => {
  const many = (of: (index: number) => string): string => Array.from({ length: 20_000 }, (_, i) => of(i)).join('');
  const kinds = (job: JobSpec): JobProblem['kind'][] => [...new Set(job.problems.map(({ kind }) => kind))];

  test('20,000 unknown keys', () => {
    const job = readText(JOB.replace('CPU: 1', 'CPU: "1"').replace('Batch', 'batch') + many((i) => `Key${i}: x\n`));
    expect(kinds(job)).toEqual(['unknown-key']);
    expect(job.problems).toHaveLength(20_000);
  });

  test('one key 20,000 times', () => {
    expect(readText(many(() => 'Name: a\n')).problems.filter(({ kind }) => kind === 'duplicate-key')).toHaveLength(
      19_999,
    );
  });

  test('a list of 200,000 words without aliases is no bomb', () => {
    const list = `[${many(() => 'a,b,c,d,e,f,g,h,i,j,')}]`;
    expect(readText(JOB.replace('Resources: { CPU: 1 }', `Meta2: ${list}`)).problems.map(({ kind }) => kind)).toEqual([
      'bad-value',
      'ignored-key',
    ]);
  });

  test('aliases that stand for a billion words', () => {
    const levels = 'abcdefghi'
      .split('')
      .map((name, i, all) => `${name}: &${name} [${`*${all[i - 1] ?? ''},`.repeat(9)}]`);
    const job = readText(['a: &a [x,x,x,x,x,x,x,x,x]', ...levels.slice(1)].join('\n'));
    expect(job.problems.map(({ message }) => message)).toEqual([expect.stringContaining('aliases')]);
  });

  test.each([
    ['lists', '['.repeat(100_000)],
    ['lists that close', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['objects', '{"a":'.repeat(50_000)],
    ['mappings', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
  ])('%s in each other', (_, text) => {
    expect(readText(text).problems).toMatchObject([{ kind: 'syntax', message: expect.stringContaining('nested') }]);
  });

  test.each([
    ['a template that never ends', '{{'.repeat(20_000)],
    ['quotes', `{${'"'.repeat(100_001)}`],
    ['backslashes', `{"a": "${'\\'.repeat(100_001)}`],
  ])('%s', (_, text) => {
    expect(readText(text).problems).not.toEqual([]);
  });

  test.each([
    ['flags', '-e A=1 '.repeat(20_000)],
    ['words and flags', 'a -f '.repeat(20_000)],
    ['brackets', '$('.repeat(20_000)],
    ['quotes', '"'.repeat(20_001)],
    ['commas', `-i ${','.repeat(20_000)} x`],
    ['brackets of a constraint', `--constraints '${'('.repeat(20_000)}' x`],
  ])('a line of %s', (_, words) => {
    const { problems } = readCommandLine(sourceText('<command>', `bacalhau docker run ${words}`));
    expect(problems.length).toBeLessThanOrEqual(20_000);
  });
});

describe('one value of the wrong type', () => {
  const text = `
Type: Batch
Tasks:
  - Name: 7
    Engine: { Type: docker, Params: { Image: 'alpine:3.20' } }
`;

  test('hides no other value that is refused, and is not told as missing', () => {
    const kinds = readText(text).problems.map(({ kind, at }) => [kind, text.slice(at.span.start, at.span.end)]);
    expect(kinds).toEqual([
      ['bad-value', 'Batch'],
      ['wrong-type', '7'],
    ]);
  });
});

describe('what Bacalhau takes, although it is no clean JSON or YAML', () => {
  const json = JSON.stringify({
    Type: 'batch',
    Tasks: [{ Name: 'main', Engine: { Type: 'docker', Params: { Image: 'alpine:3.20' } } }],
  });

  test.each([
    ['a trailing comma', json.replace(/\}$/, ',}')],
    ['trailing commas inside', json.replace('}]', ',},]')],
    ['text behind the value', `${json}\nthe rest`],
    ['a second value', `${json}{"Type": "ops"}`],
    ['keys in lower case', json.replace(/"(Type|Tasks|Name|Engine|Params|Image)"/g, (key) => key.toLowerCase())],
    ['white space around it', `\r\n\t ${json} \r\n`],
    ['a comment', `# made by a tool\n${json}`],
  ])('%s', (_, text) => {
    const job = readText(text);
    expect(job.problems.filter(({ kind }) => kind !== 'extra-document')).toEqual([]);
    expect(job.task?.engine?.docker?.image?.value).toBe('alpine:3.20');
  });
});
