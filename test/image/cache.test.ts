import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCache } from '../../src/image/cache/cache.js';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { parseReference, type ImageReference } from '../../src/image/reference.js';
import { sendJson, startFakeRegistry, type Answering, type FakeRegistry } from '../kit/fake-registry.js';
import { digestOf, image, indexOf, type TestImage } from '../kit/images.js';

const old = indexOf({ 'linux/amd64': image(), 'linux/arm64': image({ platform: 'linux/arm64' }) });
const moved = indexOf({ 'linux/amd64': image({ config: { User: 'moved' } }) });
const ALL = new Set(['image.access', 'image.platforms', 'image.config', 'image.seen']);

let home: string;
let folder: string;
const running: FakeRegistry[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cache-'));
  folder = join(home, 'bacalhau-preflight', 'images-1');
});
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.stop();
  await rm(home, { recursive: true });
});

async function start(of: TestImage, answer?: Answering): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(of, answer);
  running.push(registry);
  return registry;
}

function lookAt(text: string, options: Partial<LookOptions> = {}): Promise<Look> {
  return lookAtImage(parseImageName(text), ALL, {
    platforms: ['linux/amd64'],
    offline: false,
    env: { XDG_CACHE_HOME: home, DOCKER_CONFIG: home },
    credentials: true,
    insecureRegistries: [],
    cache: true,
    ...options,
  });
}

/** What a registry was asked since the last time, as `METHOD tag|digest|blob`. */
function asked(registry: FakeRegistry, from = 0): string[] {
  return registry.seen.slice(from).map(({ method, path }) => {
    const kind = path.includes('/blobs/') ? 'blob' : path.includes('sha256:') ? 'digest' : 'tag';
    return `${method} ${kind}`;
  });
}

const contents = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('content-')).map((name) => join(folder, name));

describe('the second look', () => {
  test('costs one HEAD and says the same', async () => {
    const registry = await start(old);
    const first = await lookAt(`${registry.host}/app:1`);
    expect(asked(registry)).toEqual(['GET tag', 'GET digest', 'GET blob']);
    expect(first.facts['image.seen']).toBeUndefined();
    const second = await lookAt(`${registry.host}/app:1`);
    expect(asked(registry, 3)).toEqual(['HEAD tag']);
    expect(second.stats).toEqual({ requests: 1, bytesRead: 0, cacheHits: 3 });
    const { 'image.seen': seen, ...facts } = second.facts;
    expect(facts).toEqual(first.facts);
    expect(seen?.digest).toBe(old.root.digest);
    expect(Date.parse(seen?.at ?? '')).not.toBeNaN();
  });

  test('finds a tag that moved, and says what it was', async () => {
    let now = old;
    const registry = await start(old, (request, response) => {
      if (now === old) return false;
      const name = request.url?.split('/').at(-1) ?? '';
      const found = [...now.manifests, ...now.blobs].find(({ digest }) => digest === name) ?? now.root;
      response.writeHead(200, { 'content-type': found.mediaType, 'docker-content-digest': found.digest });
      response.end(found.bytes);
      return true;
    });
    await lookAt(`${registry.host}/app`);
    now = moved;
    const { facts } = await lookAt(`${registry.host}/app:latest`);
    expect(facts['image.seen']?.digest).toBe(old.root.digest);
    expect(facts['image.platforms']?.digest).toBe(moved.root.digest);
    expect(facts['image.config']?.user).toBe('moved');
    const third = await lookAt(`${registry.host}/app`);
    expect(third.facts['image.seen']?.digest).toBe(moved.root.digest);
    expect(third.stats.requests).toBe(1);
  });

  test('does not take access from the cache', async () => {
    let status = 200;
    const registry = await start(old, (_, response) => {
      if (status === 200) return false;
      if (status === 401) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else sendJson(response, status, { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'not here' }] });
      return true;
    });
    for (const name of ['app:1', `app@${old.root.digest}`]) {
      status = 200;
      expect((await lookAt(`${registry.host}/${name}`)).facts['image.access']?.kind).toBe('public');
      status = 404;
      const gone = await lookAt(`${registry.host}/${name}`);
      expect(gone.facts).toEqual({ 'image.access': expect.objectContaining({ kind: 'missing' }) });
      status = 401;
      const closed = await lookAt(`${registry.host}/${name}`);
      expect(closed.facts).toEqual({ 'image.access': expect.objectContaining({ kind: 'private-or-missing' }) });
    }
  });

  test.each<[string, (digest: string) => Record<string, string>, number]>([
    ['knows no HEAD', () => ({}), 405],
    ['breaks at HEAD', () => ({}), 500],
    ['names no digest', () => ({}), 200],
    ['names nonsense', () => ({ 'docker-content-digest': 'sha256:../../../etc/passwd' }), 200],
    ['names what nobody gave', () => ({ 'docker-content-digest': `sha256:${'7'.repeat(64)}` }), 200],
  ])('asks as the first one did where the registry %s', async (_, headers, status) => {
    const registry = await start(old, ({ method }, response) => {
      if (method !== 'HEAD') return false;
      response.writeHead(status, headers(old.root.digest)).end();
      return true;
    });
    await lookAt(`${registry.host}/app:1`);
    const { facts, missing } = await lookAt(`${registry.host}/app:1`);
    expect(asked(registry, 3)).toEqual(['HEAD tag', 'GET tag']);
    expect(missing).toEqual({});
    expect(facts['image.platforms']?.digest).toBe(old.root.digest);
  });

  test('does not show as its own what another registry gave', async () => {
    const confiding = await start(old);
    await lookAt(`${confiding.host}/app:1`);
    const curious = await start(moved, ({ method, url = '' }, response) => {
      if (method !== 'HEAD' || url.includes('sha256:')) return false;
      response.writeHead(200, { 'docker-content-digest': old.root.digest }).end();
      return true;
    });
    await lookAt(`${curious.host}/app:1`);
    const { facts } = await lookAt(`${curious.host}/app:1`);
    expect(facts['image.platforms']?.digest).toBe(moved.root.digest);
    // the registry cannot tell from what is asked that this user has seen the image
    expect(asked(curious, 3)).toEqual(['HEAD tag', 'GET tag']);
  });
});

