import { expect, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { leavesOf } from '../../src/dryrun/lost-files.js';
import { readResults } from '../../src/dryrun/results.js';
import { tarEnd, tarHeader } from '../../src/dryrun/tar-header.js';

const { signal } = new AbortController();
const entry = (name: string, size: number): Buffer => tarHeader({ name, type: 'file', mode: 0o644, mtime: 0, size });

test('a file beyond the limit ends the reading, although its content never ends', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    yield tarHeader({ name: 'o/', type: 'folder', mode: 0o755, mtime: 0 });
    yield entry('o/huge', 1e12);
    for (;;) yield await Promise.resolve(Buffer.alloc(65536));
  }
  const read = await readResults(Readable.from(endless()), { mostBytes: 1000, signal });
  expect(read).toEqual({ files: [], dropped: [], cut: true });
});

test('folders without number end it too', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    for (let i = 0; ; i++) {
      yield await Promise.resolve(tarHeader({ name: `o/${String(i)}/`, type: 'folder', mode: 0o755, mtime: 0 }));
    }
  }
  expect((await readResults(Readable.from(endless()), { mostBytes: 1000, signal })).cut).toBe(true);
});

test('a reader that is stopped ends it', async () => {
  const controller = new AbortController();
  async function* endless(): AsyncGenerator<Buffer> {
    yield entry('o/huge', 1e12);
    for (;;) {
      yield await Promise.resolve(Buffer.alloc(65536));
      controller.abort();
    }
  }
  const reading = readResults(Readable.from(endless()), { mostBytes: 2e12, signal: controller.signal });
  await expect(reading).rejects.toThrow('aborted');
});

test('names that look alike are told apart, and stay short however many there are', async () => {
  const alike = Buffer.concat(Array.from({ length: 1000 }, () => entry('o/bad\ufffd', 0)));
  const tar = Readable.from([alike, entry('o/bad\ufffd~1001', 0), tarEnd()], { objectMode: false });
  const { files, cut } = await readResults(tar, { mostBytes: 1000, signal });
  const paths = new Set(files.map(({ path }) => path));
  expect({ cut, count: paths.size }).toEqual({ cut: false, count: 1001 });
  expect([...paths].filter((path) => path.length > 'bad\ufffd~1001~2'.length)).toEqual([]);
});

test('of what was left, folders that hold something are not told', () => {
  expect(leavesOf(['/a', '/a/b', '/a/b/c', '/ab', '/d'])).toEqual(['/a/b/c', '/ab', '/d']);
  const many = ['/x', ...Array.from({ length: 300_000 }, (_, i) => `/x/${String(i)}`)];
  expect(leavesOf(many)).toHaveLength(300_000);
});
