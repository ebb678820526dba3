import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../kit/cli.js';
import { GOOD } from '../kit/hostile-registry.js';
import { image, layoutFiles, savedFiles, tarOf, writeFiles } from '../kit/images.js';

// The JSON of real runs fits the schema in the package, and has no field that the schema does not describe.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schema-'));
  await writeFiles(join(folder, 'layout'), layoutFiles({ v1: GOOD }));
  const files: Record<string, string | Buffer> = {
    'image.tar': tarOf(savedFiles({ 'app:1': image({ platform: 'linux/arm64' }) })),
    'good.yaml':
      'Name: a\nType: batch\nCount: 1\nTasks:\n  - Name: main\n    Engine: { Type: docker, Params: { Image: "a/b:1", Parameters: [ls] } }\n',
    'bad.yaml':
      'Name: a\nName: b\ntype: batch\nCont: 1\nTasks:\n  - Name: main\n    Engine: { Type: Docker, Params: { image: ubuntu, Parameters: "curl -sO http://example.com/x" } }\n    InputSources:\n      - { Target: /inputs, Source: { Type: ipfs, Params: { CID: QmeZRGhe4PmjctYVSVHuEiA9oSXnqmYa4kQubSHgWbjv72/a } } }\n    ResultPaths: [{ Name: outputs, Path: /outputs }]\n    Network: { Type: HTTP, Domains: ["https://a.b/c"] }\n',
    'template.yaml':
      'Name: "{{.name}}"\nType: batch\nTasks: [{ Name: a, Engine: { Type: docker, Params: { Image: "{{.image}}" } } }]\n',
    'broken.yaml': 'Type: batch\nTasks:\n\t- x\n',
    'empty.json': '',
    Dockerfile: "FROM --platform=linux/arm64 alpine\nENTRYPOINT ['python', 'main.py']\nFOO bar\n",
    'lines.txt':
      '# two\nbacalhau docker run ubuntu echo hi\nbacalhau docker run -i ipfs://x -p s3://b --foo ubuntu -- ls /inputs\n',
    'notes.txt': 'hello\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['a job with nothing wrong', ['good.yaml'], 0],
  ['findings, with fixes', ['bad.yaml'], 1],
  ['a variable without a value', ['template.yaml'], 0],
  ['texts that cannot be parsed', ['broken.yaml', '--as', 'job', 'empty.json'], 1],
  ['a Dockerfile', ['Dockerfile'], 1],
  ['a command', ['--command', 'bacalhau docker run --gpu 1 -i ipfs://QmX/a ubuntu -- nvidia-smi'], 1],
  ['a file of commands', ['--commands', 'lines.txt'], 1],
  ['an archive', ['--image', 'docker-archive:image.tar'], 1],
  ['a layout', ['--image', 'oci:layout:v1'], 0],
  ['a job with an image in a file', ['good.yaml', '--image', 'docker-archive:image.tar'], 1],
  ['an image in a registry', ['--image', 'registry.example/app:1'], 0],
  ['a place without an image', ['--image', 'oci:nothing'], 2],
  ['a folder', ['.'], 1],
  ['an old release on another platform', ['good.yaml', '--target', '1.3', '--platform', 'linux/arm64'], 0],
  ['nothing that can be checked', ['notes.txt', 'nothing.yaml'], 2],
] as const)('%s', async (_, args, code) => {
  const result = await runCli(['check', '--offline', '--format', 'json', ...args], { cwd: folder });
  const report: unknown = JSON.parse(result.stdout);
  const schema = closed(JSON.parse(await readFile('src/report/report-1.schema.json', 'utf8')));
  const ajv = new Ajv2020({ allErrors: true });
  ajv.validate(schema, report);
  expect(ajv.errors ?? []).toEqual([]);
  expect(result.code).toBe(code);
});

/** A schema of the same documents, which takes no property that it does not name. */
function closed(schema: unknown): object {
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
  const close = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(close);
    if (!isObject(value)) return value;
    const inner = Object.entries(value).map(([key, part]) => [key, close(part)] as const);
    const isClosed = 'type' in value && value.type === 'object' && 'properties' in value;
    return { ...Object.fromEntries(inner), ...(isClosed ? { additionalProperties: false } : {}) };
  };
  const result = close(schema);
  if (!isObject(result)) throw new Error('the schema is no object');
  return result;
}
