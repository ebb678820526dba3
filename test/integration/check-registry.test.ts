import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AT_IMAGE, checkJob, checkJobPretty } from '../kit/check.js';
import { image, indexOf, layoutFiles, writeFiles } from '../kit/images.js';
import { startRecorder, type Recorder } from '../kit/recorder.js';
import { push, startRegistry, type RegistryLogin, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';
import { skopeoCopy } from '../kit/skopeo.js';

const config = { Entrypoint: ['/app'], Env: ['API_KEY=do-not-show'] };
const arm = image({ platform: 'linux/arm64', config });
const amd = image({ platform: 'linux/amd64', config });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm });
const attested = indexOf({ 'linux/arm64': arm }, { attestations: true });
const sbc = indexOf({ 'linux/arm/v7': image({ platform: 'linux/arm/v7', config, docker: true }) }, { docker: true });

/** The registries of these tests are on loopback; this target says that its nodes reach them. */
const REACHED = { 'target.yaml': 'name: ours\nprivateRegistries: ["127.0.0.1"]\n' };
const reached = { args: ['--target', 'target.yaml'], files: REACHED };
const PLATFORM = { rule: 'image/platform', severity: 'error', stage: 'node', confidence: 'high', location: AT_IMAGE };
const UNREACHABLE = { rule: 'image/unreachable-host', severity: 'warning', stage: 'node', location: AT_IMAGE };

/** A registry behind a door that counts; the host is the door's. */
function useRegistry(
  login: RegistryLogin,
  fill: (host: string) => Promise<void>,
): { readonly host: () => string; readonly seen: () => string[]; readonly tokens: () => readonly string[] } {
  let registry: TestRegistry | undefined;
  let recorder: Recorder | undefined;
  beforeAll(async () => {
    registry = await startRegistry(login);
    await fill(registry.host);
    recorder = await startRecorder(registry.host);
  });
  afterAll(async () => {
    await recorder?.stop();
    await registry?.stop();
  });
  return {
    host: () => recorder?.host ?? '',
    seen: () => recorder?.seen.splice(0) ?? [],
    tokens: () => registry?.tokens?.seen ?? [],
  };
}

