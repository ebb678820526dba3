import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { image, indexOf } from '../kit/images.js';
import { dockerConfigFor, push, startRegistry, type RegistryLogin, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const CONFIG = { Entrypoint: ['/app'], Cmd: ['serve'], User: '1000', WorkingDir: '/work', Env: ['A=1'] };
const arm = image({ platform: 'linux/arm64', config: CONFIG });
const amd = image({ platform: 'linux/amd64', config: { Cmd: ['sh'] } });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm });
const attested = indexOf({ 'linux/arm64': arm }, { attestations: true });

const ALL = new Set(['image.access', 'image.platforms', 'image.config']);
const PLATFORMS = new Set(['image.access', 'image.platforms']);

let configFolder: string;

beforeAll(async () => {
  configFolder = await mkdtemp(join(tmpdir(), 'docker-config-'));
});
afterAll(() => rm(configFolder, { recursive: true }));

function lookAt(text: string, wanted = ALL, options: Partial<LookOptions> = {}): Promise<Look> {
  return lookAtImage(parseImageName(text), wanted, {
    platforms: ['linux/amd64'],
    offline: false,
    env: { DOCKER_CONFIG: join(configFolder, 'none') },
    credentials: true,
    insecureRegistries: [],
    ...options,
  });
}

function useRegistry(login: RegistryLogin, fill: (host: string) => Promise<void>): () => string {
  let registry: TestRegistry | undefined;
  beforeAll(async () => {
    registry = await startRegistry(login);
    await fill(registry.host);
    await writeFile(join(configFolder, 'config.json'), dockerConfigFor(registry.host));
  });
  afterAll(() => registry?.stop());
  return () => registry?.host ?? '';
}

