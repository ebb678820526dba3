import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../kit/cli.js';
import { startFakeRegistry, type FakeRegistry } from '../kit/fake-registry.js';
import { startHostileRegistry } from '../kit/hostile-registry.js';
import { image } from '../kit/images.js';
import { ACCOUNT, dockerConfigFor } from '../kit/registry.js';

jest.setTimeout(60_000);

/** Characters that move a cursor, colour, or turn text around; line ends are our own. */
const CONTROL = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-output-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function outputs(registry: FakeRegistry, env: Record<string, string> = {}): Promise<string[]> {
  const forms = [[], ['--format', 'json']];
  const results: string[] = [];
  for (const place of ['', 'true']) {
    for (const form of forms) {
      const { stdout, stderr, code } = await runCli(['check', '--image', `${registry.host}/app:1`, ...form], {
        env: { ...env, CI: place },
      });
      expect(code).toBeLessThan(4);
      results.push(stdout + stderr);
    }
  }
  return results;
}

describe('what a registry says', () => {
  test('cannot move the cursor, fake a line or start a workflow command', async () => {
    const registry = await startHostileRegistry('sends control characters');
    for (const output of await outputs(registry)) {
      expect(output).not.toMatch(CONTROL);
      expect(output).not.toMatch(/^::/m);
    }
    await registry.stop();
  });

  test('is not repeated when it holds what it was sent', async () => {
    const registry = await startHostileRegistry('repeats what it was sent');
    await writeFile(join(folder, 'config.json'), dockerConfigFor(registry.host));
    const login = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
    for (const output of await outputs(registry, { DOCKER_CONFIG: folder })) {
      expect(output).not.toContain(ACCOUNT.password);
      expect(output).not.toContain(login);
    }
    expect(registry.seen.some(({ authorization }) => authorization?.includes(login))).toBe(true);
    await registry.stop();
  });

  test('in an image cannot either', async () => {
    const evil = '\u001b[2Jx\r::error::y\u202e';
    const config = { Entrypoint: [evil], User: evil, Env: [`${evil}=1`], Labels: { [evil]: evil }, WorkingDir: evil };
    const registry = await startFakeRegistry(image({ config }));
    const inspected = await runCli(['inspect', `${registry.host}/app:1`]);
    for (const output of [...(await outputs(registry)), inspected.stdout + inspected.stderr]) {
      expect(output).not.toMatch(CONTROL);
      expect(output).not.toMatch(/^::/m);
    }
    await registry.stop();
  });
});

test('a Docker config that is a pipe is no reason to wait', async () => {
  const home = await mkdtemp(join(tmpdir(), 'pipe-'));
  execFileSync('mkfifo', [join(home, 'config.json')]);
  const registry = await startHostileRegistry('says 401 for ever');
  const env = { DOCKER_CONFIG: home };
  const { stdout } = await runCli(['check', '--image', `${registry.host}/app:1`, '--format', 'json'], { env });
  const findings: unknown = expect.arrayContaining([expect.objectContaining({ rule: 'image/private' })]);
  expect(JSON.parse(stdout)).toMatchObject({ subjects: [{ findings }] });
  await registry.stop();
  await rm(home, { recursive: true });
});
