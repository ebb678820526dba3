import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkJob, checkJobPretty, type CheckJobOptions } from '../kit/check.js';
import { runCli } from '../kit/cli.js';
import { startFakeRegistry } from '../kit/fake-registry.js';
import { startHub, type TestHub } from '../kit/hub.js';
import { image, indexOf } from '../kit/images.js';
import { startRecorder, type Recorder } from '../kit/recorder.js';
import { push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const amd = image({ platform: 'linux/amd64' });
const arm = image({ platform: 'linux/arm64' });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm }, { attestations: true });
const armIndex = indexOf({ 'linux/arm64': arm });

/** The report with the numbers that `--stats` tells. */
async function cost(reference: string, options: CheckJobOptions = {}): Promise<unknown> {
  const { report } = await checkJob(reference, { ...options, args: ['--stats', ...(options.args ?? [])] });
  return report;
}

describeWith(['docker-registry'], 'what a check costs', () => {
  let open: TestRegistry;
  let closed: TestRegistry;
  let hub: TestHub;
  let cache = '';
  beforeAll(async () => {
    open = await startRegistry();
    closed = await startRegistry('token');
    hub = await startHub();
    cache = await mkdtemp(join(tmpdir(), 'check-cost-'));
    for (const { host } of [open, closed]) {
      await push(host, 'public/app', 'both', both);
      await push(host, 'public/app', 'single', amd);
      await push(host, 'public/app', 'arm-index', armIndex);
    }
    await hub.push('library/python', '3.12', both);
    await hub.push('library/single', '1', amd);
  });
  afterAll(async () => {
    await Promise.all([open.stop(), closed.stop(), hub.stop()]);
    await rm(cache, { recursive: true, force: true });
  });

  // crane 0.14 needs for the same: manifest 2 and 3, config 4 and 5 of an index (one more with a redirect).
  test.each<[string, () => string, number]>([
    ['an index without the platform, open', () => `${open.host}/public/app:arm-index`, 1],
    ['an index without the platform, with a token', () => `${closed.host}/public/app:arm-index`, 3],
    ['an index with its config, open', () => `${open.host}/public/app:both`, 3],
    ['an index with its config, with a token', () => `${closed.host}/public/app:both`, 5],
    ['a single manifest, open', () => `${open.host}/public/app:single`, 2],
    ['a single manifest, with a token', () => `${closed.host}/public/app:single`, 4],
  ])('%s', async (_, reference, requests) => {
    expect(await cost(reference())).toMatchObject({ stats: { requests, cacheHits: 0 } });
  });

  test('a single manifest with a token and a redirect costs five requests', async () => {
    const found = await cost('single:1', { env: hub.env });
    expect(found).toMatchObject({ stats: { requests: 5, cacheHits: 0 } });
    expect(hub.seen.splice(0).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'registry-1.docker.io GET',
      'auth.docker.io GET',
      'registry-1.docker.io GET',
      'registry-1.docker.io GET',
      'production.cloudflare.docker.com GET',
    ]);
  });

  test('bytes are those of manifests and config, and never of layers', async () => {
    const bytes = amd.root.bytes.length + (amd.blobs[0]?.bytes.length ?? 0);
    expect(await cost(`${open.host}/public/app:single`)).toMatchObject({ stats: { bytesRead: bytes } });
  });

  test('one image costs the same in many jobs and under all its names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-many-'));
    const names = ['both', `both@${both.root.digest}`, 'both'].map((tag) => `${open.host}/public/app:${tag}`);
    for (const [index, name] of names.entries()) {
      const job = `Name: a\nType: batch\nTasks:\n  - Name: a\n    Engine: {Type: docker, Params: {Image: '${name}'}}\n`;
      await writeFile(join(folder, `${index}.yaml`), job);
    }
    const { stdout } = await runCli(['check', '.', '--stats', '--format', 'json'], { cwd: folder });
    await rm(folder, { recursive: true });
    expect(JSON.parse(stdout)).toMatchObject({ stats: { requests: 6 } });
  });

  test('a second check costs the login and one HEAD', async () => {
    const env = { BACALHAU_PREFLIGHT_NO_CACHE: '', XDG_CACHE_HOME: cache };
    for (const [registry, first, second] of [
      [open, 3, 1],
      [closed, 5, 3],
    ] as const) {
      const reference = `${registry.host}/public/app:both`;
      expect(await cost(reference, { env })).toMatchObject({ stats: { requests: first, cacheHits: 0 } });
      expect(await cost(reference, { env })).toMatchObject({ stats: { requests: second, cacheHits: 3 } });
      expect(await cost(reference, { env, args: ['--no-cache'] })).toMatchObject({
        stats: { requests: first, cacheHits: 0 },
      });
    }
  });

  test('processes at once share the cache', async () => {
    const env = { BACALHAU_PREFLIGHT_NO_CACHE: '', XDG_CACHE_HOME: join(cache, 'shared') };
    const reference = `${open.host}/public/app:both`;
    const runs = await Promise.all(Array.from({ length: 4 }, () => checkJob(reference, { env })));
    expect(runs.map(({ report }) => report)).toEqual(runs.map(() => runs[0]?.report));
    expect(await cost(reference, { env })).toMatchObject({ stats: { requests: 1, cacheHits: 3 } });
  });

  test('people read it in one line on stderr', async () => {
    const { stdout, stderr } = await checkJobPretty(`${open.host}/public/app:single`, { args: ['--stats'] });
    expect(stderr).toMatch(
      /^2 requests, \d+ B read, 0 answers from the cache; read \d+ ms, look \d+ ms, judge \d+ ms, tell \d+ ms$/m,
    );
    expect(stdout).not.toContain('requests');
    const inspected = await runCli(['inspect', `${open.host}/public/app:arm-index`, '--stats', '--format', 'json']);
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      config: { platform: 'linux/arm64' },
      stats: { requests: 3, cacheHits: 0 },
    });
  });
});