describeWith(['docker-registry'], 'an open registry', () => {
  const host = useRegistry('none', async (to) => {
    await push(to, 'app', 'arm', arm);
    await push(to, 'app', 'both', both);
    await push(to, 'app', 'attested', attested);
    await push(to, 'app', 'docker', image({ docker: true }));
    await push(to, 'app', 'docker-list', indexOf({ 'linux/arm/v7': image({ docker: true }) }, { docker: true }));
  });

  test('an index answers for platforms in one request', async () => {
    const { facts, missing, stats } = await lookAt(`${host()}/app:both`, PLATFORMS);
    expect(facts['image.access']).toEqual({ kind: 'public', registry: host(), triedCredentials: false });
    expect(facts['image.platforms']).toEqual({
      source: 'registry',
      digest: both.root.digest,
      kind: 'index',
      platforms: [
        { platform: 'linux/amd64', digest: amd.root.digest },
        { platform: 'linux/arm64', digest: arm.root.digest },
      ],
    });
    expect(missing).toEqual({});
    expect(stats.requests).toBe(1);
  });

  test('the config is that of the target platform', async () => {
    const { facts } = await lookAt(`${host()}/app:both`, ALL, { platforms: ['linux/riscv64', 'linux/arm64'] });
    expect(facts['image.config']).toMatchObject({
      platform: 'linux/arm64',
      entrypoint: ['/app'],
      cmd: ['serve'],
      user: '1000',
      workingDir: '/work',
      env: ['A=1'],
    });
  });

  test('a single manifest costs its config, which tells the platform', async () => {
    const { facts, stats } = await lookAt(`${host()}/app:arm`);
    expect(facts['image.platforms']).toMatchObject({
      kind: 'manifest',
      digest: arm.root.digest,
      platforms: [{ platform: 'linux/arm64', digest: arm.root.digest }],
    });
    expect(facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
    expect(stats.requests).toBe(2);
  });

  test('attestations are no platforms', async () => {
    const { facts } = await lookAt(`${host()}/app:attested`, ALL, { platforms: ['linux/arm64'] });
    expect(facts['image.platforms']?.platforms.map(({ platform }) => platform)).toEqual(['linux/arm64']);
    expect(facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
  });

  test('an index without the target costs no further request, unless somebody wants to see it', async () => {
    const { facts, missing, stats } = await lookAt(`${host()}/app:attested`);
    expect(facts['image.platforms']?.platforms).toHaveLength(1);
    expect(missing).toEqual({ 'image.config': 'the image is not there for linux/amd64' });
    expect(stats.requests).toBe(1);
    const shown = await lookAt(`${host()}/app:attested`, ALL, { anyPlatform: true });
    expect(shown.facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
  });

  test("Docker's media types are read as well", async () => {
    expect((await lookAt(`${host()}/app:docker`)).facts['image.platforms']?.platforms[0]?.platform).toBe('linux/amd64');
    const list = await lookAt(`${host()}/app:docker-list`, PLATFORMS);
    expect(list.facts['image.platforms']?.platforms[0]?.platform).toBe('linux/arm/v7');
  });

  test('a digest names the same image', async () => {
    const { facts } = await lookAt(`${host()}/app@${both.root.digest}`, PLATFORMS);
    expect(facts['image.platforms']?.digest).toBe(both.root.digest);
  });

  test.each(['app:gone', 'nowhere:1', `app@sha256:${'0'.repeat(64)}`])('%s is missing', async (name) => {
    const { facts, missing } = await lookAt(`${host()}/${name}`);
    expect(facts['image.access']).toMatchObject({ kind: 'missing', triedCredentials: false });
    expect(missing).toEqual({
      'image.platforms': `${host()} has no such image`,
      'image.config': `${host()} has no such image`,
    });
  });

  test('nothing is asked offline', async () => {
    const { missing, stats } = await lookAt(`${host()}/app:both`, ALL, { offline: true });
    expect(missing).toEqual({ 'image.access': 'offline', 'image.platforms': 'offline', 'image.config': 'offline' });
    expect(stats.requests).toBe(0);
  });
});

describeWith(['docker-registry'], 'a registry with basic auth', () => {
  const host = useRegistry('basic', (to) => push(to, 'app', '1', both));

  test('without credentials nobody knows whether the image is there', async () => {
    const { facts, missing, stats } = await lookAt(`${host()}/app:1`);
    expect(facts['image.access']).toMatchObject({ kind: 'private-or-missing', triedCredentials: false });
    expect(missing['image.platforms']).toBe(`${host()} does not show the image to us`);
    expect(stats.requests).toBe(1);
  });

  test('with credentials the image is private', async () => {
    const { facts, stats } = await lookAt(`${host()}/app:1`, PLATFORMS, { env: { DOCKER_CONFIG: configFolder } });
    expect(facts['image.access']).toMatchObject({ kind: 'credentials', triedCredentials: true });
    expect(facts['image.platforms']?.platforms).toHaveLength(2);
    expect(stats.requests).toBe(2);
  });

  test('with credentials a missing image is missing', async () => {
    const { facts } = await lookAt(`${host()}/app:2`, PLATFORMS, { env: { DOCKER_CONFIG: configFolder } });
    expect(facts['image.access']).toMatchObject({ kind: 'missing', triedCredentials: true });
  });

  test('credentials stay at home unless they are allowed', async () => {
    const options = { env: { DOCKER_CONFIG: configFolder }, credentials: false };
    const { facts } = await lookAt(`${host()}/app:1`, PLATFORMS, options);
    expect(facts['image.access']).toMatchObject({ kind: 'private-or-missing', triedCredentials: false });
  });
});

describeWith(['docker-registry'], 'a registry with token auth', () => {
  const host = useRegistry('token', async (to) => {
    await push(to, 'public/app', 'both', both);
    await push(to, 'public/app', 'arm', arm);
    await push(to, 'private/app', '1', both);
  });

  test('an index question costs three requests', async () => {
    const { facts, stats } = await lookAt(`${host()}/public/app:both`, PLATFORMS);
    expect(facts['image.access']).toMatchObject({ kind: 'public' });
    expect(stats.requests).toBe(3);
  });

  test('a single manifest costs four, without a redirect', async () => {
    const { facts, stats } = await lookAt(`${host()}/public/app:arm`);
    expect(facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
    expect(stats.requests).toBe(4);
  });

  test('a public repository without the tag is missing', async () => {
    const { facts } = await lookAt(`${host()}/public/app:none`);
    expect(facts['image.access']).toMatchObject({ kind: 'missing' });
  });

  test('a private image is refused without credentials and served with them', async () => {
    const anonymous = await lookAt(`${host()}/private/app:1`);
    expect(anonymous.facts['image.access']).toMatchObject({ kind: 'private-or-missing', triedCredentials: false });
    const { facts } = await lookAt(`${host()}/private/app:1`, ALL, { env: { DOCKER_CONFIG: configFolder } });
    expect(facts['image.access']).toMatchObject({ kind: 'credentials', triedCredentials: true });
    expect(facts['image.config']).toMatchObject({ platform: 'linux/amd64' });
  });
});
