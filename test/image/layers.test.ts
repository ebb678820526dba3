import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { streamSource, type ByteSource } from '../../src/image/archive/byte-source.js';
import type { FoundFile, ImageFiles } from '../../src/image/facts.js';
import { findProgram } from '../../src/image/layers/program.js';
import { readLayers } from '../../src/image/layers/read-layers.js';
import { digestOf, elfFile, layerTar, type LayerEntry } from '../kit/images.js';

const NOTHING = { folders: [], programs: [] };
const ABOUT = { source: 'oci', platform: 'linux/amd64' } as const;

/** Reads layers given from the lowest; they come in that order, or from the top down. */
async function filesOf(
  layers: readonly (readonly LayerEntry[])[],
  question: Parameters<typeof readLayers>[2] = NOTHING,
  oneByOne = false,
): Promise<ImageFiles & { readonly read: readonly string[] }> {
  const contents = new Map(layers.map((entries, index) => [`layer ${String(index + 1)}`, layerTar(entries)]));
  const read: string[] = [];
  const readEach = async (
    keys: ReadonlySet<string>,
    visit: (key: string, content: ByteSource) => Promise<void>,
  ): Promise<void> => {
    for (const key of keys) {
      read.push(key);
      await visit(key, streamSource(chunksOf(contents.get(key) ?? Buffer.alloc(0))));
    }
  };
  const store = { who: 'the test', oneByOne, readEach };
  const files = await readLayers(
    [...contents.keys()].map((key) => ({ key })),
    store,
    question,
    ABOUT,
    {},
  );
  return { ...files, read };
}

async function* chunksOf(bytes: Buffer, length = 700): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.subarray(at, at + length));
}

const plain = (path: string): FoundFile => ({ kind: 'file', path, executable: false });
const ABSENT = { kind: 'absent' };
const program = (word: string): { word: string; workingDir: string; searchPath: string[] } => ({
  word,
  workingDir: '/app',
  searchPath: ['/usr/local/bin', '/usr/bin', '/bin'],
});

describe('layers over each other', () => {
  test('a whiteout removes what lower layers have, and nothing of its own or of higher ones', async () => {
    const { stat } = await filesOf([
      [{ path: 'a/b' }, { path: 'a/c' }, { path: 'gone/deep/x' }],
      [{ path: 'a/.wh.b' }, { path: '.wh.gone' }, { path: 'a/.wh.c' }, { path: 'a/c' }],
      [{ path: 'a/d' }],
    ]);
    expect(stat('/a/b')).toEqual(ABSENT);
    expect(stat('/gone/deep/x')).toEqual(ABSENT);
    expect(stat('/a/c')).toEqual(plain('/a/c'));
    expect(stat('/a/d')).toEqual(plain('/a/d'));
    expect(stat('/a/.wh.b')).toEqual(ABSENT);
  });

  test('what was removed may come again', async () => {
    const { stat } = await filesOf([[{ path: 'a/b' }], [{ path: '.wh.a' }], [{ path: 'a/b' }]]);
    expect(stat('/a/b')).toEqual(plain('/a/b'));
  });

  test('an opaque folder hides what lower layers have in it', async () => {
    const { stat } = await filesOf([
      [{ path: 'data/old' }, { path: 'data/sub/older' }],
      [{ path: 'data/', type: '5' }, { path: 'data/.wh..wh..opq' }, { path: 'data/new' }],
    ]);
    expect(stat('/data/old')).toEqual(ABSENT);
    expect(stat('/data/sub/older')).toEqual(ABSENT);
    expect(stat('/data/new')).toEqual(plain('/data/new'));
    expect(stat('/data')).toEqual({ kind: 'folder', path: '/data' });
  });

  test('a file in place of a folder hides what was below', async () => {
    const { stat } = await filesOf([[{ path: 'opt/tool/run' }], [{ path: 'opt/tool' }]]);
    expect(stat('/opt/tool')).toEqual(plain('/opt/tool'));
    expect(stat('/opt/tool/run')).toEqual(ABSENT);
  });

  test('whiteouts that climb remove nothing outside of their folder', async () => {
    const { stat } = await filesOf([
      [{ path: 'a/b' }],
      [{ path: 'a/.wh...' }, { path: 'a/.wh.' }, { path: 'a/.wh..' }],
    ]);
    expect(stat('/a/b')).toEqual(plain('/a/b'));
  });
});

