import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AT_IMAGE, checkJob, type Checked } from '../kit/check.js';
import { runCli } from '../kit/cli.js';
import { load, startEngine, type TestEngine } from '../kit/engine.js';
import { image, indexOf, layoutFiles, savedFiles, tarOf, writeFiles } from '../kit/images.js';
import { push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';
import { skopeoCopy } from '../kit/skopeo.js';

const config = { Entrypoint: ['/app'] };
const arm = image({ platform: 'linux/arm64', config });
const amd = image({ platform: 'linux/amd64', config });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm });
const PLATFORM = { rule: 'image/platform', severity: 'error', stage: 'node', confidence: 'high', location: AT_IMAGE };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-archive-'));
  await mkdir(join(folder, 'layout'));
  await writeFiles(join(folder, 'layout'), layoutFiles({ both, arm }));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

/** Checks a job with the image of a file; the network is not needed and not used. */
const check = (file: string): Promise<Checked> =>
  checkJob('ghcr.io/acme/app:1', { args: ['--offline', '--image', file] });

function expectReady({ code, report }: Checked, seen: object): void {
  expect(report).toMatchObject({
    subjects: [{ verdict: 'ok', complete: true, ready: true, image: seen, findings: [] }],
    summary: { errors: 0, warnings: 0, infos: 0, notChecked: 0 },
  });
  expect(code).toBe(0);
}

function expectDeclined({ code, report }: Checked, seen: object): void {
  expect(report).toMatchObject({
    subjects: [{ verdict: 'node', complete: true, image: seen, findings: [PLATFORM] }],
    summary: { errors: 1, warnings: 0, infos: 0, notChecked: 0 },
  });
  expect(code).toBe(1);
}

describeWith(['skopeo', 'docker-registry'], 'check with files that skopeo wrote', () => {
  let registry: TestRegistry | undefined;
  let from = '';
  beforeAll(async () => {
    registry = await startRegistry();
    await push(registry.host, 'acme/app', '1', both);
    from = `docker://${registry.host}/acme/app:1`;
  });
  afterAll(() => registry?.stop());
  const only = (architecture: string): string[] => ['--override-os', 'linux', '--override-arch', architecture];

  test('docker-archive', async () => {
    skopeoCopy([from, `docker-archive:${at('arm.tar')}:acme/app:1`], folder, only('arm64'));
    const reference = `docker-archive:${at('arm.tar')}`;
    expectDeclined(await check(reference), { reference, source: 'docker-archive', platforms: ['linux/arm64'] });
    expectDeclined(await check(`${reference}:acme/app:1`), { source: 'docker-archive', platforms: ['linux/arm64'] });
    skopeoCopy([from, `docker-archive:${at('amd.tar')}:acme/app:1`], folder, only('amd64'));
    expectReady(await check(`docker-archive:${at('amd.tar')}`), { platforms: ['linux/amd64'] });
  });

  test('docker-archive, compressed', async () => {
    skopeoCopy([from, `docker-archive:${at('plain.tar')}`], folder, only('arm64'));
    await writeFile(at('plain.tar.gz'), gzipSync(await readFile(at('plain.tar'))));
    expectDeclined(await check(`docker-archive:${at('plain.tar.gz')}`), {
      source: 'docker-archive',
      platforms: ['linux/arm64'],
    });
  });

  test('oci-archive of one platform', async () => {
    skopeoCopy([from, `oci-archive:${at('one.tar')}:v1`], folder, only('arm64'));
    expectDeclined(await check(`oci-archive:${at('one.tar')}`), {
      source: 'oci',
      digest: arm.root.digest,
      platforms: ['linux/arm64'],
    });
  });

  test('oci-archive of all platforms', async () => {
    skopeoCopy(['--all', from, `oci-archive:${at('all.tar')}:v1`], folder);
    const seen = { source: 'oci', digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] };
    expectReady(await check(`oci-archive:${at('all.tar')}`), seen);
    expectReady(await check(`oci-archive:${at('all.tar')}:v1`), seen);
  });

  test('oci layout', async () => {
    skopeoCopy(['--all', from, `oci:${at('copied')}:v1`], folder);
    skopeoCopy([from, `oci:${at('copied')}:arm`], folder, only('arm64'));
    expectReady(await check(`oci:${at('copied')}:v1`), { source: 'oci', digest: both.root.digest });
    expectDeclined(await check(`oci:${at('copied')}:arm`), { source: 'oci', platforms: ['linux/arm64'] });
  });
});

describeWith(['root', 'dockerd', 'skopeo'], 'check with an image that skopeo took out of a Docker engine', () => {
  let engine: TestEngine | undefined;
  beforeAll(async () => {
    engine = await startEngine();
    await load(engine, tarOf(savedFiles({ 'app:dev': arm })));
  }, 60_000);
  afterAll(() => engine?.stop(), 60_000);

  test.each([
    ['oci-archive', 'oci'],
    ['docker-archive', 'docker-archive'],
  ])('as %s', async (transport, source) => {
    const file = `${transport}:${at(`engine-${transport}.tar`)}`;
    skopeoCopy(['--src-daemon-host', engine?.host ?? '', 'docker-daemon:app:dev', `${file}:app:dev`], folder);
    expectDeclined(await check(file), { source, platforms: ['linux/arm64'] });
  });
});

describe('check with a file that is of no use', () => {
  const mistake = async (name: string, message: string): Promise<void> => {
    const { code, stdout, stderr } = await runCli(['check', '--image', name]);
    expect(stderr).toBe(`${message}\n`);
    expect(stdout).toContain('not seen');
    expect(code).toBe(2);
  };

  test('since it is not there', () => mistake(`docker-archive:${at('gone.tar')}`, `${at('gone.tar')}: no such file`));

  test('since none is named', () => mistake('docker-archive:', 'docker-archive:: no file is named'));

  test('since it is a folder', () =>
    mistake(`oci-archive:${at('layout')}`, `${at('layout')}: it is a folder; for an OCI layout write oci:`));

  test('since the folder is no layout', () =>
    mistake(`oci:${folder}`, `${folder}: the layout has no index.json, so it is no OCI layout`));

  test('since it does not hold the tag', () =>
    mistake(`oci:${at('layout')}:v9`, `${at('layout')}: it holds no image "v9", only both, arm`));

  test('since it is cut off', async () => {
    const whole = tarOf(savedFiles({ 'app:1': arm }));
    await writeFile(at('cut.tar'), whole.subarray(0, whole.length / 2));
    await mistake(`docker-archive:${at('cut.tar')}`, `${at('cut.tar')}: the archive is cut off`);
  });

  test('with what it holds shown so that it cannot write to the terminal', async () => {
    await writeFile(at('odd.tar'), tarOf(savedFiles({ 'a\u001b[2J:1': arm, 'b:1': amd })));
    await mistake(
      `docker-archive:${at('odd.tar')}`,
      String.raw`${at('odd.tar')}: it holds 2 images; say which, after a colon: a\x1b[2J:1, b:1`,
    );
  });

  test('while the other subjects are still checked', async () => {
    const { code, report } = await checkJob('ghcr.io/acme/app:1', {
      args: ['--offline', '--image', `docker-archive:${at('gone.tar')}`, 'bad.yaml'],
      files: { 'bad.yaml': 'Name: x\nType: batch\nTasks: []\n' },
    });
    expect(report).toMatchObject({ subjects: [{ path: 'job.yaml', complete: false }, { path: 'bad.yaml' }] });
    expect(code).toBe(2);
  });
});
