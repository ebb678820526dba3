import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../kit/cli.js';
import { elfFile, image, indexOf } from '../kit/images.js';
import { push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const program = { path: 'srv/app/count', content: elfFile('amd64'), mode: 0o755 };
const layers = [[program, { path: 'srv/app/model.bin', content: 'x' }, { path: 'opt/tools/run.py', content: 'x' }]];
const config = {
  Entrypoint: ['/srv/app/count'],
  Cmd: ['serve'],
  User: 'app',
  WorkingDir: '/srv/app',
  ExposedPorts: { '8080/tcp': {} },
  Healthcheck: { Test: ['CMD', 'true'] },
  Volumes: { '/var/lib/count': {} },
};
const amd = image({ config, layers });
const arm = image({ platform: 'linux/arm64', config, layers: [[{ ...program, content: elfFile('arm64') }]] });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm }, { attestations: true });

describeWith(['docker-registry'], 'what only image and job together tell', () => {
  let registry: TestRegistry | undefined;
  let folder = '';
  beforeAll(async () => {
    [registry, folder] = await Promise.all([startRegistry(), mkdtemp(join(tmpdir(), 'check-joined-'))]);
    await push(registry.host, 'acme/count', 'both', both);
    await push(registry.host, 'acme/count', 'arm', arm);
    await writeFile(join(folder, 'target.yaml'), 'privateRegistries: ["127.0.0.1"]\n');
  }, 60_000);
  afterAll(async () => {
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Checks a job with these lines of its task, and gives each finding as one line. */
  async function findings(tag: string, task: string, args: readonly string[] = [], params = ''): Promise<string[]> {
    const job = `Name: count
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "${registry?.host ?? ''}/acme/count:${tag}"${params} } }
${task}`;
    await writeFile(join(folder, 'job.yaml'), job);
    const more = ['--deep', '--format', 'json', '--target', 'target.yaml', ...args];
    const { stdout } = await runCli(['check', 'job.yaml', ...more], { cwd: folder });
    const report: unknown = JSON.parse(stdout);
    expect(stdout).not.toContain('"image.files"'); // the layers were read
    return found(report).map(
      ({ rule, stage, severity, location, message, related }) =>
        `${rule} ${stage} ${severity} ${String(location.line)}: ${message.replaceAll(registry?.host ?? '', 'HOST')} [${related.map((one) => one.location?.line ?? '-').join()}]`,
    );
  }

  test('USER and the image’s files against results and inputs', async () => {
    const lines = await findings(
      'both',
      `    Publisher: { Type: local }
    ResultPaths: [{ Name: app, Path: /srv }]
    InputSources:
      - { Target: /opt/tools, Source: { Type: s3, Params: { Bucket: acme, Key: logs/, Region: us-east-1 } } }
`,
    );
    expect(lines).toContainEqual(
      'input/hides-image run error 8: The image starts /srv/app/count, which the mount on /srv hides. [6]',
    );
    expect(lines).toContainEqual(
      'input/hides-image run info 10: The mount on /opt/tools hides 1 file of the image: run.py. [6]',
    );
    expect(lines).toContainEqual(expect.stringMatching(/^output\/non-root-user run \w+ 8: .*runs as app.*\[6\]$/));
    expect(lines).toContainEqual(expect.stringMatching(/^input\/non-root-user run \w+ 10: .*runs as app.*\[6\]$/));
  });

  test('EXPOSE, HEALTHCHECK and VOLUME against a batch job', async () => {
    const lines = await findings('both', '    Publisher: { Type: local }\n    ResultPaths: [{ Name: o, Path: /o }]\n');
    expect(lines).toContainEqual(
      'image/server run info 6: The job runs the image’s own program, and the image has EXPOSE 8080/tcp and HEALTHCHECK: if that is a server, the job never ends. []',
    );
    expect(lines).toContainEqual(expect.stringMatching(/^image\/volume results info 6: .*\/var\/lib\/count/));
  });

  test('platforms against the target, and programs against both', async () => {
    expect(await findings('arm', '')).toContainEqual(
      expect.stringMatching(/^image\/platform node error 6: .*has only linux\/arm64; the nodes are linux\/amd64/),
    );
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      const lines = await findings('both', '', ['--platform', platform]);
      expect(lines.filter((line) => !line.includes(' info '))).toEqual([]);
    }
  });

  test('ENTRYPOINT and CMD against the job’s own', async () => {
    const cleared = await findings('both', '', [], ', Entrypoint: [/srv/app/count]');
    expect(cleared).toContainEqual(expect.stringMatching(/^command\/cmd-cleared .* 6: /));
    const missing = await findings('both', '', [], ', Entrypoint: [/srv/app/other]');
    expect(missing).toContainEqual(
      expect.stringMatching(/^image\/program run error 6: \/srv\/app\/other is not in the image/),
    );
  });
});

interface Told {
  readonly rule: string;
  readonly stage: string;
  readonly severity: string;
  readonly location: { readonly line: number };
  readonly message: string;
  readonly related: readonly { readonly location?: { readonly line: number } }[];
}

function found(report: unknown): Told[] {
  const subjects = fieldOf(report, 'subjects');
  const list = Array.isArray(subjects) ? fieldOf(subjects[0], 'findings') : [];
  return Array.isArray(list) ? list.filter(isTold) : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && 'rule' in value && 'location' in value;
}
