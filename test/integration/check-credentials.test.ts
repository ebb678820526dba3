import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AT_IMAGE, checkJob, type Checked } from '../kit/check.js';
import { image, indexOf } from '../kit/images.js';
import { startRecorder, type Recorder } from '../kit/recorder.js';
import { ACCOUNT, basicLogin, dockerConfigFor, push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';
import { REFRESH_TOKEN } from '../kit/token-server.js';

const config = { Entrypoint: ['/app'] };
const arm = image({ platform: 'linux/arm64', config });
const both = indexOf({ 'linux/amd64': image({ platform: 'linux/amd64', config }), 'linux/arm64': arm });
const REACHED = {
  args: ['--target', 'target.yaml'],
  files: { 'target.yaml': 'privateRegistries: ["127.0.0.1"]\n' },
};
const PRIVATE = { rule: 'image/private', stage: 'node', confidence: 'high', location: AT_IMAGE };
const SEEN = { source: 'registry', digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] };

let folder = '';
const folders: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docker-config-'));
  folders.push(folder);
  await mkdir(join(folder, 'bin'));
});
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true }))));

/** Checks a job with this Docker config, as someone who is logged in. */
async function checkAs(
  dockerConfig: object | string,
  reference: string,
  env = {},
  args: string[] = [],
): Promise<Checked> {
  const text = typeof dockerConfig === 'string' ? dockerConfig : JSON.stringify(dockerConfig);
  await writeFile(join(folder, 'config.json'), text);
  const PATH = `${join(folder, 'bin')}:${process.env.PATH ?? ''}`;
  const checked = await checkJob(reference, {
    ...REACHED,
    args: [...REACHED.args, ...args],
    env: { DOCKER_CONFIG: folder, PATH, ...env },
  });
  for (const secret of [ACCOUNT.password, basicLogin().slice('Basic '.length), REFRESH_TOKEN]) {
    expect(checked.output).not.toContain(secret);
  }
  return checked;
}

