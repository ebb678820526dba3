import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gather, type Gathered, type GatherOptions } from '../../src/check/gather.js';

const JOB = 'Name: a\nType: batch\nTasks:\n  - Name: main\n    Engine: { Type: docker, Params: { Image: a } }\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gather-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function gatherFrom(paths: readonly string[], options: Partial<GatherOptions> = {}): Promise<Gathered> {
  const named = paths.map((path) => (path === '-' ? path : join(folder, path)));
  return gather(named, { readStdin: () => Promise.resolve(Buffer.from(JOB)), ...options });
}

/** Nothing is unreadable to root, so that root does this as another user. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return run();
  await chmod(folder, 0o755);
  process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

/** Paths that were taken, without the folder; a Dockerfile with `!` before it. */
async function taken(...paths: readonly string[]): Promise<readonly string[]> {
  const { inputs, problems } = await gatherFrom(paths);
  expect(problems).toEqual([]);
  return inputs.map(({ kind, source }) => (kind === 'dockerfile' ? '!' : '') + source.path.slice(folder.length + 1));
}

describe('a folder', () => {
  test('tells of a job spec that is too large to read, and passes other large files over', async () => {
    const large = 'x'.repeat(1024 * 1024);
    await write({ 'data.json': `{"rows": ["${large}"]}`, 'inline.yaml': `${JOB}# ${large}`, 'ok.yaml': JOB });
    const { inputs, problems } = await gatherFrom(['.']);
    expect(inputs.map(({ source }) => source.path.slice(folder.length + 1))).toEqual(['ok.yaml']);
    expect(problems.map(({ message }) => message.slice(folder.length + 1))).toEqual([
      'inline.yaml begins like a job spec and is larger than 1 MB; it was not read',
    ]);
  });

  test('gives job specs and Dockerfiles, in order of names, and counts what it saw', async () => {
    await write({
      'b.yaml': JOB,
      'a/job.json': '{"Type": "batch", "Tasks": [{"Engine": {}}]}',
      'a/Dockerfile': '',
      'a/gpu.dockerfile': 'FROM a\n',
      'README.md': JOB,
      script: 'FROM a\n',
    });
    expect(await taken('.')).toEqual(['!a/Dockerfile', '!a/gpu.dockerfile', 'a/job.json', 'b.yaml']);
    expect(await gatherFrom(['a', 'b.yaml'])).toMatchObject({ seen: 3, taken: 3 });
    expect(await gatherFrom(['.'])).toMatchObject({ seen: 6, taken: 4 });
    expect(await gatherFrom(['b.yaml'])).toMatchObject({ seen: 0, taken: 0 });
  });

  test.each([
    ['kubernetes', 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\nspec:\n  template: {}\n'],
    ['compose', 'services:\n  web:\n    image: nginx\n'],
    ['a workflow', 'on: push\njobs:\n  test:\n    steps: []\n'],
    ['a package', '{"name": "a", "scripts": {}}'],
    ['broken', '{{{{'],
    ['empty', ''],
    ['binary', `${JOB}\0`],
  ])('passes over %s files in silence', async (_, text) => {
    await write({ 'file.yaml': text, 'file.json': text });
    expect(await gatherFrom(['.'])).toEqual({ inputs: [], problems: [], seen: 2, taken: 0 });
  });

  test('takes a spec that does not parse', async () => {
    await write({ 'job.yaml': `${JOB}\t- : [` });
    expect(await taken('.')).toEqual(['job.yaml']);
  });

  test('of other people is not searched', async () => {
    const others = ['node_modules/a', '.git', '.hg', '.svn', 'a/node_modules'];
    await write(Object.fromEntries(others.map((path) => [`${path}/job.yaml`, JOB])));
    expect(await gatherFrom(['.'])).toMatchObject({ inputs: [], seen: 0 });
    expect(await taken('node_modules')).toEqual(['node_modules/a/job.yaml']);
  });

  test('is not left by links, and a link that is named is followed', async () => {
    await write({ 'real/job.yaml': JOB, 'search/own.yaml': JOB });
    await symlink(join(folder, 'real'), join(folder, 'search/folder'));
    await symlink(join(folder, 'real/job.yaml'), join(folder, 'search/link.yaml'));
    await symlink('.', join(folder, 'search/loop'));
    expect(await taken('search')).toEqual(['search/own.yaml']);
    expect(await taken('search/link.yaml', 'search/folder')).toEqual(['search/link.yaml', 'search/folder/job.yaml']);
  });

  test('that cannot be read is told, and so is a spec in it', async () => {
    await write({ 'closed/job.yaml': JOB, 'open/job.yaml': JOB, 'open/secret.yaml': JOB });
    await chmod(join(folder, 'closed'), 0);
    await chmod(join(folder, 'open/secret.yaml'), 0);
    const { inputs, problems } = await asNobody(() => gatherFrom(['.']));
    await chmod(join(folder, 'closed'), 0o700);
    expect(inputs).toHaveLength(1);
    expect(problems.map(({ message }) => message.replaceAll(folder, ''))).toEqual([
      'cannot read /closed: permission denied',
      'cannot read /open/secret.yaml: permission denied',
    ]);
  });
});

describe('.gitignore', () => {
  test('leaves out files and folders', async () => {
    await write({
      '.gitignore': '# ours\nbuild/\n*.gen.yaml\n/top.yaml\n!keep.gen.yaml\n',
      'build/job.yaml': JOB,
      'a/build/job.yaml': JOB,
      'job.gen.yaml': JOB,
      'keep.gen.yaml': JOB,
      'top.yaml': JOB,
      'a/top.yaml': JOB,
      'a/Build/job.yaml': JOB,
    });
    expect(await taken('.')).toEqual(['a/Build/job.yaml', 'a/top.yaml', 'keep.gen.yaml']);
  });

  test('of a folder below counts there, and has the last word', async () => {
    await write({
      '.gitignore': '*.yaml\n',
      'top.yaml': JOB,
      'a/.gitignore': '!job.yaml\nb/c\n',
      'a/job.yaml': JOB,
      'a/other.yaml': JOB,
      'a/b/c/job.yaml': JOB,
      'a/b/job.yaml': JOB,
      'b/c/Dockerfile': '',
    });
    expect(await taken('.')).toEqual(['a/b/job.yaml', 'a/job.yaml', '!b/c/Dockerfile']);
  });

  test('of the folders above counts as far as the repository goes', async () => {
    await write({
      '.gitignore': '*.yaml\n',
      'repository/.git/HEAD': '',
      'repository/.gitignore': 'jobs/gen/\n/x.yaml\n',
      'repository/jobs/gen/job.yaml': JOB,
      'repository/jobs/x.yaml': JOB,
    });
    expect(await taken('repository/jobs')).toEqual(['repository/jobs/x.yaml']);
    expect(await taken('repository/jobs/gen')).toEqual(['repository/jobs/gen/job.yaml']);
    expect(await taken('repository/jobs/gen/job.yaml')).toEqual(['repository/jobs/gen/job.yaml']);
  });

  test('that is a link, a folder or nonsense leaves out nothing', async () => {
    await write({
      'a/job.yaml': JOB,
      'b/job.yaml': JOB,
      'c/job.yaml': JOB,
      patterns: '*\n',
      'c/.gitignore': '[\n\\\n!\n/\n',
    });
    await symlink('../patterns', join(folder, 'a/.gitignore'));
    await mkdir(join(folder, 'b/.gitignore'));
    expect(await taken('.')).toEqual(['a/job.yaml', 'b/job.yaml', 'c/job.yaml']);
  });
});

describe('a named file', () => {
  test('is of the kind that --as says', async () => {
    await write({ x: 'FROM a\n' });
    expect((await gatherFrom(['x'])).inputs[0]?.kind).toBe('dockerfile');
    expect((await gatherFrom(['x'], { as: 'job' })).inputs[0]?.kind).toBe('job');
  });

  test('is taken as often as it is named, in the order given, with standard input among them', async () => {
    await write({ 'a.yaml': JOB, Dockerfile: '' });
    const { inputs } = await gatherFrom(['Dockerfile', '-', 'a.yaml', 'a.yaml']);
    expect(inputs.map(({ source }) => source.path.replace(`${folder}/`, ''))).toEqual([
      'Dockerfile',
      '-',
      'a.yaml',
      'a.yaml',
    ]);
  });

  test('that is unknown does not stop the others', async () => {
    await write({ 'a.yaml': JOB, notes: 'hello' });
    const { inputs, problems } = await gatherFrom(['notes', 'a.yaml', 'nothing']);
    expect(inputs).toHaveLength(1);
    expect(problems.map(({ path }) => path.slice(folder.length + 1))).toEqual(['notes', 'nothing']);
  });

  test.each([
    ['UTF-16', Buffer.from(`\ufeff${JOB}`, 'utf16le'), `\ufeff${JOB}`],
    ['a byte order mark', Buffer.from(`\ufeff${JOB}`), `\ufeff${JOB}`],
    [
      'a byte that is no UTF-8',
      Buffer.concat([Buffer.from(`${JOB}# \ufffd`), Buffer.of(0xfc)]),
      `${JOB}# \ufffd\udcfc`,
    ],
  ])('with %s keeps every character', async (_, bytes, text) => {
    await write({ 'a.yaml': bytes });
    expect((await gatherFrom(['a.yaml'])).inputs[0]?.source.text).toBe(text);
  });
});
