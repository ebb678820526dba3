import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIOS } from '../dryrun/scenarios.js';
import { selfSigned } from '../kit/certificate.js';
import { runCli } from '../kit/cli.js';
import { buildImages, leftovers, runScenario, textTree, type DryRunScenario } from '../kit/dry-run.js';
import { startEngine, type TestEngine } from '../kit/engine.js';
import { describeWith } from '../kit/service.js';
import { SSH_NEEDS, startSshServer, type SshServer } from '../kit/ssh-server.js';

/** What goes through the archive API, and what does not start. */
const TITLES = [
  'a program that does its work',
  'folders within results keep their shape',
  'a folder in place of S3 is owned by root with mode 0700',
  'a file CID is the target itself, a folder CID a folder',
  'an exit code other than 0 is green on Bacalhau, and its results are there',
  'an input that the program never opens',
  'a program that is not there',
  'a memory hog',
];
const CHOSEN = SCENARIOS.filter(({ title }) => TITLES.includes(title)).map((each) => [each.title, each] as const);

test('all are there', () => expect(CHOSEN).toHaveLength(TITLES.length));

async function expectScenario(engine: TestEngine, scenario: DryRunScenario): Promise<void> {
  const { findings, code, tree, text } = await runScenario(engine, scenario);
  expect({ findings, code, tree, text }).toEqual({
    findings: scenario.findings,
    code: scenario.code,
    tree: scenario.tree === undefined ? undefined : textTree(scenario.tree),
    text: expect.stringContaining(''),
  });
  for (const each of scenario.says ?? []) expect(text).toContain(each);
  expect(await leftovers(engine)).toEqual([]);
}

const bound: DryRunScenario = {
  title: '',
  line: '--network none -i s3://docs/2024/:/inputs tools:1 -- cat /inputs/a',
  args: ['--input', '/inputs=./sample', '--bind'],
  files: { 'sample/a': 'A\n' },
  code: 2,
  findings: [],
  says: ['--bind mounts folders of the machine that the Docker engine runs on'],
};
const overHttp: DryRunScenario = {
  title: '',
  line: `--network http --domain a.example tools:1 -- sh -c 'wget -q -O- http://b.example/'`,
  code: 1,
  findings: ['error run/network', 'error run/exit-code'],
  tree: { stdout: '', stderr: 'wget: server returned error: HTTP/1.1 403 Forbidden\n', exitCode: '1' },
};

