import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT } from '../kit/account.js';
import { runCli } from '../kit/cli.js';
import { buildImages, leftovers, runScenario, type DryRunOutcome } from '../kit/dry-run.js';
import { pushFrom, startEngine, type TestEngine } from '../kit/engine.js';
import { image, indexOf } from '../kit/images.js';
import { dockerConfigFor, push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

describeWith(['dockerd', 'docker-registry', 'busybox', 'root'], 'dry-run --pull', () => {
  let engine: TestEngine;
  let open: TestRegistry;
  let closed: TestRegistry;
  let config: string;
  beforeAll(async () => {
    [engine, open, closed] = await Promise.all([startEngine(), startRegistry(), startRegistry('basic')]);
    await buildImages(engine);
    for (const [registry, login] of [
      [open, {}],
      [closed, ACCOUNT],
    ] as const) {
      await engine.docker.getImage('tools:1').tag({ repo: `${registry.host}/team/tools`, tag: '1' });
      await pushFrom(engine, `${registry.host}/team/tools:1`, login);
    }
    await push(open.host, 'team/arm', '1', indexOf({ 'linux/arm64': image({ platform: 'linux/arm64' }) }));
    config = await mkdtemp(join(tmpdir(), 'dry-run-pull-'));
    await writeFile(join(config, 'config.json'), dockerConfigFor(closed.host));
  }, 60_000);
  afterAll(async () => {
    await Promise.all([engine.stop(), open.stop(), closed.stop()]);
    await rm(config, { recursive: true, force: true });
  }, 60_000);

  /** Runs an image that the engine does not hold. */
  const pulled = async (
    name: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<DryRunOutcome> => {
    await engine.docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => undefined);
    const line = `--network none ${name} -- echo hello`;
    const outcome = await runScenario(engine, {
      title: '',
      line,
      args: ['--pull', 'missing', ...args],
      env,
      code: 0,
      findings: [],
    });
    expect(await leftovers(engine)).toEqual([]);
    return outcome;
  };

  test('missing gets what is not there, and runs it', async () => {
    const outcome = await pulled(`${open.host}/team/tools:1`);
    expect(outcome.tree?.stdout).toBe('hello\n');
    expect(outcome.text).toContain(`pull     ${open.host}/team/tools:1\n`);
    expect(outcome.code).toBe(0);
    expect(open.log()).toContain('http.request.uri=/v2/team/tools/manifests/1 ');
  });

  test('never, the default, asks no registry and names the flag', async () => {
    const before = open.log();
    const name = `${open.host}/team/other:1`;
    const { stdout, code } = await runCli(['dry-run', '--image', name], { env: { DOCKER_HOST: engine.host } });
    expect(stdout.replace(/\s+/g, ' ')).toContain('or let --pull missing do so');
    expect(code).toBe(2);
    expect(open.log()).toBe(before);
  });

  test('an image for another platform is a finding, and not run', async () => {
    const outcome = await pulled(`${open.host}/team/arm:1`);
    expect(outcome.findings).toEqual(['warning image/unreachable-host', 'error run/not-started']);
    expect(outcome.text).toContain('no image for the platform of the nodes');
    expect(outcome.text).toContain('no matching manifest for linux/amd64');
    expect(outcome.code).toBe(1);
    expect(outcome.tree).toBeUndefined();
  });

  test('an image that no registry has', async () => {
    const outcome = await pulled(`${open.host}/team/gone:1`);
    expect(outcome.text).toMatch(/could not pull \S+\/team\/gone:1: manifest for \S+ not found/);
    expect(outcome.code).toBe(2);
  });

  test('an image that wants a login', async () => {
    const outcome = await pulled(`${closed.host}/team/tools:1`);
    expect(outcome.text).toMatch(/could not pull \S+\/team\/tools:1: .*(?:no basic auth credentials|unauthorized)/);
    expect(outcome.code).toBe(2);
  });

  test("the user's login is sent, and said, but in CI only when that is asked for", async () => {
    const name = `${closed.host}/team/tools:1`;
    const mine = await pulled(name, [], { DOCKER_CONFIG: config });
    expect(mine.text).toContain('with your credentials, which no node has');
    expect(mine.code).toBe(0);
    const ci = { DOCKER_CONFIG: config, CI: 'true' };
    expect((await pulled(name, ['--yes'], ci)).code).toBe(2);
    expect((await pulled(name, ['--yes', '--credentials'], ci)).code).toBe(0);
    const before = closed.log();
    expect((await pulled(name, [], ci)).text).toContain('say so with --yes');
    expect(closed.log()).toBe(before);
  });
});