/** A credential helper (docker-credential-helpers protocol) that knows these servers and writes down what it is asked. */
async function writeHelper(name: string, known: Readonly<Record<string, object>>): Promise<() => Promise<string>> {
  const log = join(folder, `${name}.log`);
  const script = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const server = readFileSync(0, 'utf8').trim();
appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + ' ' + server + '\\n');
const found = ${JSON.stringify(known)}[server];
console.log(found === undefined ? 'credentials not found in native keychain' : JSON.stringify(found));
process.exitCode = found === undefined ? 1 : 0;
`;
  await writeScript(name, script);
  return () => readFile(log, 'utf8');
}

async function writeScript(name: string, script: string): Promise<void> {
  const path = join(folder, 'bin', `docker-credential-${name}`);
  await writeFile(path, script);
  await chmod(path, 0o755);
}

const SECRET = { Username: ACCOUNT.username, Secret: ACCOUNT.password };

describeWith(['docker-registry'], 'check with a registry behind basic auth', () => {
  let registry: TestRegistry | undefined;
  let recorder: Recorder | undefined;
  const host = (): string => recorder?.host ?? '';
  const reference = (): string => `${host()}/acme/app:both`;
  beforeAll(async () => {
    registry = await startRegistry('basic');
    await push(registry.host, 'acme/app', 'both', both);
    await push(registry.host, 'acme/app', 'arm', arm);
    await push(registry.host, 'app', 'both', both);
    recorder = await startRecorder(registry.host);
  });
  afterAll(async () => {
    await recorder?.stop();
    await registry?.stop();
  });
  beforeEach(() => {
    recorder?.seen.splice(0);
  });

  const expectServed = ({ code, report }: Checked): void => {
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          image: { reference: reference(), ...SEEN },
          findings: [
            {
              ...PRIVATE,
              severity: 'error',
              message:
                `${reference()} is private: ${host()} served it only with your credentials, ` +
                'and nodes send no credentials for a name with two or more slashes.',
            },
          ],
        },
      ],
      summary: { errors: 1, warnings: 0 },
    });
    expect(code).toBe(1);
  };

  const expectRefused = ({ code, report }: Checked): void => {
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          complete: false,
          image: { reference: reference(), source: 'registry', platforms: [] },
          findings: [{ ...PRIVATE, severity: 'error' }],
        },
      ],
    });
    expect(JSON.stringify(report)).toContain('is private or missing');
    expect(code).toBe(1);
  };

  test('without credentials', async () => {
    expectRefused(await checkAs({}, reference()));
    expect(recorder?.seen).toEqual(['GET /v2/acme/app/manifests/both 401']);
  });

  test('with a Docker config that is broken', async () => expectRefused(await checkAs('{"auths": {', reference())));

  test('with auths', async () => {
    expectServed(await checkAs(dockerConfigFor(host()), reference()));
    expect(recorder?.seen.map((line) => line.replace(/sha256:\w+/, 'DIGEST'))).toEqual([
      'GET /v2/acme/app/manifests/both 401',
      'GET /v2/acme/app/manifests/both 200 basic',
      'GET /v2/acme/app/manifests/DIGEST 200 basic',
      'GET /v2/acme/app/blobs/DIGEST 200 basic',
    ]);
  });

  test('with auths of another registry only, which stay there', async () => {
    expectRefused(await checkAs(dockerConfigFor('registry.example.com', '127.0.0.1'), reference()));
    expect(recorder?.seen).toEqual(['GET /v2/acme/app/manifests/both 401']);
  });

  test('with the wrong password', async () => {
    const auth = Buffer.from(`${ACCOUNT.username}:wrong`).toString('base64');
    expectRefused(await checkAs({ auths: { [host()]: { auth } } }, reference()));
    expect(recorder?.seen).toHaveLength(2);
  });

  test('with a store', async () => {
    const asked = await writeHelper('store', { [host()]: SECRET });
    // `docker login` leaves an empty entry in auths beside a store.
    expectServed(await checkAs({ auths: { [host()]: {} }, credsStore: 'store' }, reference()));
    expect(await asked()).toBe(`get ${host()}\n`);
  });

  test('with a helper for this registry, which comes before the store', async () => {
    const asked = await writeHelper('one', { [host()]: SECRET });
    await writeHelper('store', { [host()]: { Username: 'nobody', Secret: 'wrong' } });
    expectServed(await checkAs({ credHelpers: { [host()]: 'one' }, credsStore: 'store' }, reference()));
    expect(await asked()).toBe(`get ${host()}\n`);
  });

  test('with a helper for another registry', async () => {
    await writeHelper('other', { [host()]: SECRET });
    expectRefused(await checkAs({ credHelpers: { 'registry.example.com': 'other' } }, reference()));
  });

  test('with a store that knows nothing, auths are used', async () => {
    await writeHelper('store', {});
    const auth = basicLogin().slice('Basic '.length);
    expectServed(await checkAs({ auths: { [host()]: { auth } }, credsStore: 'store' }, reference()));
  });

  describe('with a store that fails', () => {
    const WHY = 'Your own credentials could not be tried';
    const expectTold = (checked: Checked, why: string): void => {
      expectRefused(checked);
      expect(checked.report).toMatchObject({
        subjects: [{ findings: [{ related: [{ message: `${WHY}: ${why}.` }] }] }],
      });
      expect(recorder?.seen).toEqual(['GET /v2/acme/app/manifests/both 401']);
    };

    test('since it is not installed', async () =>
      expectTold(await checkAs({ credsStore: 'gone' }, reference()), 'docker-credential-gone is not installed'));

    test('with an error of its own, which is not repeated', async () => {
      await writeScript('sick', `#!/bin/sh\ncat >/dev/null\necho "${ACCOUNT.password}" >&2\nexit 1\n`);
      expectTold(await checkAs({ credsStore: 'sick' }, reference()), 'docker-credential-sick failed');
    });

    test('with an answer that is no JSON', async () => {
      await writeScript('odd', '#!/bin/sh\ncat >/dev/null\necho hello\n');
      expectTold(await checkAs({ credsStore: 'odd' }, reference()), 'the answer of docker-credential-odd is not JSON');
    });

    test('since its name is a path', async () =>
      expectTold(
        await checkAs({ credsStore: '../bin/evil' }, reference()),
        'the Docker config names an invalid credential helper',
      ));
  });

  test('in CI credentials stay where they are, unless they are asked for', async () => {
    const asked = await writeHelper('store', { [host()]: SECRET });
    const LOCAL = ['--allow-host', '127.0.0.1'];
    expectRefused(await checkAs({ credsStore: 'store' }, reference(), { CI: 'true' }, LOCAL));
    await expect(asked()).rejects.toThrow('ENOENT');
    expectServed(await checkAs({ credsStore: 'store' }, reference(), { CI: 'true' }, [...LOCAL, '--credentials']));
  });

  test('nodes might be let in where the name has one slash', async () => {
    const { code, report } = await checkAs(dockerConfigFor(host()), `${host()}/app:both`);
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', image: SEEN, findings: [{ ...PRIVATE, severity: 'warning' }] }],
      summary: { errors: 0, warnings: 1 },
    });
    expect(code).toBe(0);
  });

  test('with credentials a missing image is missing', async () => {
    const { code, report } = await checkAs(dockerConfigFor(host()), `${host()}/acme/app:gone`);
    expect(report).toMatchObject({
      subjects: [{ verdict: 'node', findings: [{ rule: 'image/missing', severity: 'error', stage: 'node' }] }],
    });
    expect(code).toBe(1);
  });

  test('a private image of the wrong platform has two problems', async () => {
    const { code, report } = await checkAs(dockerConfigFor(host()), `${host()}/acme/app:arm`);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          image: { digest: arm.root.digest, platforms: ['linux/arm64'] },
          findings: [
            { rule: 'image/platform', severity: 'error', stage: 'node', location: AT_IMAGE },
            { ...PRIVATE, severity: 'error' },
          ],
        },
      ],
    });
    expect(code).toBe(1);
  });
});

