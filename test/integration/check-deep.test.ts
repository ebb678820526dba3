import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { lookAtImage, type Look } from '../../src/image/look.js';
import type { FileQuestion } from '../../src/image/facts.js';
import { findProgram } from '../../src/image/layers/program.js';
import { parseImageName } from '../../src/image/name.js';
import { AT_IMAGE, checkJob, jobWith, type Checked } from '../kit/check.js';
import { runCli } from '../kit/cli.js';
import { pull, startEngine, type TestEngine } from '../kit/engine.js';
import { elfFile, image, indexOf, layoutFiles, savedFiles, tarOf, writeFiles } from '../kit/images.js';
import { push, startRegistry, type TestRegistry } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';
import { skopeoCopy } from '../kit/skopeo.js';

const base = [
  { path: 'usr/', type: '5' },
  { path: 'bin', type: '2', link: 'usr/bin' },
  { path: 'usr/bin/sh', content: elfFile('amd64'), mode: 0o755 },
  { path: 'app/old.py' },
];
const app = [
  { path: 'app/', type: '5' },
  { path: 'app/.wh.old.py' },
  { path: 'app/main.py', content: 'print(1)\n' },
  { path: 'app/run', content: '#!/bin/sh\r\necho\r\n', mode: 0o755 },
  { path: 'app/arm', content: elfFile('arm64'), mode: 0o755 },
];
const layers = [base, app];
const config = { Entrypoint: ['/app/run'], WorkingDir: '/app' };
const amd = image({ config, layers });
const arm = image({ config: { Entrypoint: ['/bin/sh'] }, platform: 'linux/arm64', layers });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm }, { attestations: true });

/** What is asked of every place, and the answers, which are the same everywhere. */
const question: FileQuestion = { folders: ['/app'], programs: [] };
const PROGRAM = { workingDir: '/', searchPath: ['/bin', '/usr/bin'] };

function expectFiles({ facts, missing }: Look): void {
  expect(missing).toEqual({});
  const files = facts['image.files'];
  if (files === undefined) throw new Error('no files');
  expect(files.stat('/bin/sh')).toEqual({
    kind: 'file',
    path: '/usr/bin/sh',
    executable: true,
    head: { kind: 'elf', architecture: 'amd64' },
  });
  expect(files.stat('/app/old.py')).toEqual({ kind: 'absent' });
  expect(files.below('/app')?.paths.toSorted()).toEqual(['/app/arm', '/app/main.py', '/app/run']);
  expect(findProgram(files, { ...PROGRAM, word: '/app/run' })).toMatchObject({ kind: 'carriage-return' });
  expect(findProgram(files, { ...PROGRAM, word: '/app/arm' })).toMatchObject({ kind: 'wrong-machine' });
}