describe('links', () => {
  test('are followed inside of the image, whatever they name', async () => {
    const { stat } = await filesOf([
      [
        { path: 'bin', type: '2', link: 'usr/bin' },
        { path: 'usr/bin/sh', type: '2', link: 'dash' },
        { path: 'usr/bin/dash' },
        { path: 'out', type: '2', link: '../../../../etc/passwd' },
        { path: 'etc/passwd' },
        { path: 'abs', type: '2', link: '/usr/bin' },
      ],
    ]);
    expect(stat('/bin/sh')).toEqual(plain('/usr/bin/dash'));
    expect(stat('/out')).toEqual(plain('/etc/passwd'));
    expect(stat('/abs/../bin/sh')).toEqual(plain('/usr/bin/dash'));
    expect(stat('/abs/dash')).toEqual(plain('/usr/bin/dash'));
  });

  test('in a circle lead nowhere', async () => {
    const { stat } = await filesOf([
      [
        { path: 'a', type: '2', link: 'b' },
        { path: 'b', type: '2', link: 'a' },
        { path: 'self', type: '2', link: 'self/self' },
      ],
    ]);
    expect(stat('/a')).toEqual(ABSENT);
    expect(stat('/self/x')).toEqual(ABSENT);
  });

  test('that a layer wrote through are found under both names', async () => {
    const layers: LayerEntry[][] = [
      [{ path: 'usr/bin/sh' }, { path: 'bin', type: '2', link: 'usr/bin' }],
      [{ path: 'bin/count' }],
    ];
    for (const oneByOne of [true, false]) {
      const { stat } = await filesOf(layers, { folders: ['/x'], programs: [] }, oneByOne);
      expect(stat('/bin/count')).toEqual(plain('/bin/count'));
      expect(stat('/usr/bin/count')).toEqual(plain('/bin/count'));
      expect(stat('/bin/sh')).toEqual(plain('/usr/bin/sh'));
    }
  });

  test('hard links are what they name', async () => {
    const { stat } = await filesOf([
      [
        { path: 'bin/busybox', mode: 0o755, content: elfFile('amd64') },
        { path: 'bin/sh', type: '1', link: 'bin/busybox' },
      ],
    ]);
    expect(stat('/bin/sh')).toMatchObject({ kind: 'file', executable: true, head: { architecture: 'amd64' } });
  });
});

