import { describe, expect, test } from '@jest/globals';
import rules from '../../rules/index.js';
import deprecatedMode from '../../rules/network/deprecated-mode.js';
import type { Rule } from '../../src/check/rule.js';
import { splice } from '../../src/fix/splice.js';
import type { Finding } from '../../src/check/finding.js';
import { replaceValue } from '../../src/text/replace.js';
import { sourceText } from '../../src/text/source.js';
import { mendText } from '../kit/mend.js';

const JOB = `Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1 } }
    Resources:
      CPU: 1 # one core
      Memory: 512Mb
    Network:
      Type: Full
`;
const MENDED = JOB.replace('CPU: 1', 'CPU: "1"').replace('Full', 'Host');

describe('what stands around a fix stays as it is', () => {
  test.each([
    ['LF', (text: string) => text],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['tabs between values', (text: string) => text.replace('{ Type', '{\tType').replace('CPU: ', 'CPU:\t')],
    ['characters beyond the basic plane', (text: string) => `# \u{1f600}\n${text}`],
    ['no line end', (text: string) => text.trimEnd()],
    ['a second document', (text: string) => `${text}---\nType: Full\n`],
  ])('%s', async (_name, change) => {
    const { after, left } = await mendText(change(JOB), { rules });
    expect(after.source.text).toBe(change(MENDED));
    expect(left).toEqual([]);
  });

  test('JSON keeps its indentation and order', async () => {
    const json = `{\n\t"Type" : "Batch",\n   "Name":"a", "Tasks": [ {"Name": "main", "Engine": {"Type": "docker", "Params": {"Image": "acme/count:1", "Parameters": [1]}}} ]\n}`;
    const { after } = await mendText(json, { rules });
    expect(after.source.text).toBe(json.replace('Batch', 'batch').replace('[1]', '["1"]'));
  });

  test('a block of text stays, whatever it holds', async () => {
    const text = JOB.replace(
      '{ Type: docker, Params: { Image: acme/count:1 } }',
      '\n      Type: docker\n      Params:\n        Image: acme/count:1\n        Parameters:\n          - |\n            Type: Full\n            CPU: 1\n',
    );
    const { after } = await mendText(text, { rules });
    expect(after.source.text).toBe(
      text.replace('CPU: 1 #', 'CPU: "1" #').replace('Network:\n      Type: Full', 'Network:\n      Type: Host'),
    );
  });
});

describe('what nobody writes', () => {
  test('thousands of findings in one file are all mended', async () => {
    const text = `${JOB}    Env:\n${Array.from({ length: 2000 }, (_one, index) => `      V${index}: ${index}\n`).join('')}`;
    const { after, left } = await mendText(text, { rules });
    expect(left).toEqual([]);
    expect(after.source.text).toBe(text.replace(/: (\d+)\b/g, ': "$1"').replace('Full', 'Host'));
  });

  test('a comment behind a list of a Dockerfile gets a line of its own', async () => {
    const text = "FROM alpine:3.20\r\nENTRYPOINT ['sh'] # the shell\r\n";
    const { after } = await mendText(text, { rules, kind: 'dockerfile' });
    expect(after.source.text).toBe('FROM alpine:3.20\r\n# the shell\r\nENTRYPOINT ["sh"]\r\n');
  });

  test('what stands behind a list of a Dockerfile and is no comment is not thrown away', async () => {
    const text = 'FROM alpine:3.20\nCMD ["sh"] && echo done\n';
    expect((await mendText(text, { rules, kind: 'dockerfile' })).after.source.text).toBe(text);
  });

  test('a template in what would be moved stays where it is', async () => {
    const text = JOB.replace('    Network:\n      Type: Full\n', 'Network:\n  Type: {{ .mode }}\n');
    const { after, left } = await mendText(text, { rules, variables: new Map([['mode', 'None']]) });
    expect(after.source.text).toBe(text.replace('CPU: 1', 'CPU: "1"'));
    expect(left.map(({ reason }) => reason)).toEqual(['a template stands there']);
  });

  test.each([
    ['an alias', 'Network: *net\n'],
    ['a key that stands twice', 'Network: { Type: Host }\nnetwork: { Type: None }\n'],
    ['a block that keeps its line breaks', 'Env:\n  A: |+\n    x\n\n'],
    ['a key that the task has', 'Resources: { CPU: "2" }\n'],
  ])('%s is told and not moved', async (_name, added) => {
    const text = `${MENDED.replace('Tasks:', 'Labels: &net { Type: "None" }\nTasks:').replace(/ {4}Network:\n.*\n/, '')}${added}`;
    const { first, after } = await mendText(text, { rules });
    expect(first.findings.map(({ rule }) => rule)).toContain('job/unknown-key');
    expect(after.source.text).toBe(text);
  });
});