describeWith(['root', 'dockerd', 'docker-registry', 'skopeo'], 'check --deep', () => {
  let engine: TestEngine | undefined;
  let registry: TestRegistry | undefined;
  let folder = '';
  beforeAll(async () => {
    [engine, registry, folder] = await Promise.all([
      startEngine(),
      startRegistry(),
      mkdtemp(join(tmpdir(), 'check-deep-')),
    ]);
    await push(registry.host, 'acme/app', '1', both);
    await pull(engine, `${registry.host}/acme/app:1`);
    await writeFiles(join(folder, 'layout'), layoutFiles({ both }));
  }, 60_000);
  afterAll(async () => {
    await Promise.all([engine?.stop(), registry?.stop()]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const named = (): string => `${registry?.host ?? ''}/acme/app:1`;
  const at = (name: string): string => join(folder, name);
  const lookAt = (text: string, asks = question): Promise<Look> =>
    lookAtImage(parseImageName(text), new Set(['image.files']), {
      platforms: ['linux/amd64'],
      offline: false,
      env: { DOCKER_HOST: engine?.host ?? '', DOCKER_CONFIG: at('none') },
      credentials: false,
      insecureRegistries: [],
      askFiles: () => asks,
    });
  const check = (reference: string, ...args: string[]): Promise<Checked> =>
    checkJob(reference, {
      args: ['--deep', '--target', 'target.yaml', ...args],
      files: { 'target.yaml': 'privateRegistries: ["127.0.0.1"]\n' },
      env: { DOCKER_HOST: engine?.host ?? '' },
    });
  const saved = async (name: string): Promise<string> => {
    const path = at(name);
    await pipeline((await engine?.docker.getImage(named()).get()) ?? [], createWriteStream(path));
    return path;
  };

  test('reads the layers of a registry, the layer digests with them', async () => {
    const look = await lookAt(named());
    expectFiles(look);
    expect(look.stats.requests).toBe(5); // index, manifest, config, two layers
  });

  test('reads no more layers of a registry than hold the program', async () => {
    const { facts, stats } = await lookAt(named(), { folders: [], programs: [{ ...PROGRAM, word: '/app/run' }] });
    expect(facts['image.files']?.stat('/usr/bin/sh')).toEqual({ kind: 'unknown' });
    expect(stats.requests).toBe(4);
  });

  test('reads the files of an engine and leaves no container behind', async () => {
    expectFiles(await lookAt(`docker-daemon:${named()}`));
    expect(await engine?.docker.listContainers({ all: true })).toEqual([]);
  });

  test('reads what docker save and skopeo wrote, plain and compressed', async () => {
    const path = await saved('saved.tar');
    expectFiles(await lookAt(`docker-archive:${path}`));
    skopeoCopy([`docker-archive:${path}`, `oci:${at('from-skopeo')}:1`], folder);
    expectFiles(await lookAt(`oci:${at('from-skopeo')}`));
    skopeoCopy(['--dest-compress-format', 'zstd', `docker-archive:${path}`, `oci:${at('zstd')}:1`], folder);
    expectFiles(await lookAt(`oci:${at('zstd')}`));
    skopeoCopy([`docker-archive:${path}`, `oci-archive:${at('archive.tar')}:1`], folder);
    expectFiles(await lookAt(`oci-archive:${at('archive.tar')}`));
  });

  test('reads archives that are compressed as a whole, and the old form of docker save', async () => {
    await writeFile(at('old.tar'), tarOf(savedFiles({ 'app:1': amd })));
    expectFiles(await lookAt(`docker-archive:${at('old.tar')}`));
    await writeFile(at('old.tar.gz'), gzipSync(tarOf(savedFiles({ 'app:1': amd }))));
    expectFiles(await lookAt(`docker-archive:${at('old.tar.gz')}`));
    await writeFile(at('oci.tar.gz'), gzipSync(tarOf(layoutFiles({ both }))));
    expectFiles(await lookAt(`oci-archive:${at('oci.tar.gz')}`));
  });

  test('says with the built CLI where a program cannot start, the same for every place', async () => {
    const path = await saved('cli.tar');
    for (const args of [[], ['--image', `docker-daemon:${named()}`], ['--image', `docker-archive:${path}`]]) {
      const { code, report } = await check(named(), ...args);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        subjects: [
          {
            verdict: 'run',
            findings: expect.arrayContaining([
              expect.objectContaining({
                rule: 'image/program',
                stage: 'run',
                severity: 'error',
                location: expect.objectContaining(AT_IMAGE),
                message: expect.stringContaining('Windows line ends'),
              }),
            ]),
          },
        ],
      });
    }
  });

  test('looks at the image of the platform that the target has', async () => {
    const { code, report } = await check(named(), '--platform', 'linux/arm64');
    expect(code).toBe(1);
    expect(report).toMatchObject({
      subjects: [
        { findings: [{ rule: 'image/program', message: expect.stringContaining('for amd64, while the image') }] },
      ],
    });
  });

  test('is not checked where a layer is not what the manifest says', async () => {
    const broken = image({ config, layers: [base, [...app, { path: 'other' }]] });
    const files = layoutFiles({ broken });
    const layer = broken.blobs[2];
    if (layer === undefined) throw new Error('no layer');
    files[`blobs/${layer.digest.replace(':', '/')}`] = gzipSync(Buffer.alloc(1024));
    await writeFiles(at('broken'), files);
    const { facts, missing } = await lookAt(`oci:${at('broken')}`);
    expect(facts).toEqual({});
    expect(missing['image.files']).toContain('lied about the digest of a layer');
  });

  test('offline, an image of a registry is not checked, with the reason', async () => {
    await writeFile(at('job.yaml'), jobWith(named()));
    const { code, stdout } = await runCli(['check', at('job.yaml'), '--deep', '--offline', '--strict']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('the files of the image');
    expect(code).toBe(3);
  });
});
