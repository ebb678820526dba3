import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AT_IMAGE, checkJob, checkJobPretty, type Checked } from '../kit/check.js';
import { runCli } from '../kit/cli.js';
import { build, load, pull, pushFrom, startEngine, type TestEngine } from '../kit/engine.js';
import { image, indexOf, savedFiles, tarOf, type TestImage } from '../kit/images.js';
import { ACCOUNT, push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const versions = ['1', '2', '3'].map((version) =>
  image({ platform: 'linux/amd64', config: { Entrypoint: ['/app'], Labels: { version } } }),
);
const arm = image({ platform: 'linux/arm64', config: { Entrypoint: ['/app'] } });
const PLATFORM = { rule: 'image/platform', severity: 'error', stage: 'node', confidence: 'high', location: AT_IMAGE };
const DIFFERS = { rule: 'image/local-differs', stage: 'results', confidence: 'high', location: AT_IMAGE };
const ONLY_LOCAL = { rule: 'image/local-only', stage: 'node', confidence: 'high', location: AT_IMAGE };

describeWith(['root', 'dockerd', 'docker-registry'], 'check with a Docker engine', () => {
  let engine: TestEngine | undefined;
  let registry: TestRegistry | undefined;
  let folder = '';
  beforeAll(async () => {
    [engine, registry, folder] = await Promise.all([
      startEngine(),
      startRegistry(),
      mkdtemp(join(tmpdir(), 'check-engine-')),
    ]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([engine?.stop(), registry?.stop()]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** A name in the registry of these tests; the repository is the test's own. */
  const named = (repository: string): string => `${registry?.host ?? ''}/acme/${repository}`;
  const running = (): TestEngine => {
    if (engine === undefined) throw new Error('the engine did not start');
    return engine;
  };
  const options = (...args: string[]): Parameters<typeof checkJob>[1] => ({
    args: ['--target', 'target.yaml', ...args],
    files: { 'target.yaml': 'privateRegistries: ["127.0.0.1"]\n' },
    env: { DOCKER_HOST: engine?.host ?? '' },
  });
  const check = (reference: string, ...args: string[]): Promise<Checked> => checkJob(reference, options(...args));
  const loadAs = (name: string, what: TestImage): Promise<void> => load(running(), tarOf(savedFiles({ [name]: what })));
  const pushAs = (repository: string, tag: string, what: TestImage | undefined): Promise<void> =>
    push(registry?.host ?? '', `acme/${repository}`, tag, what ?? arm);

  const expectReady = ({ code, report }: Checked, seen: object): void => {
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', complete: true, ready: true, image: seen, findings: [], notChecked: [] }],
      summary: { errors: 0, warnings: 0, infos: 0, notChecked: 0 },
    });
    expect(code).toBe(0);
  };

  describe('and an image that was never pushed', () => {
    test('for the wrong platform', async () => {
      const reference = `${named('laptop')}:dev`;
      await loadAs(reference, arm);
      const { code, report } = await check(reference);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'node',
            image: { reference, source: 'registry', platforms: [] },
            findings: [
              {
                ...ONLY_LOCAL,
                severity: 'error',
                message: `${reference} is only in the local engine (for linux/arm64), so no node can pull it.`,
                fix: {
                  safe: false,
                  commands: ['docker buildx build --platform linux/amd64 -t <your-docker-id>/laptop:dev --push .'],
                },
              },
            ],
          },
        ],
        summary: { errors: 1, warnings: 0, infos: 0 },
      });
      expect(code).toBe(1);
    });

    test('for the right platform', async () => {
      const reference = `${named('right')}:dev`;
      await build(running(), reference, { Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n', app: 'x' });
      const { code, report } = await check(reference);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'node',
            findings: [
              {
                ...ONLY_LOCAL,
                severity: 'error',
                fix: {
                  commands: [
                    `docker tag ${reference} <your-docker-id>/right:dev`,
                    'docker push <your-docker-id>/right:dev',
                  ],
                },
              },
            ],
          },
        ],
      });
      expect(code).toBe(1);
    });

    test('offline is no finding', async () => {
      const reference = `${named('offline')}:dev`;
      await loadAs(reference, arm);
      const { code, report } = await check(reference, '--offline');
      expect(report).toMatchObject({ subjects: [{ verdict: 'ok', complete: false, findings: [] }] });
      expect(code).toBe(0);
    });
  });

  describe('and an image in the registry', () => {
    test('that was built and pushed is ready', async () => {
      const reference = `${named('pushed')}:1`;
      await build(running(), reference, { Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n', app: 'x' });
      await pushFrom(running(), reference);
      const checked = await check(reference);
      expectReady(checked, { reference, source: 'registry', platforms: ['linux/amd64'] });
      const { stdout, code } = await checkJobPretty(reference, options('--strict'));
      expect(stdout).toContain('job.yaml  ready for ');
      expect(stdout).toMatch(/ {2}image {4}\S+ {2}registry {2}linux\/amd64\n {11}sha256:[0-9a-f]{12}… {2}public\n/);
      expect(code).toBe(0);
    });

    test('that was pulled is ready', async () => {
      const reference = `${named('pulled')}:1`;
      const all = indexOf({ 'linux/amd64': versions[0] ?? arm, 'linux/arm64': arm });
      await pushAs('pulled', '1', all);
      await pull(running(), reference);
      expectReady(await check(reference), {
        source: 'registry',
        digest: all.root.digest,
        platforms: ['linux/amd64', 'linux/arm64'],
      });
    });

    test('that is not on this machine is ready', async () => {
      await pushAs('elsewhere', '1', versions[0]);
      expectReady(await check(`${named('elsewhere')}:1`), { digest: versions[0]?.root.digest });
    });

    test('of which a newer build was not pushed', async () => {
      const reference = `${named('newer')}:1`;
      await pushAs('newer', '1', versions[0]);
      await loadAs(reference, versions[1] ?? arm);
      const { code, report } = await check(reference);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'ok',
            image: { source: 'registry', digest: versions[0]?.root.digest, platforms: ['linux/amd64'] },
            findings: [
              {
                ...DIFFERS,
                severity: 'warning',
                message: `The local engine holds a ${reference} that was never pushed: nodes run another, the one in the registry.`,
              },
            ],
          },
        ],
        summary: { errors: 0, warnings: 1, infos: 0 },
      });
      expect(code).toBe(0);
      expect((await check(reference, '--fail-on', 'warning')).code).toBe(1);
    });

    test('whose tag has moved on since it was pulled', async () => {
      const reference = `${named('moved')}:1`;
      await pushAs('moved', '1', versions[0]);
      await pull(running(), reference);
      await pushAs('moved', '1', versions[1]);
      const { code, report } = await check(reference);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'ok',
            image: { digest: versions[1]?.root.digest },
            findings: [{ ...DIFFERS, severity: 'info', fix: { commands: [`docker pull ${reference}`] } }],
          },
        ],
        summary: { errors: 0, warnings: 0, infos: 1 },
      });
      expect(code).toBe(0);
    });

    test('by digest, which is the same everywhere', async () => {
      await pushAs('digest', '1', versions[2]);
      await loadAs(`${named('digest')}:1`, versions[1] ?? arm);
      const digest = versions[2]?.root.digest ?? '';
      expectReady(await check(`${named('digest')}@${digest}`), { digest });
      expectReady(await check(`${named('digest')}:1@${digest}`), { digest });
    });

    test('for the wrong platform, while the local one is right', async () => {
      const reference = `${named('wrong')}:1`;
      await pushAs('wrong', '1', arm);
      await loadAs(reference, versions[0] ?? arm);
      const { code, report } = await check(reference);
      expect(report).toMatchObject({
        subjects: [{ verdict: 'node', image: { platforms: ['linux/arm64'] }, findings: [PLATFORM] }],
      });
      expect(code).toBe(1);
    });
  });

  describe('and a registry that does not tell private from missing', () => {
    let closed: TestRegistry | undefined;
    beforeAll(async () => {
      closed = await startRegistry('basic');
    });
    afterAll(() => closed?.stop());
    const reference = (tag: string): string => `${closed?.host ?? ''}/acme/closed:${tag}`;

    test('an image that the engine never pushed there is only local', async () => {
      await loadAs(reference('local'), arm);
      const { code, report } = await check(reference('local'));
      expect(report).toMatchObject({
        subjects: [{ verdict: 'node', findings: [{ ...ONLY_LOCAL, severity: 'error' }] }],
      });
      expect(code).toBe(1);
    });

    test('an image that the engine pushed there is private', async () => {
      const dockerfile = 'FROM scratch\nCOPY app /closed\nENTRYPOINT ["/closed"]\n';
      await build(running(), reference('pushed'), { Dockerfile: dockerfile, app: 'x' });
      await pushFrom(running(), reference('pushed'), { ...ACCOUNT, serveraddress: closed?.host ?? '' });
      const { code, report } = await check(reference('pushed'));
      expect(report).toMatchObject({
        subjects: [{ verdict: 'node', findings: [{ rule: 'image/private', severity: 'error', stage: 'node' }] }],
      });
      expect(code).toBe(1);
    });
  });

  describe('as the place to look', () => {
    const NOTE = { ...ONLY_LOCAL, severity: 'info' };

    test('by name', async () => {
      await loadAs('laptop-only:dev', arm);
      const { code, report } = await check('ghcr.io/acme/app:1', '--image', 'docker-daemon:laptop-only:dev');
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'node',
            complete: true,
            image: {
              reference: 'docker-daemon:laptop-only:dev',
              source: 'docker-daemon',
              platforms: ['linux/arm64'],
            },
            findings: [
              NOTE,
              {
                ...PLATFORM,
                fix: {
                  commands: [
                    'docker buildx build --platform linux/amd64,linux/arm64 -t <your-docker-id>/laptop-only:dev --push .',
                  ],
                },
              },
            ],
          },
        ],
        summary: { errors: 1, warnings: 0, infos: 1, notChecked: 0 },
      });
      expect(code).toBe(1);
    });

    test('says nothing of the registry, which may have more than was pulled', async () => {
      const reference = `${named('mac')}:1`;
      await pushAs('mac', '1', arm);
      await pull(running(), reference);
      const { code, report } = await check('ghcr.io/acme/app:1', '--image', `docker-daemon:${reference}`);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'ok',
            image: { source: 'docker-daemon', digest: arm.root.digest, platforms: ['linux/arm64'] },
            findings: [
              NOTE,
              {
                ...PLATFORM,
                severity: 'warning',
                confidence: 'medium',
                remedy: `Look at what the registry has: bacalhau-preflight check --image ${reference}`,
              },
            ],
          },
        ],
      });
      expect(code).toBe(0);
    });

    test('by ID', async () => {
      const built = image({ platform: 'linux/arm64', config: { Entrypoint: ['/by-id'] } });
      await loadAs('by-id:dev', built);
      const id = built.blobs[0]?.digest ?? '';
      const { report } = await check('ghcr.io/acme/app:1', '--image', `docker-daemon:${id}`);
      expect(report).toMatchObject({
        subjects: [{ image: { source: 'docker-daemon', platforms: ['linux/arm64'] }, findings: [PLATFORM] }],
      });
    });

    test('knows the digest of what was pulled, offline too', async () => {
      const reference = `${named('known')}:1`;
      await pushAs('known', '1', versions[0]);
      await pull(running(), reference);
      const { code, report } = await check('ghcr.io/acme/app:1', '--image', `docker-daemon:${reference}`, '--offline');
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'ok',
            complete: true,
            image: { source: 'docker-daemon', digest: versions[0]?.root.digest, platforms: ['linux/amd64'] },
            findings: [NOTE],
          },
        ],
      });
      expect(code).toBe(0);
    });

    test('without the image is a mistake in the command line', async () => {
      const args = ['check', '--image', 'docker-daemon:nothing:1'];
      const { code, stderr } = await runCli(args, { env: { DOCKER_HOST: engine?.host ?? '' } });
      expect(stderr).toBe('the Docker engine has no image nothing:1\n');
      expect(code).toBe(2);
    });
  });

  describe('and what it saves', () => {
    const save = async (name: string): Promise<string> => {
      const path = join(folder, `${name.replace(/\W/g, '-')}.tar`);
      await pipeline(await running().docker.getImage(name).get(), createWriteStream(path));
      return path;
    };

    test('is read as docker-archive', async () => {
      await build(running(), 'saved:1', {
        Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n',
        app: 'x',
      });
      const path = await save('saved:1');
      const { code, report } = await check('ghcr.io/acme/app:1', '--image', `docker-archive:${path}`);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'ok',
            complete: true,
            image: { reference: `docker-archive:${path}`, source: 'docker-archive', platforms: ['linux/amd64'] },
            findings: [],
          },
        ],
      });
      expect(code).toBe(0);
    });

    test('of the wrong platform', async () => {
      await loadAs('saved:arm', arm);
      const path = await save('saved:arm');
      const { code, report } = await check('ghcr.io/acme/app:1', '--image', `docker-archive:${path}:saved:arm`);
      expect(report).toMatchObject({
        subjects: [{ image: { source: 'docker-archive', platforms: ['linux/arm64'] }, findings: [PLATFORM] }],
      });
      expect(code).toBe(1);
    });
  });
});

describe('check without a Docker engine', () => {
  const lookAt = (name: string, env: Record<string, string> = {}): ReturnType<typeof runCli> =>
    runCli(['check', '--strict', '--image', name], { env });

  test('at the place that DOCKER_HOST names says that it was not checked', async () => {
    const { code, stdout } = await lookAt('docker-daemon:app:1', { DOCKER_HOST: 'unix:///no-engine/docker.sock' });
    expect(stdout).toContain('(no Docker engine at unix:///no-engine/docker.sock)');
    expect(stdout).toContain('nothing wrong in what could be checked');
    expect(stdout).not.toContain('was looked at');
    expect(code).toBe(3);
  });

  test.each([
    ['docker-daemon:', 'docker-daemon:: not an image reference'],
    ['docker-daemon:Upper/case', 'docker-daemon:Upper/case: not an image reference'],
  ])('%s names no image', async (name, message) => {
    const { code, stderr } = await lookAt(name);
    expect(stderr).toBe(`${message}\n`);
    expect(code).toBe(2);
  });
});