describe('entries', () => {
  test.each<[string, (path: string) => Promise<void>]>([
    ['are cut', async (path) => writeFile(path, (await readFile(path)).subarray(0, 20))],
    ['are other content', (path) => writeFile(path, '{"schemaVersion":2,"manifests":[]}')],
    ['are empty', (path) => writeFile(path, '')],
    ['are huge', (path) => writeFile(path, Buffer.alloc(5 * 1024 * 1024))],
    [
      'are pipes',
      async (path) => {
        await rm(path);
        execFileSync('mkfifo', [path]);
      },
    ],
    [
      'are links',
      async (path) => {
        await writeFile(join(home, 'target'), await readFile(path));
        await rm(path);
        await symlink(join(home, 'target'), path);
      },
    ],
    [
      'are folders',
      async (path) => {
        await rm(path);
        await mkdir(path);
      },
    ],
  ])('that %s are not believed', async (_, spoil) => {
    const registry = await start(old);
    const first = await lookAt(`${registry.host}/app:1`);
    for (const path of await contents()) await spoil(path);
    const { facts, missing, stats } = await lookAt(`${registry.host}/app:1`);
    expect(missing).toEqual({});
    expect(facts['image.config']).toEqual(first.facts['image.config']);
    expect(stats).toMatchObject({ requests: 4, cacheHits: 0 });
  });

  test('that say a tag in a broken way say nothing', async () => {
    const registry = await start(old);
    for (const text of ['', '{', '[]', '{"digest":"sha256:x","at":"2026-01-01"}', '{"at":1}']) {
      await lookAt(`${registry.host}/app:1`);
      const [tag] = (await readdir(folder)).filter((name) => name.startsWith('tag-'));
      await writeFile(join(folder, tag ?? ''), text);
      const { facts } = await lookAt(`${registry.host}/app:1`);
      expect(facts['image.seen']).toBeUndefined();
      expect(facts['image.platforms']?.digest).toBe(old.root.digest);
    }
  });

  test('belong to the user alone', async () => {
    const registry = await start(old);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o777);
    await lookAt(`${registry.host}/app:1`);
    const modes = await Promise.all(
      [folder, ...(await contents())].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  test('of many looks at once are whole', async () => {
    const registry = await start(old);
    const looks = await Promise.all(Array.from({ length: 12 }, () => lookAt(`${registry.host}/app:1`)));
    expect(new Set(looks.map(({ facts }) => facts['image.config']?.digest)).size).toBe(1);
    const digests = await Promise.all((await contents()).map(async (path) => digestOf(await readFile(path))));
    const [child] = old.manifests;
    expect(digests.sort()).toEqual([old.root.digest, child?.digest ?? '', old.blobs[0]?.digest ?? ''].sort());
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('are not made where there is no folder for them', async () => {
    const registry = await start(old);
    await writeFile(join(home, 'bacalhau-preflight'), 'a file');
    expect((await lookAt(`${registry.host}/app:1`)).missing).toEqual({});
    expect((await lookAt(`${registry.host}/app:1`)).stats.requests).toBe(3);
  });

  test('are neither read nor made without the cache', async () => {
    const registry = await start(old);
    await lookAt(`${registry.host}/app:1`, { cache: false });
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  test('that were not used for longest go first', async () => {
    const reference = referenceTo('registry.test/app');
    const env = { XDG_CACHE_HOME: home };
    const cache = await openCache(reference, env, { bytes: 1e6, entries: 10 });
    const texts = Array.from({ length: 20 }, (_, index) => Buffer.from(`{"entry":${index}}`));
    for (const [index, bytes] of texts.entries()) {
      await cache?.keep(digestOf(bytes), bytes);
      for (const path of await contents()) {
        if ((await readFile(path)).equals(bytes)) await utimes(path, 1000 + index, 1000 + index);
      }
    }
    await cache?.close();
    const left = await Promise.all((await contents()).map((path) => readFile(path, 'utf8')));
    expect(left.sort()).toEqual(texts.slice(12).map(String).sort());
    const smaller = await openCache(reference, env, { bytes: 50, entries: 10 });
    await smaller?.keep(digestOf(Buffer.from('{}')), Buffer.from('{}'));
    await smaller?.close();
    const sizes = await Promise.all((await contents()).map(async (path) => (await stat(path)).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(50);
    expect(sizes).toContain(2);
  });

  test('that do not fit their digest are not kept', async () => {
    const cache = await openCache(referenceTo('registry.test/app'), { XDG_CACHE_HOME: home });
    await cache?.keep(old.root.digest, Buffer.from('{}'));
    expect(await contents()).toEqual([]);
  });
});

describe('without the registry', () => {
  test('a digest still names what it named, but not who may pull it', async () => {
    const registry = await start(old);
    const name = `${registry.host}/app@${old.root.digest}`;
    const { facts } = await lookAt(name);
    const known = { 'image.platforms': facts['image.platforms'], 'image.config': facts['image.config'] };
    const offline = await lookAt(name, { offline: true });
    expect(offline).toEqual({
      facts: known,
      missing: { 'image.access': 'offline' },
      stats: { requests: 0, bytesRead: 0, cacheHits: 3 },
    });
    await registry.stop();
    running.length = 0;
    const down = await lookAt(name);
    expect(down.facts).toEqual(known);
    expect(down.missing).toEqual({ 'image.access': `${registry.host} refused the connection` });
  });

  test('a tag is not taken for what it was', async () => {
    const registry = await start(old);
    await lookAt(`${registry.host}/app:1`);
    const { facts, missing } = await lookAt(`${registry.host}/app:1`, { offline: true });
    expect(facts).toEqual({});
    expect(missing).toEqual({ 'image.access': 'offline', 'image.platforms': 'offline', 'image.config': 'offline' });
  });

  test('a part that was never read is missing', async () => {
    const registry = await start(old);
    const name = `${registry.host}/app@${old.root.digest}`;
    await lookAt(name);
    const other = await lookAt(name, { offline: true, platforms: ['linux/arm64'] });
    expect(other.facts['image.platforms']?.platforms).toHaveLength(2);
    expect(other.missing).toEqual({ 'image.access': 'offline', 'image.config': 'offline' });
  });
});

function referenceTo(text: string): ImageReference {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.reference;
}
