import { describe, expect, test } from '@jest/globals';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { readJobSpec } from '../../src/job/read.js';
import { sourceText } from '../../src/text/source.js';

function taskOf(inputs: string, results = '[]') {
  const text = `Type: batch\nTasks:\n  - Name: main\n    InputSources: ${inputs}\n    ResultPaths: ${results}\n`;
  return readJobSpec(sourceText('job.yaml', text)).task;
}

describe('inputMounts', () => {
  test.each([
    ['urlDownload', '{ URL: "https://h.example/d/a.csv?x=1" }', 'file-inside', '/in/a.csv'],
    ['urlDownload', '{ URL: "https://h.example/d/" }', 'file-inside', undefined],
    ['urlDownload', '{ URL: "https://h.example/{{.name}}" }', 'file-inside', undefined],
    ['s3', '{ Bucket: b, Key: d/a.csv }', 'folder', '/in/a.csv'],
    ['s3', '{ Bucket: b, Key: d/ }', 'folder', undefined],
    ['S3', '{ Bucket: b }', 'folder', undefined],
    ['ipfs', '{ CID: Qm }', 'unknown', undefined],
    ['inline', '{ URL: "data:text/plain,a" }', 'file', undefined],
    ['inline', '{ URL: "data:application/gzip;base64,AA" }', 'folder', undefined],
    ['git', '{}', 'unknown', undefined],
  ])('%s %s', (type, params, shape, file) => {
    const [mount] = inputMounts(taskOf(`[{ Target: /in/, Source: { Type: ${type}, Params: ${params} } }]`));
    expect(mount).toMatchObject({ kind: 'input', path: '/in', shape, writable: true });
    expect(mount?.file).toBe(file);
  });

  test('a local folder is read-only unless the job says otherwise', () => {
    const mounts = inputMounts(
      taskOf(`
      - { Target: /a, Source: { Type: local, Params: { SourcePath: /a } } }
      - { Target: /b, Source: { Type: localDirectory, Params: { SourcePath: /b, ReadWrite: true } } }
      - { Target: /c, Source: { Type: local, Params: { SourcePath: /c, ReadWrite: "true" } } }`),
    );
    expect(mounts.map(({ writable }) => writable)).toEqual([false, true, true]);
  });

  test('what has no place is left out', () => {
    const source = 'Source: { Type: ipfs, Params: { CID: Qm } }';
    const task = taskOf(`[{ ${source} }, { Target: data, ${source} }, { Target: "/in/{{.x}}", ${source} }]`);
    expect(inputMounts(task)).toEqual([]);
    expect(inputMounts(undefined)).toEqual([]);
  });
});

test('resultMounts are folders', () => {
  const [mount] = resultMounts(taskOf('[]', '[{ Name: out, Path: /a/../outputs/ }]'));
  expect(mount).toMatchObject({ kind: 'result', path: '/outputs', shape: 'folder', writable: true });
});