describeWith(['docker-registry'], 'check with a token server that knows the account', () => {
  let registry: TestRegistry | undefined;
  const host = (): string => registry?.host ?? '';
  beforeAll(async () => {
    registry = await startRegistry('token');
    await push(registry.host, 'private/app', '1', both);
  });
  afterAll(() => registry?.stop());

  const expectServed = ({ code, report, output }: Checked): void => {
    expect(report).toMatchObject({
      subjects: [{ verdict: 'node', image: SEEN, findings: [{ ...PRIVATE, severity: 'error' }] }],
    });
    expect(JSON.stringify(report)).toContain('served it only with your credentials');
    for (const token of registry?.tokens?.given ?? []) expect(output).not.toContain(token);
    expect(code).toBe(1);
  };

  test('by its password', async () => {
    expectServed(await checkAs(dockerConfigFor(host()), `${host()}/private/app:1`));
    expect(registry?.tokens?.seen.slice(-2)).toEqual([
      'GET anonymous repository:private/app:pull',
      'GET account repository:private/app:pull',
    ]);
  });

  test('by a refresh token in auths', async () => {
    const auths = { [host()]: { identitytoken: REFRESH_TOKEN } };
    expectServed(await checkAs({ auths }, `${host()}/private/app:1`));
    expect(registry?.tokens?.seen.at(-1)).toBe('POST refresh token repository:private/app:pull');
  });

  test('by a refresh token of a store', async () => {
    await writeHelper('store', { [host()]: { Username: '<token>', Secret: REFRESH_TOKEN } });
    expectServed(await checkAs({ credsStore: 'store' }, `${host()}/private/app:1`));
    expect(registry?.tokens?.seen.at(-1)).toBe('POST refresh token repository:private/app:pull');
  });

  test('refuses a wrong password', async () => {
    const auth = Buffer.from(`${ACCOUNT.username}:wrong`).toString('base64');
    const { code, report } = await checkAs({ auths: { [host()]: { auth } } }, `${host()}/private/app:1`);
    expect(registry?.tokens?.seen.at(-1)).toBe('GET refused repository:private/app:pull');
    expect(report).toMatchObject({
      subjects: [{ verdict: 'node', complete: false, findings: [{ ...PRIVATE, severity: 'error' }] }],
    });
    expect(code).toBe(1);
  });
});