describeWith(['dockerd', 'ip', 'busybox', 'unshare', 'root', ...SSH_NEEDS], 'dry-run in an engine', () => {
  let engine: TestEngine;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dry-run-engines-'));
    engine = await startEngine({ network: true, tcp: 'plain' });
    await buildImages(engine);
  }, 60_000);
  afterAll(async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  describe('over tcp', () => {
    const via = (scenario: DryRunScenario): DryRunScenario => ({
      ...scenario,
      env: { DOCKER_HOST: `tcp://127.0.0.1:${String(engine.port)}` },
    });
    test.each(CHOSEN)('%s', (_title, scenario) => expectScenario(engine, via(scenario)));
    test('folders of this machine are not mounted there', () => expectScenario(engine, via(bound)));
    test('a program that is silent for longer than DOCKER_CLIENT_TIMEOUT', async () => {
      const scenario = { title: '', line: '--network none tools:1 -- sleep 2', code: 0, findings: [] };
      const { DOCKER_HOST = '' } = via(scenario).env ?? {};
      await expectScenario(engine, {
        ...scenario,
        env: { DOCKER_HOST, DOCKER_CLIENT_TIMEOUT: '500' },
        tree: { stdout: '', stderr: '', exitCode: '0' },
      });
    });
    test('network mode HTTP, since its networks are on this machine', () => expectScenario(engine, via(overHttp)));

    test('that the current Docker context names', async () => {
      const id = createHash('sha256').update('mine').digest('hex');
      await mkdir(join(folder, 'contexts', 'meta', id), { recursive: true });
      await writeFile(join(folder, 'config.json'), JSON.stringify({ currentContext: 'mine' }));
      const meta = { Name: 'mine', Endpoints: { docker: { Host: `tcp://127.0.0.1:${String(engine.port)}` } } };
      await writeFile(join(folder, 'contexts', 'meta', id, 'meta.json'), JSON.stringify(meta));
      const [, scenario] = CHOSEN[0] ?? [];
      if (scenario === undefined) throw new Error('there is none');
      await expectScenario(engine, { ...scenario, env: { DOCKER_HOST: '', DOCKER_CONFIG: folder } });
    });
  });

  describe('over TLS', () => {
    let secure: TestEngine;
    let env: Readonly<Record<string, string>>;
    beforeAll(async () => {
      const [server, client] = [selfSigned('localhost'), selfSigned('client')];
      const files = {
        'server-ca.pem': client.certificatePem,
        'server-cert.pem': server.certificatePem,
        'server-key.pem': server.privateKeyPem,
        'ca.pem': server.certificatePem,
        'cert.pem': client.certificatePem,
        'key.pem': client.privateKeyPem,
      };
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      const [ca = '', cert = '', key = ''] = ['ca', 'cert', 'key'].map((name) => join(folder, `server-${name}.pem`));
      secure = await startEngine({ tcp: { ca, cert, key } });
      await buildImages(secure);
      env = {
        DOCKER_HOST: `tcp://localhost:${String(secure.port)}`,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: folder,
      };
    }, 60_000);
    afterAll(() => secure.stop(), 60_000);

    test.each(CHOSEN)('%s', (_title, scenario) => expectScenario(secure, { ...scenario, env }));

    test('without a certificate of ours it is no engine for us', async () => {
      const bare = await mkdtemp(join(folder, 'bare-'));
      await copyFile(join(folder, 'ca.pem'), join(bare, 'ca.pem'));
      const { stdout, code } = await runCli(['dry-run', '--image', 'tools:1', '--', 'true'], {
        env: { ...env, DOCKER_CERT_PATH: bare },
      });
      expect(stdout.replace(/\s+/g, ' ')).toMatch(
        /the Docker engine at tcp:\/\/localhost:\d+ wants a TLS certificate/i,
      );
      expect(code).toBe(2);
    });
  });

  describe('over ssh', () => {
    let server: SshServer;
    const env = (): Readonly<Record<string, string>> => ({
      DOCKER_HOST: `ssh://${server.name}`,
      PATH: `${server.path}:${process.env.PATH ?? ''}`,
    });
    beforeAll(async () => {
      server = await startSshServer({ DOCKER_HOST: engine.host });
    });
    afterAll(() => server.stop());
    const tried = async (more: Readonly<Record<string, string>> = {}): Promise<string> => {
      const { stdout, code } = await runCli(['dry-run', '--image', 'tools:1', '--', 'true'], {
        env: { ...env(), ...more },
      });
      expect(code).toBe(2);
      return stdout.replace(/\s+/g, ' ');
    };

    test.each(CHOSEN)("%s, with what ssh's own settings say of port, user and key", (_title, scenario) =>
      expectScenario(engine, { ...scenario, env: env() }),
    );

    test('logs in a few times, not for every question', async () => {
      const before = server.logins();
      const [, scenario] = CHOSEN[0] ?? [];
      if (scenario === undefined) throw new Error('there is none');
      await expectScenario(engine, { ...scenario, env: env() });
      expect(server.logins() - before).toBeLessThan(10);
    });

    test('at a socket of the other machine', async () => {
      const more = { DOCKER_HOST: `ssh://root@${server.name}${engine.socketPath}` };
      const { code } = await runCli(['dry-run', '--image', 'default:1'], { env: { ...env(), ...more } });
      expect(code).toBe(0);
      expect(await tried({ DOCKER_HOST: `ssh://${server.name}/no/such.sock` })).toContain('is not reached: ssh says:');
    });

    test.each([
      ['a host key that is not known', { UserKnownHostsFile: '/dev/null' }, 'Host key verification failed.'],
      ['a key that the server does not take', { IdentityFile: '/dev/null' }, 'Permission denied (publickey).'],
      ['a port where nobody listens', { Port: '1' }, 'Connection refused'],
    ])('%s is told in the words of ssh', async (_title, changes, words) => {
      await server.configure(changes);
      try {
        const text = await tried();
        expect(text).toContain(`the Docker engine at ssh://${server.name} is not reached: ssh says:`);
        expect(text).toContain(words);
      } finally {
        await server.configure({});
      }
    });

    test('folders of this machine are not mounted there', () => expectScenario(engine, { ...bound, env: env() }));
  });

  test('whose networks are elsewhere has no network mode HTTP, and says so', async () => {
    const remote = await startEngine({ elsewhere: true });
    try {
      await buildImages(remote);
      await expectScenario(remote, {
        ...overHttp,
        code: 2,
        findings: ['error network/no-access'],
        tree: undefined,
        says: ['network mode HTTP needs a proxy beside the engine'],
      });
    } finally {
      await remote.stop();
    }
  });
});