describe('programs', () => {
  const entry = (content: string | Buffer, mode = 0o755): LayerEntry[] => [
    { path: 'app/run', content, mode },
    { path: 'bin/sh', content: elfFile('amd64'), mode: 0o755 },
    { path: 'usr/bin/env', content: elfFile('amd64'), mode: 0o755 },
  ];
  const path = '/app/run';

  test.each<[string, string | Buffer, number, object]>([
    ['a static program', elfFile('amd64'), 0o755, { kind: 'starts', path }],
    ['an older machine', elfFile('386'), 0o755, { kind: 'starts', path }],
    ['another machine', elfFile('arm64'), 0o755, { kind: 'wrong-machine', path, architecture: 'arm64' }],
    [
      'a loader that is missing',
      elfFile('amd64', '/lib/ld.so'),
      0o755,
      { kind: 'no-loader', path, loader: '/lib/ld.so' },
    ],
    ['no x bit', elfFile('amd64'), 0o644, { kind: 'not-executable', path }],
    ['a script', '#!/bin/sh\necho\n', 0o755, { kind: 'starts', path }],
    ['a script with options', '#! /bin/sh -eu\necho\n', 0o755, { kind: 'starts', path }],
    ['Windows line ends', '#!/bin/sh\r\necho\r\n', 0o755, { kind: 'carriage-return', path, interpreter: '/bin/sh' }],
    ['no shebang', 'echo hello\n', 0o755, { kind: 'no-shebang', path }],
    ['nothing', '', 0o755, { kind: 'empty', path }],
    ['no interpreter', '#!/bin/bash\n', 0o755, { kind: 'no-interpreter', path, interpreter: '/bin/bash' }],
    ['env without it', '#!/usr/bin/env python3\n', 0o755, { kind: 'no-interpreter', path, interpreter: 'python3' }],
    ['env with it', '#!/usr/bin/env -S sh -e\n', 0o755, { kind: 'starts', path }],
    ['itself', '#!/app/run\n', 0o755, { kind: 'unknown' }],
    ['bytes of another kind', Buffer.from([0xca, 0xfe, 0, 1]), 0o755, { kind: 'starts', path }],
  ])('%s', async (_, content, mode, found) => {
    expect(findProgram(await filesOf([entry(content, mode)]), program('./run'))).toEqual(found);
  });

  test('are found in PATH, and those that may not be executed are passed over', async () => {
    const files = await filesOf([
      [
        { path: 'usr/local/bin/count', mode: 0o644 },
        { path: 'bin/count', mode: 0o755, content: elfFile('amd64') },
        { path: 'usr/bin/only', mode: 0o600 },
      ],
    ]);
    expect(findProgram(files, program('count'))).toEqual({ kind: 'starts', path: '/bin/count' });
    expect(findProgram(files, program('only'))).toEqual({ kind: 'not-executable', path: '/usr/bin/only' });
    expect(findProgram(files, program('none'))).toEqual({ kind: 'absent' });
  });

  test('are looked for from the top, no further down than needed', async () => {
    const layers: LayerEntry[][] = [
      [{ path: 'bin/sh', mode: 0o755, content: elfFile('amd64') }],
      [{ path: 'app/run', mode: 0o755, content: elfFile('amd64') }],
      [{ path: 'etc/motd' }],
    ];
    const top = await filesOf(layers, { folders: [], programs: [program('/app/run')] }, true);
    expect(top.read).toEqual(['layer 3', 'layer 2']);
    expect(top.stat('/bin/sh')).toEqual({ kind: 'unknown' });
    expect(findProgram(top, program('sh'))).toEqual({ kind: 'unknown' });
    const all = await filesOf(layers, { folders: ['/app'], programs: [program('/app/run')] }, true);
    expect(all.read).toHaveLength(3);
    expect(all.below('/app')).toEqual({ count: 1, isMore: false, paths: ['/app/run'] });
  });
});

describe('what lies below a folder', () => {
  test('is what is left of it in the end', async () => {
    const { below } = await filesOf(
      [
        [{ path: 'app/a' }, { path: 'app/b' }, { path: 'app/sub/c' }],
        [{ path: 'app/.wh.b' }, { path: 'app/a' }],
      ],
      { folders: ['/app', '/none'], programs: [] },
    );
    expect(below('/app')).toEqual({ count: 2, isMore: false, paths: ['/app/a', '/app/sub/c'] });
    expect(below('/none')).toEqual({ count: 0, isMore: false, paths: [] });
    expect(below('/other')).toBeUndefined();
  });
});

describe('a compressed layer', () => {
  const bytes = gzipSync(layerTar([{ path: 'a' }]));
  const read = async (content: Buffer, digest: string): Promise<ImageFiles> => {
    const readEach = (
      _: ReadonlySet<string>,
      visit: (key: string, content: ByteSource) => Promise<void>,
    ): Promise<void> => visit('x', streamSource(chunksOf(content)));
    return readLayers([{ key: 'x', digest }], { who: 'the test', oneByOne: true, readEach }, NOTHING, ABOUT, {});
  };

  test('is believed when its digest fits, bytes behind the archive included', async () => {
    expect((await read(bytes, digestOf(bytes))).stat('/a')).toEqual(plain('/a'));
    const two = Buffer.concat([bytes, gzipSync(Buffer.alloc(1024))]);
    expect((await read(two, digestOf(two))).stat('/a')).toEqual(plain('/a'));
  });

  test('is not believed when it is another, or cut off', async () => {
    await expect(read(bytes, digestOf(Buffer.from('x')))).rejects.toThrow('lied about the digest of a layer');
    await expect(read(bytes.subarray(0, -9), digestOf(bytes))).rejects.toThrow('damaged or cut off');
  });
});