describeWith(['docker-registry'], 'check with an open registry', () => {
  const { host, seen } = useRegistry('none', async (to) => {
    await push(to, 'acme/app', 'arm', arm);
    await push(to, 'acme/app', 'both', both);
    await push(to, 'acme/app', 'attested', attested);
    await push(to, 'acme/app', 'sbc', sbc);
  });

  test('an image for linux/arm64 only is declined by every node', async () => {
    const reference = `${host()}/acme/app:arm`;
    seen();
    const { code, report } = await checkJob(reference, reached);
    expect(seen()).toEqual([
      'GET /v2/acme/app/manifests/arm 200',
      `GET /v2/acme/app/blobs/${arm.blobs[0]?.digest ?? ''} 200`,
    ]);
    expect(report).toMatchObject({
      target: { name: 'ours', platforms: ['linux/amd64'] },
      subjects: [
        {
          kind: 'job',
          path: 'job.yaml',
          verdict: 'node',
          image: { reference, source: 'registry', digest: arm.root.digest, platforms: ['linux/arm64'] },
          findings: [
            {
              ...PLATFORM,
              message: `${reference} has only linux/arm64; the nodes are linux/amd64, so every node declines the job.`,
              fix: {
                safe: false,
                commands: [
                  `docker buildx build --platform linux/amd64,linux/arm64 -t ${host()}/acme/app:arm-2 --push .`,
                ],
              },
            },
          ],
        },
      ],
      summary: { errors: 1, warnings: 0, infos: 0 },
    });
    expect(code).toBe(1);
  });

  test('the same image is right for a network of arm64 nodes', async () => {
    const { code, report } = await checkJob(`${host()}/acme/app:arm`, {
      ...reached,
      args: [...reached.args, '--platform', 'linux/arm64'],
    });
    expect(report).toMatchObject({ subjects: [{ verdict: 'ok', findings: [] }], summary: { errors: 0, warnings: 0 } });
    expect(code).toBe(0);
  });

  test('an index with both platforms has nothing wrong', async () => {
    const reference = `${host()}/acme/app:both`;
    seen();
    const { code, report, output } = await checkJob(reference, reached);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'ok',
          image: {
            reference,
            source: 'registry',
            digest: both.root.digest,
            platforms: ['linux/amd64', 'linux/arm64'],
          },
          findings: [],
        },
      ],
      summary: { errors: 0, warnings: 0, infos: 0 },
    });
    expect(seen()).toEqual([
      'GET /v2/acme/app/manifests/both 200',
      `GET /v2/acme/app/manifests/${amd.root.digest} 200`,
      `GET /v2/acme/app/blobs/${amd.blobs[0]?.digest ?? ''} 200`,
    ]);
    expect(output).not.toContain('do-not-show');
    expect(code).toBe(0);
  });

  test('nodes of two platforms, one of which the image lacks, are a warning', async () => {
    const { code, report } = await checkJob(`${host()}/acme/app:arm`, {
      ...reached,
      args: [...reached.args, '--platform', 'linux/arm64', '--platform', 'linux/amd64'],
    });
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', findings: [{ ...PLATFORM, severity: 'warning' }] }],
    });
    expect(code).toBe(0);
  });

  test('attestations are no platforms', async () => {
    const { code, report } = await checkJob(`${host()}/acme/app:attested`, reached);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          image: { source: 'registry', digest: attested.root.digest, platforms: ['linux/arm64'] },
          findings: [PLATFORM],
        },
      ],
    });
    expect(code).toBe(1);
  });

  test('a variant is shown, and an arm board is no linux/arm64', async () => {
    const { code, report } = await checkJob(`${host()}/acme/app:sbc`, {
      ...reached,
      args: [...reached.args, '--platform', 'linux/arm64'],
    });
    expect(report).toMatchObject({
      subjects: [{ image: { digest: sbc.root.digest, platforms: ['linux/arm/v7'] }, findings: [PLATFORM] }],
    });
    expect(code).toBe(1);
  });

  test('a digest names the image as well as its tag', async () => {
    const { code, report } = await checkJob(`${host()}/acme/app@${both.root.digest}`, reached);
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', image: { digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] } }],
    });
    expect(code).toBe(0);
  });

  test.each(['acme/app:gone', 'nobody/nothing:1'])('%s is missing', async (name) => {
    const reference = `${host()}/${name}`;
    const { code, report } = await checkJob(reference, reached);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          complete: false,
          image: { reference, source: 'registry', platforms: [] },
          findings: [{ rule: 'image/missing', severity: 'error', stage: 'node', location: AT_IMAGE }],
        },
      ],
      summary: { errors: 1, warnings: 0 },
    });
    expect(code).toBe(1);
  });

  test('a loopback registry is a warning, since nodes are elsewhere', async () => {
    const { code, report } = await checkJob(`${host()}/acme/app:both`);
    expect(report).toMatchObject({ subjects: [{ verdict: 'ok', findings: [UNREACHABLE] }] });
    expect(code).toBe(0);
    const strict = await checkJob(`${host()}/acme/app:both`, { args: ['--fail-on', 'warning'] });
    expect(strict.code).toBe(1);
  });

  test('jobs with the same image ask for it once', async () => {
    seen();
    const { report } = await checkJob(`${host()}/acme/app:both`, {
      args: ['job.yaml', '--command', `bacalhau docker run ${host()}/acme/app:both`],
    });
    expect(seen()).toHaveLength(3);
    const image = { digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] };
    expect(report).toMatchObject({ subjects: [{ image }, { image }, { kind: 'command', image }] });
  });

  test('offline asks nothing, finds nothing, and is no pass', async () => {
    seen();
    const { code, report } = await checkJob(`${host()}/acme/app:arm`, {
      ...reached,
      args: [...reached.args, '--offline', '--strict'],
    });
    expect(seen()).toEqual([]);
    expect(report).toMatchObject({ subjects: [{ verdict: 'ok', complete: false, findings: [] }] });
    expect(JSON.stringify(report)).toContain('"reason":"offline"');
    expect(code).toBe(3);
  });

  test('the report for people names source, digest and platforms', async () => {
    const reference = `${host()}/acme/app:arm`;
    const { code, stdout } = await checkJobPretty(reference, reached);
    const digest = `${arm.root.digest.slice(0, 'sha256:'.length + 12)}…`;
    const rows = stdout.split('\n');
    expect(rows[1]).toBe(`  image    ${reference}  registry  linux/arm64`);
    expect(rows[2]).toBe(`           ${digest}  public`);
    expect(stdout).toContain('  error  image/platform  (a node refuses it)\n');
    expect(stdout).toContain('this job would be refused by nodes: image/platform');
    expect(code).toBe(1);
    const good = await checkJobPretty(`${host()}/acme/app:both`, reached);
    expect(good.stdout).toContain(
      `registry  linux/amd64 linux/arm64\n           ${both.root.digest.slice(0, 19)}…  public\n`,
    );
    expect(good.code).toBe(0);
  });
});

