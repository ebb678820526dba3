import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/job/command-line.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { readJobSpec } from '../../src/job/read.js';
import { sourceText } from '../../src/text/source.js';

/** A task with some more lines, and a job with some in place of `Count`. */
function job(task: string, top = 'Count: 1'): string {
  const image = 'Params: { Image: "alpine:3.20", EnvironmentVariables: [A=b] }';
  return `Name: count\nType: batch\n${top}\nTasks:\n  - Name: main\n    Engine: { Type: docker, ${image} }\n    ${task}\n`;
}

function problemsOf({ problems, source }: JobSpec): string[] {
  return problems.map(({ kind, at }) => `${kind} ${source.text.slice(at.span.start, at.span.end)}`);
}

function specProblems(text: string, release: string): string[] {
  return problemsOf(readJobSpec(sourceText('job.yaml', text), { release }));
}

function lineProblems(flags: string, release: string): string[] {
  const line = `bacalhau docker run ${flags} alpine:3.20 -- true`;
  return problemsOf(readCommandLine(sourceText('<command>', line), { release }));
}

/** Each release is the first that reads the text otherwise than the one before. */
describe('specs', () => {
  const input = (target: string): string => `{ Target: ${target}, Source: { Type: ipfs, Params: { CID: Qm } } }`;

  test.each<[title: string, text: string, older: string, before: string[], newer: string, after: string[]]>([
    ['timeouts in total', job('Timeouts: { TotalTimeout: 9 }'), '1.3.1', ['ignored-key TotalTimeout'], '1.3.2', []],
    ['timeouts in the queue', job('Timeouts: { QueueTimeout: 9 }'), '1.3.1', ['ignored-key QueueTimeout'], '1.3.2', []],
    ['numbers as texts', job('Resources: { CPU: 1, Memory: 512m }'), '1.3.2', [], '1.4.0', ['wrong-type 1']],
    ['booleans as texts', job('Env: { A: yes }'), '1.3.2', ['ignored-key A'], '1.4.0', ['wrong-type yes']],
    ['lists where mappings belong', job('Env: [A]'), '1.3.2', ['wrong-type [A]'], '1.4.0', ['wrong-type [A]']],
    ['keys at the top', job('', 'Count: 1\nOwner: me'), '1.3.2', ['ignored-key Owner'], '1.4.0', ['unknown-key Owner']],
    ['keys that Bacalhau sets', job('', 'Count: 1\nID: ""'), '1.3.2', [], '1.4.0', ['system-key ID']],
    [
      'two inputs at one place',
      job(`InputSources: [${input('/a')}, ${input('/a')}]`),
      '1.4.0',
      [],
      '1.5.0',
      ['duplicate-value /a'],
    ],
    [
      'two results of one name',
      job('ResultPaths: [{Name: a, Path: /a}, {Name: a, Path: /b}]'),
      '1.4.0',
      [],
      '1.5.0',
      ['duplicate-value a'],
    ],
    ['relative results', job('ResultPaths: [{Name: a, Path: out}]'), '1.5.0', [], '1.5.1', ['bad-value out']],
    ['variables of the task', job('Env: { A: b }'), '1.6.0', ['ignored-key A'], '1.6.1', []],
    [
      'shares of S3 inputs',
      job('InputSources: [{ Target: /a, Source: { Type: s3, Params: { Bucket: b, Partition: { Type: object } } } }]'),
      '1.6.0',
      ['ignored-key Partition'],
      '1.6.1',
      [],
    ],
    [
      'a share of no known kind',
      job('InputSources: [{ Target: /a, Source: { Type: s3, Params: { Bucket: b, Partition: { Type: row } } } }]'),
      '1.6.0',
      ['ignored-key Partition'],
      '1.6.1',
      ['source-params row'],
    ],
    ['names of variables', job('Env: { a: b }'), '1.6.1', [], '1.6.4', ['bad-value a']],
    ['empty variables', job('Env: { A: "" }'), '1.6.1', [], '1.6.4', ['bad-value A']],
    ['variables of the node', job('Env: { A: "env:TOKEN" }'), '1.6.1', ['bad-value env:TOKEN'], '1.6.4', []],
    ['network mode Host', job('Network: { Type: Host }'), '1.6.1', ['bad-value Host'], '1.6.4', []],
    ['network mode Bridge', job('Network: { Type: bridge }'), '1.6.1', ['bad-value bridge'], '1.6.4', []],
    [
      'domains without HTTP',
      job('Network: { Type: Full, Domains: [example.org] }'),
      '1.6.1',
      [],
      '1.6.4',
      ['bad-value Full'],
    ],
    [
      'ports',
      job('Network: { Type: Full, Ports: [{ Name: web, Static: 80 }] }'),
      '1.6.1',
      ['ignored-key Ports'],
      '1.6.4',
      ['bad-value 80'],
    ],
    [
      'the encoding of results',
      job('Publisher: { Type: s3, Params: { Bucket: b, Key: k, Encoding: zip } }'),
      '1.6.1',
      ['ignored-key Encoding'],
      '1.6.4',
      ['publisher-params zip'],
    ],
    ['a job without Count', job('', ''), '1.6.4', ['missing-field N'], '1.6.5', []],
    ['ops jobs with Count', job('', 'Count: 3').replace('batch', 'ops'), '1.6.4', [], '1.6.5', ['bad-value 3']],
    ['network mode Default', job('Network: { Type: Default }'), '1.6.5', ['bad-value Default'], '1.7.0', []],
    [
      'local folders that are made',
      job('InputSources: [{ Target: /a, Source: { Type: local, Params: { SourcePath: /a, CreateAs: file } } }]'),
      '1.7.0',
      ['ignored-key CreateAs'],
      '1.8.0',
      [],
    ],
  ])('%s', (_, text, older, before, newer, after) => {
    expect({ [older]: specProblems(text, older), [newer]: specProblems(text, newer) }).toEqual({
      [older]: before,
      [newer]: after,
    });
  });

  test('an older format is read up to 1.3', () => {
    const text = 'APIVersion: V1beta2\nSpec: { EngineSpec: { Type: docker } }\n';
    const read = (release: string) => readJobSpec(sourceText('job.yaml', text), { release }).problems;
    expect(read('1.3.2')).toMatchObject([{ kind: 'legacy-format', severity: 'info' }]);
    expect(read('1.4.0')).toMatchObject([{ kind: 'legacy-format' }]);
    expect(read('1.4.0')[0]?.severity).toBeUndefined();
  });
});

