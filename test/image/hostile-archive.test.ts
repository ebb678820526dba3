import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { streamSource } from '../../src/image/archive/byte-source.js';
import { readTar } from '../../src/image/archive/tar-entries.js';
import type { ImageFiles } from '../../src/image/facts.js';
import { openCollector } from '../../src/image/layers/collect.js';
import { readLayers } from '../../src/image/layers/read-layers.js';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { image, layerTar, layoutFiles, savedFiles, tarEntry, tarOf, withChecksum } from '../kit/images.js';

const app = image({ layers: [[{ path: 'app/run', mode: 0o755, content: '#!/bin/sh\n' }], [{ path: 'etc/motd' }]] });
const END = Buffer.alloc(1024);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(folder, `${String(count++)}.tar`);
  await writeFile(path, bytes);
  return path;
}

function lookAt(text: string, options: Partial<LookOptions> = {}): Promise<Look> {
  return lookAtImage(parseImageName(text), new Set(['image.config', 'image.files']), {
    platforms: ['linux/amd64'],
    offline: true,
    env: {},
    credentials: false,
    insecureRegistries: [],
    askFiles: () => ({ folders: ['/'], programs: [] }),
    ...options,
  });
}

/** Reads one plain layer. */
async function layer(bytes: Buffer | AsyncIterable<Buffer>, layersMs?: number): Promise<ImageFiles> {
  const source = streamSource(Buffer.isBuffer(bytes) ? pieces(bytes) : bytes);
  const store = {
    who: 'the test',
    oneByOne: true,
    readEach: (_: ReadonlySet<string>, visit: (key: string, content: typeof source) => Promise<void>): Promise<void> =>
      visit('x', source),
  };
  const about = { source: 'oci', platform: 'linux/amd64' } as const;
  return readLayers([{ key: 'x' }], store, { folders: ['/'], programs: [] }, about, { layersMs });
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 4000) yield await Promise.resolve(bytes.subarray(at, at + 4000));
}

describe('an archive that is cut off at every block', () => {
  const whole = tarOf(savedFiles({ 'app:1': app }));
  const layout = tarOf(layoutFiles({ '1': app }));
  const plain = layerTar([{ path: 'a', content: 'x'.repeat(1000) }, { path: 'b/c' }]);

  test.each([
    ['docker-archive', whole],
    ['oci-archive', layout],
  ])('%s has a reason, never a fact', async (kind, bytes) => {
    for (let length = 0; length < bytes.length - 1024; length += 512) {
      const { facts, problem } = await lookAt(`${kind}:${await fileOf(bytes.subarray(0, length))}`);
      expect(facts).toEqual({});
      expect(problem).toMatch(/the archive is cut off|it is no tar archive/);
    }
  });

  test('docker-archive compressed has a reason, never a fact', async () => {
    const bytes = gzipSync(whole);
    for (let length = 2; length < bytes.length; length += 64) {
      const { facts, problem } = await lookAt(`docker-archive:${await fileOf(bytes.subarray(0, length))}`);
      expect(facts).toEqual({});
      expect(problem).toMatch(/damaged or cut off|it is no tar archive/);
    }
  });

  test('a layer has a reason', async () => {
    for (let length = 512; length < plain.length - 1024; length += 512) {
      const atEntry = [1536, 2048].includes(length); // whole entries without an end are what some writers leave
      const read = layer(plain.subarray(0, length));
      if (atEntry) expect((await read).stat('/a')).toMatchObject({ kind: 'file' });
      else await expect(read).rejects.toThrow('the archive is cut off');
    }
    for (let length = 1; length < plain.length - 1024; length += 97) {
      if (length % 512 !== 0) await expect(layer(plain.subarray(0, length))).rejects.toThrow(/cut off|no tar archive/);
    }
  });
});

