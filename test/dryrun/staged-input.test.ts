import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageLocal, type NodeLayout } from '../../src/dryrun/local-input.js';
import { CannotStage, type StagedEntry, type StagedInput } from '../../src/dryrun/staged-input.js';
import { tarHeader } from '../../src/dryrun/tar-header.js';
import { unpacked } from '../kit/stage.js';

const S3: NodeLayout = { shape: 'folder', folderMode: 0o700, modes: { file: 0o644, folder: 0o755 } };
const URL_FILE: NodeLayout = {
  shape: 'file-inside',
  fileName: 'a.csv',
  folderMode: 0o755,
  modes: { file: 0o644, folder: 0o755 },
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staged-'));
  await mkdir(join(folder, 'in', 'sub'), { recursive: true });
  await mkdir(join(folder, 'one'));
  await writeFile(join(folder, 'in', 'a.txt'), 'hello', { mode: 0o600 });
  await writeFile(join(folder, 'in', 'sub', 'b.txt'), '');
  await writeFile(join(folder, 'one', 'only.csv'), '1,2\n');
  await symlink('/etc/passwd', join(folder, 'in', 'link'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function input(entries: readonly StagedEntry[]): StagedInput {
  return {
    description: 'test',
    shape: 'folder',
    folderMode: 0o755,
    entries: async function* () {
      for (const entry of entries) yield await Promise.resolve(entry);
    },
  };
}

function file(path: string, size: number, content: string): StagedEntry {
  return { kind: 'file', path, mode: 0o644, size, open: () => bytesOf(content) };
}
async function* bytesOf(content: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(content));
}

describe('a local folder in place of a source', () => {
  test('has the owner and modes of a node, and links stay links', async () => {
    const staged = await stageLocal(join(folder, 'in'), S3);
    expect(staged.total).toEqual({ files: 2, bytes: 5 });
    expect(await unpacked(staged)).toEqual([
      'directory 700 0:0 in/',
      'file 644 0:0 in/a.txt "hello"',
      'symlink 777 0:0 in/link /etc/passwd',
      'directory 755 0:0 in/sub/',
      'file 644 0:0 in/sub/b.txt ""',
    ]);
  });

  test('keeps its own modes where the source is a local path', async () => {
    const staged = await stageLocal(join(folder, 'in'), { shape: 'unknown', folderMode: 0o755 });
    expect(await unpacked(staged)).toContain('file 600 0:0 in/a.txt "hello"');
  });

  test('stands for a URL only when it holds one file, which gets the name of the URL', async () => {
    const staged = await stageLocal(join(folder, 'one'), URL_FILE);
    expect(staged.shape).toBe('file-inside');
    expect(await unpacked(staged)).toEqual(['directory 755 0:0 in/', 'file 644 0:0 in/a.csv "1,2\\n"']);
    await expect(stageLocal(join(folder, 'in'), URL_FILE)).rejects.toThrow('this input is one file; name the file');
  });

  test('a file is the Target itself, or lies in it, as the source decides', async () => {
    const path = join(folder, 'one', 'only.csv');
    expect((await stageLocal(path, { shape: 'unknown', folderMode: 0o755 })).shape).toBe('file');
    const staged = await stageLocal(path, S3);
    expect(staged.shape).toBe('folder');
    expect(await unpacked(staged)).toContain('file 644 0:0 in/only.csv "1,2\\n"');
  });

  test('that is not there is told in one line', async () => {
    await expect(stageLocal(join(folder, 'nothing'), S3)).rejects.toThrow(CannotStage);
  });
});

describe('what a fetcher may get wrong', () => {
  test.each(['../escape', '/etc/passwd', 'a//b', './a', 'a/..', ''])('the path %j', async (path) => {
    await expect(unpacked(input([file(path, 1, 'x')]))).rejects.toThrow('which is not taken');
  });

  test.each([
    ['fewer', 5, 'a ended after 3 of 5 bytes'],
    ['more', 1, 'a has more than the 1 bytes'],
  ])('%s bytes than announced', async (_, size, message) => {
    await expect(unpacked(input([file('a', size, 'abc')]))).rejects.toThrow(message);
  });

  test('nothing is read after the run was stopped', async () => {
    const controller = new AbortController();
    controller.abort(new Error('stopped'));
    await expect(unpacked(input([file('a', 1, 'x')]), controller.signal)).rejects.toThrow('stopped');
  });
});

test('sizes beyond the old field, and names in any language', () => {
  const header = tarHeader({ name: 'データ/é', type: 'file', mode: 0o644, mtime: 0, size: 2 ** 33 });
  expect(header.toString('utf8')).toContain(
    '20 path=データ/é\n'.replace('20', String(Buffer.byteLength('20 path=データ/é\n'))),
  );
  expect(header.toString('utf8')).toContain('19 size=8589934592\n');
});

test('long names and many files pass', async () => {
  const entries = Array.from({ length: 300 }, (_, i) =>
    file(`${'n'.repeat(150)}/${'m'.repeat(90)}-${String(i)}`, 1, 'x'),
  );
  expect(await unpacked(input(entries))).toHaveLength(301);
});
