import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { selfSigned } from '../kit/certificate.js';
import { load, startEngine, type TestEngine } from '../kit/engine.js';
import { image, savedFiles, tarOf } from '../kit/images.js';
import { listen, portOf } from '../kit/listen.js';
import { push, startRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const arm = image({
  platform: 'linux/arm64',
  config: { Entrypoint: ['/app'], User: '1000', Volumes: { '/data': {} }, ExposedPorts: { '80/tcp': {} } },
});
const amd = image({ platform: 'linux/amd64' });
const FACTS = new Set(['image.platforms', 'image.config', 'image.local']);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

function lookAt(text: string, env: LookOptions['env'], options: Partial<LookOptions> = {}): Promise<Look> {
  return lookAtImage(parseImageName(text), FACTS, {
    platforms: ['linux/amd64'],
    offline: true,
    env: { DOCKER_CONFIG: join(folder, 'none'), PATH: process.env.PATH, ...env },
    credentials: false,
    insecureRegistries: [],
    ...options,
  });
}

describeWith(['root', 'dockerd', 'docker-registry'], 'a Docker engine', () => {
  let engine: TestEngine | undefined;
  const host = (): string => engine?.host ?? '';
  beforeAll(async () => {
    engine = await startEngine();
    await load(engine, tarOf(savedFiles({ 'app:dev': arm })));
  }, 60_000);
  afterAll(() => engine?.stop(), 60_000);

  test('shows an image by name', async () => {
    const { facts, missing } = await lookAt('docker-daemon:app:dev', { DOCKER_HOST: host() });
    expect(missing).toEqual({});
    expect(facts['image.platforms']).toMatchObject({
      source: 'docker-daemon',
      kind: 'manifest',
      platforms: [{ platform: 'linux/arm64' }],
    });
    expect(facts['image.platforms']?.digest).toBeUndefined();
    expect(facts['image.config']).toMatchObject({
      source: 'docker-daemon',
      platform: 'linux/arm64',
      entrypoint: ['/app'],
      cmd: [],
      user: '1000',
      volumes: ['/data'],
      exposedPorts: ['80/tcp'],
      hasHealthcheck: false,
    });
    expect(facts['image.local']).toMatchObject({
      present: true,
      id: arm.blobs[0]?.digest,
      platform: 'linux/arm64',
      repoDigests: [],
    });
  });

  test('shows an image by its ID', async () => {
    const id = arm.blobs[0]?.digest ?? '';
    const { facts } = await lookAt(`docker-daemon:${id}`, { DOCKER_HOST: host() });
    expect(facts['image.config']).toMatchObject({ entrypoint: ['/app'] });
  });

  test('says what it holds under the name of a registry image', async () => {
    const { facts, missing } = await lookAt('app:dev', { DOCKER_HOST: host() });
    expect(facts['image.local']).toMatchObject({ present: true, platform: 'linux/arm64' });
    expect(missing).toEqual({ 'image.platforms': 'offline', 'image.config': 'offline' });
    expect((await lookAt('app:other', { DOCKER_HOST: host() })).facts['image.local']).toEqual({ present: false });
  });

  test('knows the digest of what was pulled', async () => {
    const registry = await startRegistry();
    try {
      await push(registry.host, 'team/app', '1', amd);
      const pull = await engine?.docker.pull(`${registry.host}/team/app:1`);
      for await (const line of pull ?? []) expect(String(line)).not.toContain('"error"');
      const { facts } = await lookAt(`docker-daemon:${registry.host}/team/app:1`, { DOCKER_HOST: host() });
      expect(facts['image.platforms']?.digest).toBe(amd.root.digest);
      expect(facts['image.local']).toMatchObject({
        repoDigests: [`${registry.host}/team/app@${amd.root.digest}`],
      });
    } finally {
      await registry.stop();
    }
  });

  test('without the image is a problem for docker-daemon names', async () => {
    const { facts, missing, problem } = await lookAt('docker-daemon:nothing:1', { DOCKER_HOST: host() });
    expect(facts).toEqual({ 'image.local': { present: false } });
    expect(problem).toBe('the Docker engine has no image nothing:1');
    expect(missing).toEqual({ 'image.platforms': problem, 'image.config': problem });
  });

  test('is found through a Docker context', async () => {
    const config = join(folder, 'with-context');
    const id = createHash('sha256').update('mine').digest('hex');
    await mkdir(join(config, 'contexts', 'meta', id), { recursive: true });
    await writeFile(join(config, 'config.json'), JSON.stringify({ currentContext: 'mine' }));
    const meta = { Name: 'mine', Endpoints: { docker: { Host: host() } } };
    await writeFile(join(config, 'contexts', 'meta', id, 'meta.json'), JSON.stringify(meta));
    expect((await lookAt('app:dev', { DOCKER_CONFIG: config })).facts['image.local']).toMatchObject({ present: true });
    const { missing } = await lookAt('app:dev', { DOCKER_CONFIG: config, DOCKER_CONTEXT: 'other' });
    expect(missing['image.local']).toBe('the Docker context "other" does not exist');
  });

  test('is reached through ssh', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    // Stands for ssh: checks its arguments and hands the connection to the engine's socket.
    const script = `#!${process.execPath}
const { connect } = require('node:net');
const args = process.argv.slice(2).join(' ');
if (!args.endsWith('-T -l me -p 2222 -- remote.example docker system dial-stdio')) process.exit(1);
const socket = connect(${JSON.stringify(engine?.socketPath)});
process.stdin.pipe(socket).pipe(process.stdout);
`;
    await writeFile(join(bin, 'ssh'), script);
    await chmod(join(bin, 'ssh'), 0o755);
    const env = { DOCKER_HOST: 'ssh://me@remote.example:2222', PATH: `${bin}:${process.env.PATH ?? ''}` };
    const { facts, missing } = await lookAt('app:dev', env, { offline: false });
    expect(missing['image.local']).toBeUndefined();
    expect(facts['image.local']).toMatchObject({ present: true });
  });
});

