import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { CannotStage } from '../../src/dryrun/staged-input.js';
import { dataUrl, layerTar, type LayerEntry } from '../kit/images.js';
import { plannedInput, stage, unpacked } from '../kit/stage.js';

function packedUrl(bytes: Buffer): string {
  return `data:application/gzip;base64,${bytes.toString('base64')}`;
}

async function staged(URL: string, maxBytes = 4e9): Promise<string[]> {
  const input = await stage(plannedInput('inline', { URL }), { maxBytes });
  return [input.shape, ...(await unpacked(input))];
}

function packed(entries: readonly LayerEntry[], maxBytes?: number): Promise<string[]> {
  return staged(dataUrl(layerTar(entries)), maxBytes);
}

describe('inline data', () => {
  test.each([
    ['data:,hello', 'hello'],
    ['data:text/plain,a%20b%0A', 'a b\n'],
    ['data:text/plain;charset=utf-8;base64,aGVsbG8=', 'hello'],
    ['data:application/x-gzip;base64,aGVsbG8=', 'hello'],
    ['data:application/gzip+json,x', 'x'],
  ])('%s is a file that is the Target', async (url, content) => {
    expect(await staged(url)).toEqual([
      'file',
      'directory 755 0:0 in/',
      `file 600 0:0 in/in ${JSON.stringify(content)}`,
    ]);
  });

  test.each([
    ['text', 'it is no data: URL'],
    ['data:text/plain', 'it is no data: URL'],
    ['data:;base64,aGVsbG8', 'its data is no base64'],
    ['data:;base64,aGVs\nbG8=', 'its data is no base64'],
    ['data:;base64,__-_', 'its data is no base64'],
    ['data:,a b', 'its data has the character " ", which has to be percent-encoded'],
    ['data:,é', 'its data has the character "é"'],
    ['data:,100%', 'its data has a % that no two hexadecimal digits follow'],
  ])('%j is refused as by a node', async (url, reason) => {
    await expect(staged(url)).rejects.toThrow(`cannot be read by a node: ${reason}`);
  });
});

describe('a packed folder', () => {
  test('is unpacked as by a node: modes of files count, links do not', async () => {
    const entries: LayerEntry[] = [
      { path: 'data/', type: '5', mode: 0o700 },
      { path: 'data/run.sh', content: 'echo', mode: 0o4777 },
      { path: './data/sub/deep/', type: '5' },
      { path: 'data/sub/deep/secret', content: '', mode: 0o600 },
      { path: 'data/link', type: '2', link: '/etc/passwd' },
      { path: 'data/hard', type: '1', link: 'data/run.sh' },
      { path: 'data/fifo', type: '6' },
      { path: 'data/', type: '5' },
    ];
    expect(await packed(entries)).toEqual([
      'folder',
      'directory 755 0:0 in/',
      'directory 755 0:0 in/data/',
      'file 755 0:0 in/data/run.sh "echo"',
      'directory 755 0:0 in/data/sub/',
      'directory 755 0:0 in/data/sub/deep/',
      'file 600 0:0 in/data/sub/deep/secret ""',
    ]);
  });

  test('says what is to come', async () => {
    const input = plannedInput('inline', { URL: dataUrl(layerTar([{ path: 'a', content: 'abc' }])) });
    expect(await stage(input)).toMatchObject({
      description: 'inline data, a packed folder',
      total: { files: 1, bytes: 3 },
    });
  });

  test('may be empty', async () => expect(await packed([])).toEqual(['folder', 'directory 755 0:0 in/']));

  test.each<[string, LayerEntry[], string]>([
    ['climbs', [{ path: '../x', content: 'x' }], 'a node refuses the name "../x" in it'],
    ['climbs inside', [{ path: 'a/../../x', content: 'x' }], 'a node refuses the name'],
    ['is absolute', [{ path: '/etc/cron.d/x', content: 'x' }], 'a node refuses the name "/etc/cron.d/x" in it'],
    ['has a backslash', [{ path: 'a\\b', content: 'x' }], 'a node refuses the name'],
    [
      'has no folder',
      [{ path: 'a/b', content: 'x' }],
      '"a/b" comes before its folder, which a node does not make for it',
    ],
    [
      'is a folder too',
      [
        { path: 'a/', type: '5' },
        { path: 'a', content: 'x' },
      ],
      '"a" is a file and a folder',
    ],
    [
      'lies below a link',
      [
        { path: 'a', type: '2', link: '/etc' },
        { path: 'a/passwd', content: 'x' },
      ],
      '"a/passwd" comes before its folder',
    ],
    [
      'lies below a file',
      [
        { path: 'a', content: 'x' },
        { path: 'a/b/', type: '5' },
      ],
      'a is a file in it, and others lie below it as in a folder',
    ],
    [
      'is longer than a node takes',
      [{ path: 'a', content: Buffer.alloc(10 * 2 ** 20 + 1) }],
      'a node takes no file of more than 10 MB out of it',
    ],
  ])('with a file that %s is refused', async (_title, entries, reason) => {
    await expect(packed(entries)).rejects.toThrow(CannotStage);
    await expect(packed(entries)).rejects.toThrow(reason);
  });

  test('is bounded by --max-input-size, and not by headers', async () => {
    const entries = Array.from({ length: 3 }, (_, at) => ({ path: String(at), content: Buffer.alloc(1000) }));
    expect(await packed(entries, 3000)).toHaveLength(5);
    await expect(packed(entries, 2900)).rejects.toThrow('it has 3 kB, and --max-input-size allows 2.9 kB');
  });

  test('a bomb of headers ends early', async () => {
    const folder = layerTar([{ path: 'a/', type: '5' }]).subarray(0, 512);
    const url = packedUrl(gzipSync(Buffer.concat(Array<Buffer>(100_001).fill(folder)), { level: 1 }));
    await expect(staged(url)).rejects.toThrow('it holds more than 100000 files and folders');
  });

  test('a bomb of what is left out ends too, and is measured by what was allowed', async () => {
    const entry = layerTar([{ path: 'odd', type: '7', content: Buffer.alloc(4 * 2 ** 20) }]).subarray(0, -1024);
    const url = packedUrl(Buffer.concat(Array<Buffer>(60).fill(gzipSync(entry))));
    await expect(staged(url, 1000)).rejects.toThrow('it unpacks to more than the 1 kB that --max-input-size allows');
  });

  test.each([
    ['no gzip', Buffer.from('hello'), 'is damaged or cut off'],
    [
      'cut gzip',
      gzipSync(layerTar([{ path: 'a', content: 'x'.repeat(3000) }])).subarray(0, 40),
      'is damaged or cut off',
    ],
    ['no tar', gzipSync('hello'), 'it is no tar archive'],
    ['cut tar', gzipSync(layerTar([{ path: 'a', content: 'x'.repeat(3000) }]).subarray(0, 1000)), 'is cut off'],
  ])('of %s is refused', async (_title, bytes, reason) => {
    await expect(staged(packedUrl(bytes))).rejects.toThrow(reason);
  });
});