describe('lines', () => {
  test.each<[flags: string, older: string, before: string[], newer: string, after: string[]]>([
    ['--queue-timeout 5', '1.3.1', ['command-line --queue-timeout'], '1.3.2', []],
    ['-c gpu=true', '1.4.0', [], '1.5.0', ['command-line gpu=true']],
    ['-c WebUI.Enabled=true', '1.4.0', [], '1.5.0', []],
    ['-o a:out -p local', '1.5.0', [], '1.5.1', ['bad-value out']],
    ['-e a=b', '1.6.1', [], '1.6.4', ['bad-value a']],
    ['-e A=b', '1.6.0', [], '1.6.1', []],
    ['--network bridge', '1.6.1', ['bad-value bridge'], '1.6.4', []],
    ['--network full --domain example.org', '1.6.1', [], '1.6.4', ['bad-value full']],
    ['--network default', '1.6.5', ['bad-value default'], '1.7.0', []],
    ['-p s3managed', '1.7.0', ['command-line s3managed'], '1.8.0', []],
    ['--profile work', '1.8.0', ['command-line --profile'], '1.9.0', []],
  ])('%s', (flags, older, before, newer, after) => {
    expect({ [older]: lineProblems(flags, older), [newer]: lineProblems(flags, newer) }).toEqual({
      [older]: before,
      [newer]: after,
    });
  });
});