describe('a Docker engine over TLS', () => {
  const key = selfSigned('localhost');
  const server = createTlsServer({ cert: key.certificatePem, key: key.privateKeyPem }, (request, response) => {
    const known = request.url?.startsWith('/images/app:dev/json') === true;
    const found = { Id: `sha256:${'a'.repeat(64)}`, Os: 'linux', Architecture: 'arm64', RepoDigests: [], Config: {} };
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? found : { message: 'No such image' }));
  });
  const host = (): string => `tcp://localhost:${portOf(server)}`;
  const certificates = async (ca: string): Promise<string> => {
    const certs = await mkdtemp(join(folder, 'certs-'));
    await writeFile(join(certs, 'ca.pem'), ca);
    return certs;
  };
  const ask = (env: LookOptions['env']): Promise<Look> =>
    lookAt('docker-daemon:app:dev', { DOCKER_HOST: host(), ...env }, { offline: false });
  beforeAll(async () => {
    await listen(server);
  });
  afterAll(() => {
    server.close();
  });

  test('is asked when its certificate is known', async () => {
    const DOCKER_CERT_PATH = await certificates(key.certificatePem);
    const { facts, missing } = await ask({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH });
    expect(missing).toEqual({});
    expect(facts['image.local']).toMatchObject({ present: true, platform: 'linux/arm64' });
  });

  test('is not asked when its certificate is another', async () => {
    const DOCKER_CERT_PATH = await certificates(selfSigned('localhost').certificatePem);
    const { missing } = await ask({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH });
    expect(missing['image.local']).toMatch(
      /^the Docker engine at tcp:\/\/localhost:\d+ has a TLS certificate that is not trusted/,
    );
  });

  test('is asked with any certificate where only DOCKER_TLS is set', async () => {
    const { missing } = await ask({ DOCKER_TLS: '1' });
    expect(missing).toEqual({});
  });

  test('does not answer without TLS', async () => {
    const { missing } = await ask({});
    expect(missing['image.local']).toBe(`the Docker engine at ${host()} does not answer in the way of one`);
  });

  test('that speaks none', async () => {
    const plain = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const { missing } = await ask({ DOCKER_HOST: `tcp://localhost:${portOf(plain)}`, DOCKER_TLS: '1' });
    expect(missing['image.local']).toMatch(/^the Docker engine at tcp:\/\/localhost:\d+ does not speak TLS \(/);
    plain.close();
  });
});

