import { expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/job/command-line.js';
import { readJobSpec } from '../../src/job/read.js';
import { isLeftOut } from '../../src/job/refused.js';
import { sourceText } from '../../src/text/source.js';

function spec(task: string): string {
  return `Name: a\nType: batch\nTasks:\n  - Name: main\n    Engine: { Type: docker, Params: { Image: alpine:3.20 } }\n    ${task}\n`;
}

test.each([
  ['Publisher: local', true],
  ['publisher: [local]', true],
  ['Publisher: { Type: local }', false],
  ['Publisher: { Type: 1 }', true],
  ['ResultPaths: /outputs', false],
  ['Resources: { CPU: 1 }', false],
  ['Meta: {}', false],
])('%s', (task, expected) => {
  expect(isLeftOut(readJobSpec(sourceText('job.yaml', spec(task))), 'Publisher')).toBe(expected);
});

test.each([
  ['-p noop -o outputs:/outputs alpine:3.20', true],
  ['-i /data alpine:3.20', true],
  ['-o outputs:/outputs alpine:3.20', false],
  ['alpine:3.20 ls -la', false],
])('a line: %s', (line, expected) => {
  const job = readCommandLine(sourceText('<command>', `bacalhau docker run ${line}`));
  expect(isLeftOut(job, 'Publisher')).toBe(expected);
});
