import { expect, test } from '@jest/globals';
import { meantFolder } from '../../src/workload/result-folder.js';
import type { EffectiveCommand, PathUse } from '../../src/workload/workload.js';

function use(path: string, text: string): PathUse {
  return { path, word: { text, known: true, origin: 'exec', from: 'subject' }, origin: 'exec', by: 'cp', guess: false };
}

function command(workingDir?: string): EffectiveCommand {
  return {
    words: [],
    complete: true,
    entrypoint: 'job',
    arguments: 'none',
    ...(workingDir === undefined ? {} : { workingDir }),
  };
}

test.each([
  ['/outputs/a', '/outputs/a', '/app', { path: '/outputs', certain: true }],
  ['/results/a/b', '/results/a/b', undefined, { path: '/results', certain: true }],
  ['/outputs/a', '../outputs/a', '/app', { path: '/outputs', certain: true }],
  ['/outputs/a', '../outputs/a', undefined, { path: '/outputs', certain: false, written: '../outputs/a' }],
  ['/outputs/a', 'of=../outputs/a', undefined, { path: '/outputs', certain: false, written: '../outputs/a' }],
  ['/app/outputs/a', './outputs/a', '/app', { path: '/app/outputs', certain: true, written: './outputs/a' }],
  ['/app/a', 'a', '/app', undefined],
  ['/data/outputs/a', '/data/outputs/a', '/app', undefined],
])('%s, written %s, from %s', (path, text, workingDir, expected) => {
  expect(meantFolder(use(path, text), command(workingDir))).toEqual(expected);
});