describe("an engine with containerd's store", () => {
  const entry = (architecture: string, Kind: string, Available: boolean): object => ({
    ID: `sha256:${'c'.repeat(64)}`,
    Kind,
    Available,
    Descriptor: { digest: `sha256:${'c'.repeat(64)}`, platform: { os: 'linux', architecture } },
    ...(Kind === 'image' ? { ImageData: { Platform: { os: 'linux', architecture } } } : {}),
  });
  const asked: string[] = [];
  const serve = (manifests: readonly object[]): Promise<HttpServer> =>
    listen(
      createHttpServer((request, response) => {
        asked.push(request.url ?? '');
        const found = {
          Id: `sha256:${'a'.repeat(64)}`,
          Os: 'linux',
          Architecture: 'arm64',
          RepoDigests: [`app@sha256:${'a'.repeat(64)}`],
          Config: {},
          Manifests: manifests,
        };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(found));
      }),
    );
  const platformsFrom = async (manifests: readonly object[]): Promise<Look['facts']['image.platforms']> => {
    const server = await serve(manifests);
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${portOf(server)}` };
    const { facts } = await lookAt('docker-daemon:app:dev', env, { offline: false });
    server.close();
    return facts['image.platforms'];
  };

  test('tells all platforms of an image, those that were not pulled too', async () => {
    const manifests = [
      entry('arm64', 'image', true),
      entry('amd64', 'image', false),
      entry('unknown', 'unknown', true),
    ];
    expect(await platformsFrom([...manifests, entry('arm64', 'attestation', true)])).toMatchObject({
      kind: 'index',
      platforms: [{ platform: 'linux/arm64' }, { platform: 'linux/amd64' }],
    });
    expect(asked.at(-1)).toBe('/images/app:dev/json?manifests=1');
  });

  test('knows that an image built here has no more than it was built for', async () => {
    const built = await platformsFrom([entry('arm64', 'image', true), entry('arm64', 'attestation', true)]);
    expect(built?.platforms).toHaveLength(1);
    expect(built?.isPartial).toBeUndefined();
    expect(await platformsFrom([])).toMatchObject({ platforms: [{ platform: 'linux/arm64' }], isPartial: true });
  });
});

describe('no Docker engine', () => {
  const absent = (): Promise<Look> => lookAt('docker-daemon:app', { DOCKER_HOST: `unix://${folder}/none.sock` });

  test('at the socket is a reason, not an error', async () => {
    const reason = `no Docker engine at unix://${folder}/none.sock`;
    expect((await absent()).missing).toEqual({
      'image.platforms': reason,
      'image.config': reason,
      'image.local': reason,
    });
  });

  test('over the network is not asked offline', async () => {
    const { missing, stats } = await lookAt('app', { DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(missing['image.local']).toBe('offline');
    expect(stats.requests).toBe(0);
    const online = await lookAt('docker-daemon:app', { DOCKER_HOST: 'tcp://127.0.0.1:1' }, { offline: false });
    expect(online.missing['image.local']).toBe('no Docker engine at tcp://127.0.0.1:1');
  });

  test('behind an ssh that fails', async () => {
    const env = { DOCKER_HOST: 'ssh://remote.invalid', PATH: folder };
    const { missing } = await lookAt('docker-daemon:app', env, { offline: false });
    expect(missing['image.local']).toBe(
      'the Docker engine at ssh://remote.invalid is not reached: the program ssh cannot be started',
    );
  });

  test('but something that never answers ends with the deadline', async () => {
    const server: Server = await listen(createServer(() => undefined));
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${portOf(server)}` };
    const { missing } = await lookAt('docker-daemon:app', env, { offline: false, requestMs: 50 });
    expect(missing['image.local']).toBe(`the Docker engine at ${env.DOCKER_HOST} did not answer in time`);
    server.close();
  });

  test('by a setting that is not understood', async () => {
    const { missing } = await lookAt('docker-daemon:app', { DOCKER_HOST: 'fd://' }, { offline: false });
    expect(missing['image.local']).toBe('DOCKER_HOST has a scheme that is not known (fd://)');
  });
});