describeWith(['docker-registry', 'skopeo'], 'check with a registry that skopeo pushed to', () => {
  let registry: TestRegistry | undefined;
  let folder = '';
  beforeAll(async () => {
    // TLS with a certificate that nobody knows: as Docker does, that is taken on loopback.
    registry = await startRegistry('none', { tls: true });
    folder = await mkdtemp(join(tmpdir(), 'skopeo-'));
    await writeFiles(folder, layoutFiles({ both }));
    const to = `docker://${registry.host}/acme/app`;
    skopeoCopy(['--all', `oci:${folder}:both`, `${to}:both`], folder);
    const one = ['--override-os', 'linux', '--override-arch', 'arm64'];
    skopeoCopy(['--format', 'v2s2', `oci:${folder}:both`, `${to}:arm`], folder, one);
  });
  afterAll(async () => {
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('all platforms', async () => {
    const { code, report } = await checkJob(`${registry?.host ?? ''}/acme/app:both`, reached);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'ok',
          image: { source: 'registry', digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] },
          findings: [],
        },
      ],
    });
    expect(code).toBe(0);
  });

  test("one platform, in Docker's media types", async () => {
    const { code, report } = await checkJob(`${registry?.host ?? ''}/acme/app:arm`, reached);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          image: { source: 'registry', platforms: ['linux/arm64'] },
          findings: [PLATFORM],
        },
      ],
    });
    expect(code).toBe(1);
  });
});

/** An IPv4 address of this machine that is not loopback. */
const OWN_ADDRESS = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describeWith(
  OWN_ADDRESS === undefined ? ['a network address'] : ['docker-registry'],
  'check with a registry in the network',
  () => {
    let registry: TestRegistry | undefined;
    let recorder: Recorder | undefined;
    const reference = (): string => `${recorder?.host ?? ''}/acme/app:arm`;
    beforeAll(async () => {
      registry = await startRegistry();
      await push(registry.host, 'acme/app', 'arm', arm);
      recorder = await startRecorder(registry.host, OWN_ADDRESS === undefined ? {} : { address: OWN_ADDRESS });
    });
    afterAll(async () => {
      await recorder?.stop();
      await registry?.stop();
    });

    const expectNotAsked = async (reason: string, args: string[], env: Record<string, string> = {}): Promise<void> => {
      recorder?.seen.splice(0);
      const { code, report } = await checkJob(reference(), { args: [...args, '--strict'], env });
      expect(recorder?.seen).toEqual([]);
      expect(report).toMatchObject({ subjects: [{ verdict: 'ok', complete: false, findings: [UNREACHABLE] }] });
      expect(report).toMatchObject({
        subjects: [{ notChecked: expect.arrayContaining([expect.objectContaining({ fact: 'image.access', reason })]) }],
      });
      expect(code).toBe(3);
    };

    test('without TLS needs --insecure-registry', async () => {
      const host = recorder?.host ?? '';
      await expectNotAsked(`${host} does not speak TLS; --insecure-registry ${host} allows plain HTTP`, []);
      const { code, report } = await checkJob(reference(), { args: ['--insecure-registry', host] });
      expect(report).toMatchObject({
        subjects: [{ image: { source: 'registry', platforms: ['linux/arm64'] }, findings: [PLATFORM, UNREACHABLE] }],
      });
      expect(code).toBe(1);
    });
  },
);

describeWith(['docker-registry'], 'check in CI', () => {
  const { host, seen } = useRegistry('none', (to) => push(to, 'acme/app', 'arm', arm));

  test('asks a registry without a public address only where the command line names it', async () => {
    const reference = `${host()}/acme/app:arm`;
    const name = host().replace(/:\d+$/, '');
    const { code, report } = await checkJob(reference, { args: ['--strict'], env: { CI: 'true' } });
    expect(seen()).toEqual([]);
    expect(report).toMatchObject({ subjects: [{ verdict: 'ok', complete: false, findings: [UNREACHABLE] }] });
    expect(JSON.stringify(report)).toContain(
      `${name} is at ${name}, which is this machine; --allow-host ${name} lets it be asked`,
    );
    expect(code).toBe(3);
    for (const args of [
      ['--allow-host', name],
      ['--insecure-registry', host()],
      ['--image', reference],
    ]) {
      const allowed = await checkJob(reference, { args, env: { CI: 'true' } });
      expect(allowed.report).toMatchObject({ subjects: [{ verdict: 'node', findings: [PLATFORM, UNREACHABLE] }] });
      expect(seen()).toHaveLength(2);
      expect(allowed.code).toBe(1);
    }
  });
});

