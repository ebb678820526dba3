import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCli, type CliResult } from '../kit/cli.js';
import { load, pull, startEngine, type TestEngine } from '../kit/engine.js';
import { image, indexOf, savedFiles, tarOf } from '../kit/images.js';
import { push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const config = { Entrypoint: ['/app'], User: '1000', Env: ['TOKEN=do-not-show'], Labels: { odd: '\u001b[2J' } };
const arm = image({ platform: 'linux/arm64', config });
const amd = image({ platform: 'linux/amd64', config });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm }, { attestations: true });

describeWith(['root', 'dockerd', 'docker-registry'], 'inspect', () => {
  let engine: TestEngine | undefined;
  let registry: TestRegistry | undefined;
  let folder = '';
  beforeAll(async () => {
    [engine, registry, folder] = await Promise.all([
      startEngine(),
      startRegistry(),
      mkdtemp(join(tmpdir(), 'inspect-')),
    ]);
    await push(registry.host, 'acme/app', '1', both);
    await pull(engine, `${registry.host}/acme/app:1`);
    await load(engine, tarOf(savedFiles({ 'app:dev': arm })));
  });
  afterAll(async () => {
    await Promise.all([engine?.stop(), registry?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const named = (): string => `${registry?.host ?? ''}/acme/app:1`;
  const inspect = async (name: string, ...args: string[]): Promise<CliResult> => {
    const result = await runCli(['inspect', name, ...args], { env: { DOCKER_HOST: engine?.host ?? '' } });
    expect(result.stdout).not.toContain('do-not-show');
    expect(result.stdout).not.toContain('\u001b');
    return result;
  };
  const json = async (name: string, ...args: string[]): Promise<unknown> => {
    const { code, stdout } = await inspect(name, '--format', 'json', ...args);
    expect(code).toBe(0);
    return JSON.parse(stdout);
  };

  test('an image of a registry, as a node of the target sees it', async () => {
    expect(await json(named(), '--platform', 'linux/arm64')).toMatchObject({
      reference: named(),
      source: 'registry',
      digest: both.root.digest,
      access: 'public',
      platforms: [
        { platform: 'linux/amd64', digest: amd.root.digest },
        { platform: 'linux/arm64', digest: arm.root.digest },
      ],
      config: {
        platform: 'linux/arm64',
        digest: arm.blobs[0]?.digest,
        entrypoint: ['/app'],
        user: '1000',
        env: ['TOKEN'],
        envValues: { TOKEN: null },
        layers: [{ digest: arm.blobs[1]?.digest, size: arm.blobs[1]?.bytes.length }],
      },
      node: { would: 'run' },
    });
    const { stdout } = await inspect(named());
    expect(stdout).toContain('  source      registry, can be pulled by everyone\n');
    expect(stdout).toContain(`  digest      ${both.root.digest}\n`);
    expect(stdout).toMatch(
      / {2}platforms {3}linux\/amd64 {2}sha256:.* runs on the target\n {14}linux\/arm64 {2}sha256:/,
    );
  });

  test('an image of the engine that was pulled, by name and by ID', async () => {
    const seen = { source: 'docker-daemon', digest: both.root.digest, platforms: [{ platform: 'linux/amd64' }] };
    expect(await json(`docker-daemon:${named()}`)).toMatchObject(seen);
    expect(await json(`docker-daemon:${amd.blobs[0]?.digest ?? ''}`)).toMatchObject(seen);
  });

  test('an image of the engine that was built here', async () => {
    const { code, stdout } = await inspect('docker-daemon:app:dev');
    expect(stdout).toContain('  source      docker-daemon\n');
    expect(stdout).toContain('  digest      none: it was never pushed or pulled under this name\n');
    expect(stdout).toContain('  platforms   linux/arm64');
    expect(code).toBe(0);
  });

  test('a file of docker save', async () => {
    const path = join(folder, 'saved.tar');
    await pipeline((await engine?.docker.getImage('app:dev').get()) ?? [], createWriteStream(path));
    const { code, stdout } = await inspect(`docker-archive:${path}`);
    expect(stdout).toContain(
      '  source      docker-archive\n  digest      none in this format\n  platforms   linux/arm64',
    );
    expect(code).toBe(0);
  });

  test.each([
    ['acme/app:2', 'has no such image'],
    ['nothing:1', 'has no such image'],
  ])('%s is not there', async (name, reason) => {
    const reference = `${registry?.host ?? ''}/${name}`;
    const { code, stdout, stderr } = await inspect(reference);
    expect(stdout).toBe('');
    expect(stderr).toBe(`cannot inspect ${reference}: ${registry?.host ?? ''} ${reason}\n`);
    expect(code).toBe(2);
  });
});
