import { describe, expect, test } from '@jest/globals';
import { readJobSpec } from '../../src/job/read.js';
import { sourceText } from '../../src/text/source.js';

function problems(task: string): { message: string; replacement: string | undefined; stage: string | undefined }[] {
  const text = `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    ${task}
`;
  return readJobSpec(sourceText('job.yaml', text)).problems.map(({ message, replacement, stage }) => ({
    message,
    replacement,
    stage,
  }));
}

describe('a key is mended only where Bacalhau takes the job with it', () => {
  test.each([
    ['Publisher: { Type: local }\n    outputs: [{ Name: a, Path: /a }]', 'ResultPaths'],
    ['outputs: [{ Name: a, Path: /a }]', undefined],
    ['Timeout: { ExecutionTimeout: 60 }', 'Timeouts'],
    ['Timeout: 60', undefined],
    ['Environment: { A: b }', 'Env'],
    ['Environment: [A=b]', undefined],
    ['Resource: { CPU: "1" }', 'Resources'],
  ])('%s', (task, replacement) => {
    expect(problems(task)).toMatchObject([{ replacement }]);
  });
});

test.each([
  ['Command: [ls]', 'Entrypoint and Parameters'],
  ['Volumes: [/a:/b]', 'InputSources'],
  ['annotations: [a]', 'Labels'],
  ['Publisher: { Type: ipfs, Params: { CID: x } }', 'has no parameters'],
])('%s says what a job has instead', (task, way) => {
  expect(problems(task)).toMatchObject([{ message: expect.stringContaining(way) }]);
});

test('a local source without its path is refused by nodes', () => {
  const input = 'InputSources: [{ Target: /in, Source: { Type: local, Params: { Path: /srv } } }]';
  expect(problems(input)).toMatchObject([{ stage: 'node', replacement: 'SourcePath' }]);
});