describeWith(['docker-registry'], 'check of a tag that is pushed again', () => {
  const { host } = useRegistry('none', (to) => push(to, 'acme/app', '1.4', amd));
  let cacheFolder = '';
  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'moved-'));
  });
  afterAll(() => rm(cacheFolder, { recursive: true }));

  test('says once that nodes may keep the old image', async () => {
    const reference = `${host()}/acme/app:1.4`;
    const env = { XDG_CACHE_HOME: cacheFolder, BACALHAU_PREFLIGHT_NO_CACHE: '' };
    const nothing = { subjects: [{ verdict: 'ok', findings: [] }] };
    expect((await checkJob(reference, { ...reached, env })).report).toMatchObject(nothing);
    expect((await checkJob(reference, { ...reached, env })).report).toMatchObject(nothing);
    await push(host(), 'acme/app', '1.4', both);
    const { report, code } = await checkJob(reference, { ...reached, env });
    const message: unknown = expect.stringContaining(`was another image (${amd.root.digest.slice(0, 19)}…)`);
    const remedy: unknown = expect.stringMatching(`such as ${host()}/acme/app:1\\.5; .*@${both.root.digest}$`);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'ok',
          image: { digest: both.root.digest },
          findings: [
            { rule: 'image/moved-tag', severity: 'info', stage: 'results', location: AT_IMAGE, message, remedy },
          ],
        },
      ],
    });
    expect(code).toBe(0);
    expect((await checkJob(reference, { ...reached, env })).report).toMatchObject(nothing);
  });
});

describeWith(['docker-registry'], 'check --deep of an image whose labels name its base', () => {
  const { host } = useRegistry('none', (to) => push(to, 'acme/base', '1', amd));
  /** The report on an image with these labels, as text. */
  const checkBuiltOn = async (base: string): Promise<unknown> => {
    const Labels = {
      'org.opencontainers.image.base.name': base,
      'org.opencontainers.image.base.digest': amd.root.digest,
    };
    await push(host(), 'acme/app', '1.4', image({ platform: 'linux/amd64', config: { ...config, Labels } }));
    const args = ['--target', 'target.yaml', '--deep', '--insecure-registry', host()];
    return (await checkJob(`${host()}/acme/app:1.4`, { args, files: REACHED })).report;
  };
  const silent: unknown = expect.not.stringContaining('older-than-base');

  test('says that the base has moved, and nothing while its tag holds what was built on', async () => {
    const base = `${host()}/acme/base:1`;
    expect(JSON.stringify(await checkBuiltOn(base))).toEqual(silent);
    await push(host(), 'acme/base', '1', both);
    expect(JSON.stringify(await checkBuiltOn(base))).toEqual(silent);
    await push(host(), 'acme/base', '1', arm);
    const message: unknown = expect.stringContaining(`was built on ${base} when that was sha256:`);
    const found: unknown = expect.arrayContaining([
      expect.objectContaining({ rule: 'image/older-than-base', severity: 'info', confidence: 'medium', message }),
    ]);
    expect(await checkBuiltOn(base)).toMatchObject({ subjects: [{ findings: found }] });
  });

  test('leaves it unchecked when the base is not there', async () => {
    const base = `${host()}/acme/gone:1`;
    const reason: unknown = expect.stringContaining(`the base ${base}: `);
    const notChecked: unknown = expect.arrayContaining([
      { fact: 'image.base', reason, rules: ['image/older-than-base'] },
    ]);
    expect(await checkBuiltOn(base)).toMatchObject({ subjects: [{ notChecked }] });
  });
});

describeWith(['docker-registry'], 'check with a registry behind a token server', () => {
  const { host, seen, tokens } = useRegistry('token', async (to) => {
    await push(to, 'public/app', 'both', both);
    await push(to, 'private/app', '1', both);
  });

  test('a public image needs an anonymous token, as for a node', async () => {
    seen();
    const { code, report } = await checkJob(`${host()}/public/app:both`, reached);
    expect(seen()).toEqual([
      'GET /v2/public/app/manifests/both 401',
      'GET /v2/public/app/manifests/both 200 bearer',
      `GET /v2/public/app/manifests/${amd.root.digest} 200 bearer`,
      `GET /v2/public/app/blobs/${amd.blobs[0]?.digest ?? ''} 200 bearer`,
    ]);
    expect(tokens().at(-1)).toBe('GET anonymous repository:public/app:pull');
    expect(report).toMatchObject({
      subjects: [
        { verdict: 'ok', image: { digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] }, findings: [] },
      ],
    });
    expect(code).toBe(0);
  });

  test('a public repository without the tag is missing', async () => {
    const { code, report } = await checkJob(`${host()}/public/app:none`, reached);
    expect(report).toMatchObject({ subjects: [{ verdict: 'node', findings: [{ rule: 'image/missing' }] }] });
    expect(code).toBe(1);
  });

  test('a private image without credentials is private or missing', async () => {
    const reference = `${host()}/private/app:1`;
    const { code, report } = await checkJob(reference, reached);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          complete: false,
          image: { source: 'registry', platforms: [] },
          findings: [
            {
              rule: 'image/private',
              severity: 'error',
              stage: 'node',
              location: AT_IMAGE,
              message:
                `${reference} is private or missing (${host()} does not say which), ` +
                'and nodes send no credentials for a name with two or more slashes.',
            },
          ],
        },
      ],
      summary: { errors: 1, warnings: 0 },
    });
    expect(code).toBe(1);
  });
});