describe('names in a layer', () => {
  test('that are absolute or climb stay inside of the image', async () => {
    const files = await layer(
      layerTar([
        { path: '/etc/absolute' },
        { path: '../../../etc/climbing' },
        { path: 'a/../../b/./c//d' },
        { path: 'link', type: '2', link: '../../../../../../etc/absolute' },
        { path: 'hard', type: '1', link: '../../../../etc/climbing' },
      ]),
    );
    expect(files.below('/')?.paths.toSorted()).toEqual(['/b/c/d', '/etc/absolute', '/etc/climbing', '/hard', '/link']);
    expect(files.stat('/link')).toMatchObject({ kind: 'file', path: '/etc/absolute' });
    expect(files.stat('/../../etc/absolute')).toMatchObject({ kind: 'file', path: '/etc/absolute' });
  });

  test('that come again count as the last one does', async () => {
    const files = await layer(
      layerTar([
        { path: 'a', mode: 0o755, content: '#!/bin/sh\n' },
        { path: './a', type: '5' },
        { path: 'a', type: '2', link: 'a' },
      ]),
    );
    expect(files.stat('/a')).toEqual({ kind: 'absent' });
  });

  test('of a megabyte, of nothing, and with a NUL are survived', async () => {
    const long = tarEntry('././@LongLink', Buffer.from(`${'x/'.repeat(400_000)}\0`), 'L');
    const bytes = Buffer.concat([
      ...long,
      ...tarEntry('short', Buffer.alloc(0)),
      ...tarEntry('', Buffer.alloc(0)),
      ...tarEntry('././@LongLink', Buffer.from('a\0b\0'), 'L'),
      ...tarEntry('other', Buffer.alloc(0)),
      END,
    ]);
    expect((await layer(bytes)).stat('/a')).toMatchObject({ kind: 'file' });
  });

  test('links through links through links end', async () => {
    const chain = Array.from({ length: 1000 }, (_, i) => ({
      path: `l${String(i)}`,
      type: '2',
      link: `l${String(i + 1)}`,
    }));
    const files = await layer(layerTar([...chain, { path: 'l1000' }, { path: 'd/up', type: '2', link: '../d/up/up' }]));
    expect(files.stat('/l0')).toEqual({ kind: 'absent' });
    expect(files.stat('/l990')).toMatchObject({ kind: 'file', path: '/l1000' });
    expect(files.stat('/d/up/x')).toEqual({ kind: 'absent' });
  });
});

describe('sizes in a layer', () => {
  const withSize = (size: string): Buffer => {
    const [header = END, ...rest] = tarEntry('a', Buffer.from('hello'));
    header.write(size, 124);
    return Buffer.concat([withChecksum(header), ...rest, END]);
  };

  test.each([
    ['77777777777\0', 'the archive is cut off'],
    ['-0000000001\0', 'the archive is damaged'],
    ['0x00000010\0\0', 'the archive is damaged'],
  ])('%j is not believed', async (size, reason) => {
    if (reason.includes('damaged')) await expect(layer(withSize(size))).rejects.toThrow(/no tar archive|damaged/);
    else await expect(layer(withSize(size))).rejects.toThrow(reason);
  });

  test('of a link or a folder are no content, as for Docker', async () => {
    const [header = END] = tarEntry('link', Buffer.alloc(0), '2', 'a');
    header.write('00000001000\0', 124);
    const bytes = Buffer.concat([withChecksum(header), ...tarEntry('a', Buffer.from('x')), END]);
    expect((await layer(bytes)).stat('/link')).toMatchObject({ kind: 'file', path: '/a' });
  });

  test('of a pax header beyond any path are refused before they are held', async () => {
    const [header = END] = tarEntry('pax', Buffer.alloc(0), 'x');
    header.write('77777777777\0', 124);
    await expect(layer(Buffer.concat([withChecksum(header), END]))).rejects.toThrow('a header that is too long');
  });

  test('a sparse file is what it is named, and its content is not taken for its beginning', async () => {
    const record = (text: string): string => {
      const length = text.length + 3 + String(text.length + 3).length - 1;
      return `${String(length)} ${text}\n`;
    };
    const pax = tarEntry('pax', Buffer.from(record('GNU.sparse.name=app/run')), 'x');
    const [header = END, ...rest] = tarEntry('GNUSparseFile.1/run', Buffer.from('1\n0\n1048576\n'));
    header.write('0000755\0', 100);
    const files = await layer(Buffer.concat([...pax, withChecksum(header), ...rest, END]));
    expect(files.stat('/app/run')).toEqual({ kind: 'file', path: '/app/run', executable: true });
  });

  test('an old sparse file whose map goes on is passed over as a whole', async () => {
    const [header = END, ...rest] = tarEntry('sparse', Buffer.from('data'), 'S');
    header[482] = 1;
    const map = Buffer.alloc(512);
    const files = await layer(
      Buffer.concat([withChecksum(header), map, ...rest, ...tarEntry('after', Buffer.alloc(0)), END]),
    );
    expect(files.stat('/after')).toMatchObject({ kind: 'file' });
  });
});