describe('what is left alone', () => {
  test('a value that an alias repeats', async () => {
    const text = JOB.replace('CPU: 1 #', 'CPU: &one 1 #').replace('Memory: 512Mb', 'GPU: *one');
    const { after, left } = await mendText(text, { rules });
    expect(after.source.text).toBe(text.replace('Full', 'Host'));
    expect(left.map(({ reason }) => reason)).toContain('*one repeats it elsewhere in the file');
  });

  test('a mapping that an alias repeats', async () => {
    const text = JOB.replace('    Network:\n', '    Network: &net\n')
      .concat('    Meta: { a: b }\n')
      .concat('  - Name: other\n    Network: *net\n');
    const { after, left } = await mendText(text, { rules });
    expect(after.source.text).toBe(text.replace('CPU: 1', 'CPU: "1"'));
    expect(left).toHaveLength(1);
  });

  test('a template action', async () => {
    const text = JOB.replace('Full', '{{ .mode }}').replace('CPU: 1', 'CPU: {{ .cpu }}');
    const { after } = await mendText(text, {
      rules,
      variables: new Map([
        ['mode', 'Full'],
        ['cpu', '1'],
      ]),
    });
    expect(after.source.text).toBe(text);
  });

  test('a misspelt key beside the right one: there would be two', async () => {
    const text = JOB.replace('    Network:', '    Netwrok:\n      Type: None\n    Network:');
    const { after } = await mendText(text, { rules });
    expect(after.source.text).toBe(text.replace('CPU: 1', 'CPU: "1"').replace('Full', 'Host'));
  });

  test('a key that Bacalhau ignores is not mended by --fix, since the job would be another then', async () => {
    const text = MENDED.replace('      Memory: 512Mb', '      Memry: 1Gb');
    expect((await mendText(text, { rules })).after.source.text).toBe(text);
    expect((await mendText(text, { rules, unsafe: true })).after.source.text).toBe(text.replace('Memry', 'Memory'));
  });

  test('what a rule takes for safe, when the job would be refused with it', async () => {
    const wrong: Rule = {
      ...deprecatedMode,
      id: 'team/wrong',
      *check({ source, job }) {
        if (job?.type?.value !== 'batch') return;
        const edits = [replaceValue(source, job.type, 'Batch')];
        yield { at: job.type, message: 'Wrong.', fix: { title: 'Write Batch', safe: true, edits } };
      },
    };
    const others = rules.filter(({ id }) => id === 'job/bad-value');
    const { after, left } = await mendText(MENDED, { rules: [wrong, ...others] });
    expect(after.source.text).toBe(MENDED);
    expect(left[0]?.reason).toMatch(/would be refused/);
  });
});

function finding(rule: string, edits: readonly [number, number, string][], path = 'a'): Finding {
  const fix = { title: rule, safe: true, edits: edits.map(([start, end, text]) => ({ path, start, end, text })) };
  const at = { span: { start: 0, end: 1 } };
  return { rule, severity: 'error', confidence: 'high', stage: 'node', message: '', remedy: '', at, related: [], fix };
}

describe('fixes that meet', () => {
  const source = sourceText('a', '0123456789');
  const rulesOf = (found: readonly { rule: string }[]): string[] => found.map(({ rule }) => rule);

  test('two findings with one edit are both mended by it', () => {
    const { text, applied } = splice(source, [finding('a', [[1, 2, 'x']]), finding('b', [[1, 2, 'x']])], []);
    expect({ text, applied: rulesOf(applied) }).toEqual({ text: '0x23456789', applied: ['a', 'b'] });
  });

  test('of two that overlap the first counts, and the second is left whole', () => {
    const { text, applied, left } = splice(
      source,
      [
        finding('a', [[1, 3, 'x']]),
        finding('b', [
          [8, 9, 'y'],
          [2, 4, 'z'],
        ]),
      ],
      [],
    );
    expect({ text, applied: rulesOf(applied) }).toEqual({ text: '0x3456789', applied: ['a'] });
    expect(left.map(({ finding: { rule }, reason }) => [rule, reason])).toEqual([
      ['b', 'another fix changes the same text'],
    ]);
  });

  test('neighbours do not meet; an insertion at the edge of an edit does', () => {
    expect(splice(source, [finding('a', [[1, 2, 'x']]), finding('b', [[2, 3, 'y']])], []).text).toBe('0xy3456789');
    expect(splice(source, [finding('a', [[1, 1, 'x']]), finding('b', [[1, 1, 'y']])], []).text).toBe('0x123456789');
    expect(splice(source, [finding('a', [[1, 2, 'x']]), finding('b', [[2, 2, 'y']])], []).text).toBe('0x23456789');
    expect(splice(source, [finding('a', [[2, 2, 'x']]), finding('b', [[1, 2, 'y']])], []).text).toBe('01x23456789');
  });

  test('an edit of another file, or outside of the text, is no edit of this one', () => {
    const { text, left } = splice(source, [finding('a', [[1, 2, 'x']], 'b'), finding('b', [[9, 11, 'x']])], []);
    expect({ text, left: left.length }).toEqual({ text: '0123456789', left: 2 });
  });
});