describeWith(['docker-registry'], 'a mirror of Docker Hub', () => {
  let hub: TestHub;
  let store: TestRegistry;
  let mirror: Recorder;
  let folder = '';
  beforeAll(async () => {
    hub = await startHub();
    store = await startRegistry();
    mirror = await startRecorder(store.host);
    folder = await mkdtemp(join(tmpdir(), 'check-mirror-'));
    await writeFile(join(folder, 'daemon.json'), JSON.stringify({ 'registry-mirrors': [`http://${mirror.host}`] }));
    await hub.push('library/python', '3.12', both);
    await push(store.host, 'library/python', '3.12', both);
    // what the mirror has under this tag is older than what Docker Hub has
    await hub.push('library/alpine', '3', both);
    await push(store.host, 'library/alpine', '3', armIndex);
    await push(store.host, 'library/gone', '1', both);
  });
  afterAll(async () => {
    await Promise.all([hub.stop(), mirror.stop(), store.stop()]);
    await rm(folder, { recursive: true, force: true });
  });
  const seenBy = (seen: string[]): string[] =>
    seen.splice(0).map((line) => line.replace(/\/v2\/|\?.*? | bearer/g, ' '));

  test.each<[string, () => CheckJobOptions]>([
    ['a flag', () => ({ args: ['--registry-mirror', `http://${mirror.host}`], env: hub.env })],
    ['the settings of Docker', () => ({ env: { ...hub.env, DOCKER_CONFIG: folder } })],
  ])('that %s names gives content, and Docker Hub says which', async (_, options) => {
    const { report } = await checkJob('python:3.12', options());
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', image: { digest: both.root.digest } }],
    });
    expect(seenBy(hub.seen).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'registry-1.docker.io HEAD',
      'auth.docker.io GET',
      'registry-1.docker.io HEAD',
    ]);
    expect(seenBy(mirror.seen)).toEqual([
      `GET  library/python/manifests/${both.root.digest} 200`,
      `GET  library/python/manifests/${amd.root.digest} 200`,
      `GET  library/python/blobs/${amd.blobs[0]?.digest ?? ''} 200`,
    ]);
  });

  test('that is behind does not decide what a tag names', async () => {
    const { report } = await checkJob('alpine:3', {
      args: ['--registry-mirror', `http://${mirror.host}`],
      env: hub.env,
    });
    expect(report).toMatchObject({ subjects: [{ image: { digest: both.root.digest }, findings: [] }] });
  });

  test('that has what Docker Hub has not does not make it public', async () => {
    const { report } = await checkJob('gone:1', { args: ['--registry-mirror', `http://${mirror.host}`], env: hub.env });
    expect(report).toMatchObject({ subjects: [{ verdict: 'node', findings: [{ rule: 'image/missing' }] }] });
  });

  test.each(['http://127.0.0.1:1', 'ftp://mirror', 'https://me:pw@mirror/path', 'nonsense'])(
    'that is of no use is passed over: %s',
    async (url) => {
      const { report } = await checkJob('python:3.12', { args: ['--registry-mirror', url], env: hub.env });
      expect(report).toMatchObject({ subjects: [{ verdict: 'ok', image: { digest: both.root.digest } }] });
    },
  );

  test('that lies is not believed', async () => {
    const liar = await startFakeRegistry(both, (_, response) => {
      response.writeHead(200).end('{"schemaVersion":2,"manifests":[]}');
      return true;
    });
    const { report } = await checkJob('python:3.12', {
      args: ['--registry-mirror', `http://${liar.host}`],
      env: hub.env,
    });
    await liar.stop();
    expect(report).toMatchObject({ subjects: [{ image: { digest: both.root.digest } }] });
  });
});