describe('bombs', () => {
  /** A layer of so many entries, made while it is read. */
  async function* endless(entries: number): AsyncGenerator<Buffer> {
    const batch = 512;
    for (let made = 0; made < entries; made += batch) {
      const names = Array.from({ length: batch }, (_, i) => ({ path: `d/${String(made + i)}` }));
      yield await Promise.resolve(layerTar(names).subarray(0, -1024));
    }
  }

  test('more files than any image has end in a reason', async () => {
    const { addLayer } = openCollector([], 100_000);
    const [entry = END] = tarEntry('same', Buffer.alloc(0));
    const block = Buffer.concat(Array.from({ length: 2000 }, () => entry));
    const bomb = async function* (): AsyncGenerator<Buffer> {
      for (let made = 0; made < 10_000_000; made += 2000) yield await Promise.resolve(block);
    };
    await expect(addLayer(1, streamSource(bomb()))).rejects.toThrow('the image has more than 0.1 million files');
  });

  test('of many files a few names are kept', async () => {
    const files = await layer(endless(30_000));
    expect(files.stat('/d/29999')).toMatchObject({ kind: 'file' });
    expect(files.below('/')).toMatchObject({ count: 1000, isMore: true });
  });

  test('a gzip bomb ends at its deadline', async () => {
    const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 1 });
    const [header = END] = tarEntry('big', Buffer.alloc(0));
    header.write('77777777777\0', 124);
    const start = gzipSync(withChecksum(header));
    const bomb = async function* (): AsyncGenerator<Buffer> {
      yield start;
      for (;;) yield await Promise.resolve(zeros);
    };
    await expect(layer(bomb(), 300)).rejects.toThrow(/takes too long to decompress|could not be read within/);
  });

  test('a zstd frame that wants gigabytes of memory is refused', async () => {
    // magic, no single segment, window descriptor of 2 GB
    const frame = Buffer.concat([Buffer.from('28b52ffd00a8', 'hex'), Buffer.alloc(64)]);
    const files = layoutFiles({ '1': app });
    const [, blob] = app.blobs;
    if (blob === undefined) throw new Error('no layer');
    files[`blobs/${blob.digest.replace(':', '/')}`] = frame;
    const { missing } = await lookAt(`oci-archive:${await fileOf(tarOf(files))}`);
    expect(missing['image.files']).toMatch(/window of more than 16 MiB|damaged or cut off/);
  });

  test('JSON that nobody needs is not kept without end', async () => {
    const filler = Buffer.from(`{"x":"${'y'.repeat(4_000_000)}"}`);
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${String(i)}.json`, filler]));
    const { problem } = await lookAt(`docker-archive:${await fileOf(gzipSync(tarOf(many), { level: 1 }))}`);
    expect(problem).toContain('the archive holds too much JSON');
  });
});

describe('an archive of 5 GB', () => {
  test('answers in the bytes of a small one, its layers too where they are plain', async () => {
    const path = join(folder, 'huge.tar');
    const files = savedFiles({ 'app:1': app });
    const names = Object.keys(files).filter((name) => name.endsWith('layer.tar'));
    const [first = '', second = ''] = names;
    const size = 5 * 2 ** 30;
    const [inner = END] = tarEntry('data/model.bin', Buffer.alloc(0));
    inner.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    const layerSize = 512 + size + 1024;
    const [outer = END] = tarEntry(first, Buffer.alloc(0));
    outer.write(`${layerSize.toString(8).padStart(11, '0')}\0`, 124);
    const rest = { ...files };
    Reflect.deleteProperty(rest, first);
    rest[second] = layerTar([{ path: 'app/run' }]);
    const file = await open(path, 'w');
    // Between the headers the file has a hole: it takes no room on the disk.
    await file.write(Buffer.concat([withChecksum(outer), withChecksum(inner)]), 0, 1024, 0);
    const tail = tarOf(rest);
    await file.write(tail, 0, tail.length, 512 + layerSize);
    await file.close();
    const { facts, missing, stats } = await lookAt(`docker-archive:${path}`);
    expect(missing).toEqual({});
    expect(facts['image.config']?.size).toBeGreaterThan(size);
    expect(facts['image.files']?.stat('/data/model.bin')).toMatchObject({ kind: 'file' });
    expect(stats.bytesRead).toBeLessThan(1_000_000);
  });
});

test('a reader of tar takes any bytes at all and ends', async () => {
  for (let seed = 1; seed < 400; seed++) {
    const bytes = layerTar([{ path: 'a', content: 'hello' }, { path: 'b', type: '2', link: 'a' }, { path: 'c' }]);
    for (let change = 0; change < 4; change++)
      bytes[(seed * 7919 + change * 104_729) % bytes.length] = (seed * 31) % 256;
    const read = readTar(streamSource(pieces(bytes)), () => undefined);
    await read.catch((error: unknown) => expect(error).toMatchObject({ name: 'CannotLook' }));
  }
});
