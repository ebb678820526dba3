import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { lookAtImage, type Look } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { image, indexOf, layoutFiles, savedFiles, tarEntry, tarOf, withChecksum, writeFiles } from '../kit/images.js';

const WANTED = new Set(['image.access', 'image.platforms', 'image.config']);
const arm = image({ platform: 'linux/arm64', config: { Entrypoint: ['/app'] } });
const amd = image({ platform: 'linux/amd64' });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm }, { attestations: true });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archives-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function fileOf(bytes: Buffer): Promise<string> {
  const path = join(folder, `${count++}.tar`);
  await writeFile(path, bytes);
  return path;
}

function lookAt(text: string): Promise<Look> {
  const options = { platforms: ['linux/amd64'], offline: true, env: {}, credentials: false, insecureRegistries: [] };
  return lookAtImage(parseImageName(text), WANTED, options);
}

async function problemOf(kind: string, bytes: Buffer, tag = ''): Promise<string | undefined> {
  const { facts, missing, problem } = await lookAt(`${kind}:${await fileOf(bytes)}${tag}`);
  expect(facts).toEqual({});
  expect(missing['image.platforms']).toBe(problem);
  return problem?.replace(/^.*?\.tar: /, '');
}

describe('docker-archive', () => {
  test('gives platform and config', async () => {
    const path = await fileOf(tarOf(savedFiles({ 'app:1': arm })));
    const { facts, missing, problem } = await lookAt(`docker-archive:${path}`);
    expect(facts['image.platforms']).toMatchObject({
      source: 'docker-archive',
      platforms: [{ platform: 'linux/arm64' }],
    });
    expect(facts['image.config']).toMatchObject({
      source: 'docker-archive',
      entrypoint: ['/app'],
      digest: arm.blobs[0]?.digest,
      size: arm.blobs[1]?.bytes.length,
    });
    expect(missing).toEqual({});
    expect(problem).toBeUndefined();
  });

  test('reads headers and JSON, not layers', async () => {
    const files = { 'big/layer.tar': Buffer.alloc(8_000_000), ...savedFiles({ 'app:1': arm }) };
    const { stats } = await lookAt(`docker-archive:${await fileOf(tarOf(files))}`);
    expect(stats.bytesRead).toBeLessThan(10_000);
  });

  test('is read compressed with gzip', async () => {
    const path = await fileOf(
      gzipSync(tarOf({ 'x/layer.tar': Buffer.alloc(100_000), ...savedFiles({ 'app:1': arm }) })),
    );
    expect((await lookAt(`docker-archive:${path}`)).facts['image.config']).toMatchObject({ entrypoint: ['/app'] });
  });

  test('chooses among several images by name', async () => {
    const path = await fileOf(tarOf(savedFiles({ 'app:1': arm, 'other:2': amd })));
    for (const name of ['app:1', 'docker.io/library/app:1']) {
      const { facts } = await lookAt(`docker-archive:${path}:${name}`);
      expect(facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
    }
    const { problem } = await lookAt(`docker-archive:${path}`);
    expect(problem).toBe(`${path}: it holds 2 images; say which, after a colon: app:1, other:2`);
    expect((await lookAt(`docker-archive:${path}:app:2`)).problem).toContain(
      'it holds no image "app:2", only app:1, other:2',
    );
  });

  test('is read in the form of Docker 25, inside an OCI layout', async () => {
    const config = arm.blobs[0];
    if (config === undefined) throw new Error('no config');
    const list = [{ Config: `blobs/${config.digest.replace(':', '/')}`, RepoTags: ['app:1'], Layers: [] }];
    const files = { ...layoutFiles({ '1': arm }), 'manifest.json': Buffer.from(JSON.stringify(list)) };
    const { facts } = await lookAt(`docker-archive:${await fileOf(tarOf(files))}`);
    expect(facts['image.config']).toMatchObject({ entrypoint: ['/app'] });
  });

  test('that is only an OCI layout is read as one', async () => {
    const { facts } = await lookAt(`docker-archive:${await fileOf(tarOf(layoutFiles({ '1': both })))}`);
    expect(facts['image.platforms']?.platforms).toHaveLength(2);
  });

  test.each<[string, Buffer, string]>([
    ['empty', Buffer.alloc(0), 'it is no tar archive'],
    ['text', Buffer.from('hello\n'.repeat(200)), 'it is no tar archive'],
    ['zeros', Buffer.alloc(2048), 'it is no tar archive'],
    ['other files', tarOf({ a: 'b' }), 'it has no manifest.json, so "docker save" did not write it'],
    ['no list', tarOf({ 'manifest.json': '{}' }), 'it holds no image'],
    ['no JSON', tarOf({ 'manifest.json': '[' }), 'manifest.json is not JSON'],
    ['no config', tarOf({ 'manifest.json': '[{"Config":"c.json"}]' }), 'the archive lacks the image config c.json'],
    ['a path that leaves', tarOf({ 'manifest.json': '[{"Config":"../c"}]' }), 'manifest.json names no valid config'],
    ['xz', Buffer.from('fd377a585a0000', 'hex'), 'it is compressed with xz, which is not read here'],
    ['damaged gzip', gzipSync(tarOf({ a: 'b' })).subarray(0, 40), 'the compressed archive is damaged or cut off'],
    ['damaged zstd', Buffer.from('28b52ffd0000ff', 'hex'), 'the compressed archive is damaged or cut off'],
    [
      'the same name twice',
      Buffer.concat([...tarEntry('manifest.json', Buffer.from('[]')), tarOf({ './manifest.json': '[]' })]),
      'the archive has manifest.json more than once',
    ],
    [
      'a link for a file',
      Buffer.concat([...tarEntry('manifest.json', Buffer.alloc(0), '2', '/etc/passwd'), Buffer.alloc(1024)]),
      'manifest.json in the archive is a link or no plain file',
    ],
    [
      'a huge manifest',
      tarOf({ 'manifest.json': Buffer.alloc(5_000_000, 0x20) }),
      'manifest.json in the archive is 5000000 bytes long',
    ],
    ['deep JSON', tarOf({ 'manifest.json': '['.repeat(100) }), 'manifest.json nests more than 32 levels deep'],
  ])('%s has one clear reason', async (_, bytes, reason) => {
    expect(await problemOf('docker-archive', bytes)).toBe(reason);
  });

  test('cut off anywhere is said to be cut off, or not to be an archive', async () => {
    const whole = tarOf(savedFiles({ 'app:1': arm }));
    for (let length = 512; length < whole.length - 1024; length += 512) {
      expect(await problemOf('docker-archive', whole.subarray(0, length))).toBe('the archive is cut off');
      expect(await problemOf('docker-archive', whole.subarray(0, length - 100))).toMatch(/cut off|no tar archive/);
    }
  });

  test('a file that is not there', async () => {
    expect((await lookAt('docker-archive:/no/such/file.tar')).problem).toBe('/no/such/file.tar: no such file');
  });

  test('a folder', async () => {
    expect((await lookAt(`docker-archive:${folder}`)).problem).toContain(
      'it is a folder; for an OCI layout write oci:',
    );
  });
});

describe('oci and oci-archive', () => {
  test.each(['oci', 'oci-archive'])('%s gives platforms, without attestations, and the config', async (kind) => {
    const files = layoutFiles({ v1: both });
    const path = join(folder, `layout-${kind}`);
    if (kind === 'oci') await writeFiles(path, files);
    else await writeFile(path, tarOf(files));
    for (const name of [`${kind}:${path}`, `${kind}:${path}:v1`]) {
      const { facts, problem } = await lookAt(name);
      expect(problem).toBeUndefined();
      expect(facts['image.platforms']).toEqual({
        source: kind,
        kind: 'index',
        digest: both.root.digest,
        platforms: [
          { platform: 'linux/amd64', digest: amd.root.digest, size: sizeOf(amd) },
          { platform: 'linux/arm64', digest: arm.root.digest },
        ],
      });
      expect(facts['image.config']).toMatchObject({ source: kind, platform: 'linux/amd64', cmd: ['/bin/sh'] });
    }
    expect((await lookAt(`${kind}:${path}:v2`)).problem).toBe(`${path}: it holds no image "v2", only v1`);
  });

  function sizeOf(part: typeof amd): number {
    return part.blobs.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  test('platforms side by side in index.json are one image', async () => {
    const files = layoutFiles({ '': amd });
    files['index.json'] = both.root.bytes;
    Object.assign(files, layoutFiles({ '': both }), { 'index.json': both.root.bytes });
    const { facts } = await lookAt(`oci-archive:${await fileOf(tarOf(files))}`);
    expect(facts['image.platforms']?.platforms).toHaveLength(2);
    expect(facts['image.platforms']?.digest).toBeUndefined();
  });

  test('several images want a tag', async () => {
    const path = await fileOf(tarOf(layoutFiles({ a: amd, b: arm })));
    expect((await lookAt(`oci-archive:${path}`)).problem).toContain(
      'it holds 2 images; say which, after a colon: a, b',
    );
    expect((await lookAt(`oci-archive:${path}:b`)).facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
  });

  test('content that does not fit its digest is not believed', async () => {
    const files = layoutFiles({ v1: arm });
    const config = arm.blobs[0];
    if (config === undefined) throw new Error('no config');
    files[`blobs/${config.digest.replace(':', '/')}`] = Buffer.alloc(config.bytes.length, 0x20);
    expect(await problemOf('oci-archive', tarOf(files))).toContain(
      `digest mismatch: what the archive gives as ${config.digest}`,
    );
  });

  test('a missing blob is named', async () => {
    const files = Object.entries(layoutFiles({ v1: arm })).filter(([path]) => !path.startsWith('blobs/'));
    expect(await problemOf('oci-archive', tarOf(Object.fromEntries(files)))).toBe(
      `the archive lacks ${arm.root.digest}`,
    );
  });

  test('links in a layout are not followed', async () => {
    const outside = join(folder, 'outside');
    const path = join(folder, 'linked');
    await writeFiles(outside, layoutFiles({ v1: arm }));
    await writeFiles(path, { 'oci-layout': Buffer.from('{}') });
    await symlink(join(outside, 'index.json'), join(path, 'index.json'));
    expect((await lookAt(`oci:${path}`)).problem).toContain('has no index.json');
    await rm(join(path, 'index.json'));
    await writeFiles(path, { 'index.json': layoutFiles({ v1: arm })['index.json'] ?? Buffer.alloc(0) });
    await symlink(join(outside, 'blobs'), join(path, 'blobs'));
    expect((await lookAt(`oci:${path}`)).problem).toContain(`the layout lacks ${arm.root.digest}`);
  });

  test('a file is no layout', async () => {
    const { problem } = await lookAt(`oci:${await fileOf(tarOf({}))}`);
    expect(problem).toContain('it is no folder; for a tar file write oci-archive:');
  });
});

describe('tar formats', () => {
  const manifest = Buffer.from('[{"Config":"c.json"}]');
  const config = arm.blobs[0]?.bytes ?? Buffer.alloc(0);
  const end = Buffer.alloc(1024);

  async function reads(...parts: readonly Buffer[]): Promise<void> {
    const { facts, problem } = await lookAt(`docker-archive:${await fileOf(Buffer.concat(parts))}`);
    expect(problem).toBeUndefined();
    expect(facts['image.config']).toMatchObject({ entrypoint: ['/app'] });
  }

  test('GNU long name', async () => {
    const long = tarEntry('././@LongLink', Buffer.from('c.json\0'), 'L');
    await reads(...tarEntry('manifest.json', manifest), ...long, ...tarEntry('other', config), end);
  });

  test('pax path and size', async () => {
    const records = [`path=c.json`, `size=${config.length}`].map((text) => {
      const length = text.length + 2 + String(text.length + 4).length;
      return `${length} ${text}\n`;
    });
    const [header = end, content = end, padding = end] = tarEntry('other', config);
    header.write('00000000000\0', 124);
    const pax = tarEntry('pax', Buffer.from(records.join('')), 'x');
    await reads(...tarEntry('manifest.json', manifest), ...pax, withChecksum(header), content, padding, end);
  });

  test('ustar prefix', async () => {
    const list = Buffer.from('[{"Config":"a/b/c.json"}]');
    const [header = end, content = end, padding = end] = tarEntry('c.json', config);
    header.write('a/b', 345);
    await reads(...tarEntry('manifest.json', list), withChecksum(header), content, padding, end);
  });

  test('size in base 256', async () => {
    const [header = end, content = end, padding = end] = tarEntry('c.json', config);
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeUInt32BE(config.length, 132);
    await reads(...tarEntry('manifest.json', manifest), withChecksum(header), content, padding, end);
  });

  test('a size beyond the file is not believed', async () => {
    const [header = end, content = end, padding = end] = tarEntry('c.json', config);
    header.fill(0xff, 125, 136);
    header[124] = 0x80;
    const bytes = Buffer.concat([...tarEntry('manifest.json', manifest), withChecksum(header), content, padding, end]);
    expect(await problemOf('docker-archive', bytes)).toBe('the archive is damaged');
    header.fill(0, 124, 136);
    header.write('77777777777\0', 124);
    const cut = Buffer.concat([...tarEntry('manifest.json', manifest), withChecksum(header), content, padding, end]);
    expect(await problemOf('docker-archive', cut)).toBe('the archive is cut off');
  });
});
