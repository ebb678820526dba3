import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AT_IMAGE, checkJob, type Checked } from '../kit/check.js';
import { load, startEngine, type TestEngine } from '../kit/engine.js';
import { startHub, type TestHub } from '../kit/hub.js';
import { image, indexOf, savedFiles, tarOf } from '../kit/images.js';
import { ACCOUNT, dockerConfigFor } from '../kit/registry.js';
import { describeWith } from '../kit/service.js';

const config = { Entrypoint: ['/app'] };
const arm = image({ platform: 'linux/arm64', config });
const amd = image({ platform: 'linux/amd64', config });
const both = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm }, { attestations: true });
const SEEN = { source: 'registry', digest: both.root.digest, platforms: ['linux/amd64', 'linux/arm64'] };
const PRIVATE = { rule: 'image/private', stage: 'node', location: AT_IMAGE };

describeWith(['docker-registry'], 'check with Docker Hub', () => {
  let hub: TestHub | undefined;
  let folder = '';
  beforeAll(async () => {
    hub = await startHub();
    folder = await mkdtemp(join(tmpdir(), 'check-hub-'));
    await hub.push('library/python', '3.12', both);
    await hub.push('library/alpine', 'arm', arm);
    await hub.push('acme/app', '1', both);
    // `docker login` without a registry writes this key.
    await writeFile(join(folder, 'config.json'), dockerConfigFor('https://index.docker.io/v1/'));
  });
  afterAll(async () => {
    await hub?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    hub?.seen.splice(0);
  });

  const check = async (reference: string, target = '{}', env: Record<string, string> = {}): Promise<Checked> => {
    const checked = await checkJob(reference, {
      args: ['--target', 'target.yaml'],
      files: { 'target.yaml': target },
      env: { ...hub?.env, ...env },
    });
    expect(checked.output).not.toContain(ACCOUNT.password);
    expect(hub?.unknown).toEqual([]);
    return checked;
  };
  const loggedIn = (): Record<string, string> => ({ DOCKER_CONFIG: folder });

  test('an official image, by the name that everyone uses', async () => {
    const { code, report } = await check('python:3.12');
    const blob = amd.blobs[0]?.digest.slice('sha256:'.length) ?? '';
    expect(hub?.seen).toEqual([
      'registry-1.docker.io GET /v2/library/python/manifests/3.12 401',
      'auth.docker.io GET /token?service=test-registry&scope=repository%3Alibrary%2Fpython%3Apull 200',
      'registry-1.docker.io GET /v2/library/python/manifests/3.12 200 bearer',
      `registry-1.docker.io GET /v2/library/python/manifests/${amd.root.digest} 200 bearer`,
      `registry-1.docker.io GET /v2/library/python/blobs/sha256:${blob} 307 bearer`,
      // The token stays where it belongs.
      `production.cloudflare.docker.com GET /docker/registry/v2/blobs/sha256/${blob.slice(0, 2)}/${blob}/data 200`,
    ]);
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', image: { reference: 'python:3.12', ...SEEN }, findings: [] }],
    });
    expect(code).toBe(0);
  });

  test.each(['docker.io/library/python:3.12', 'index.docker.io/library/python:3.12', 'library/python:3.12'])(
    '%s is the same',
    async (reference) => {
      const { report } = await check(reference);
      expect(report).toMatchObject({ subjects: [{ verdict: 'ok', image: SEEN, findings: [] }] });
    },
  );

  test('an official image of the wrong platform cannot be built anew', async () => {
    const { code, report } = await check('alpine:arm');
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          findings: [
            { rule: 'image/platform', severity: 'error', remedy: 'Choose an image or a tag that offers linux/amd64.' },
          ],
        },
      ],
    });
    expect(code).toBe(1);
  });

  test.each(['python:3.99', 'pyhton:3.12'])(
    '%s is not there, since official images are never private',
    async (name) => {
      const { code, report } = await check(name);
      expect(report).toMatchObject({
        subjects: [{ verdict: 'node', findings: [{ rule: 'image/missing', severity: 'error', stage: 'node' }] }],
      });
      expect(code).toBe(1);
    },
  );

  test.each(['acme/app:1', 'acme/nothing:1'])('%s is private or missing, and nobody says which', async (reference) => {
    const { code, report } = await check(reference);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'ok',
          complete: false,
          image: { reference, platforms: [] },
          findings: [
            {
              ...PRIVATE,
              severity: 'warning',
              message:
                `${reference} is private or missing (docker.io does not say which): ` +
                'only nodes whose operator set DOCKER_USERNAME and DOCKER_PASSWORD for it can pull it.',
            },
          ],
        },
      ],
    });
    expect(code).toBe(0);
  });

  test('a private image, for someone who is logged in', async () => {
    const { code, report } = await check('acme/app:1', '{}', loggedIn());
    expect(hub?.seen.filter((line) => line.endsWith(' basic'))).toEqual([
      'auth.docker.io GET /token?service=test-registry&scope=repository%3Aacme%2Fapp%3Apull&account=tester 200 basic',
    ]);
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', image: SEEN, findings: [{ ...PRIVATE, severity: 'warning' }] }],
    });
    expect(code).toBe(0);
  });

  test('a private image, for nodes that have credentials', async () => {
    const { code, report } = await check('acme/app:1', 'hubCredentials: yes', loggedIn());
    expect(report).toMatchObject({ subjects: [{ verdict: 'ok', image: SEEN, findings: [] }] });
    expect(code).toBe(0);
  });

  test('a private image, for nodes that have none', async () => {
    const { code, report } = await check('acme/app:1', 'hubCredentials: no', loggedIn());
    expect(report).toMatchObject({ subjects: [{ verdict: 'node', findings: [{ ...PRIVATE, severity: 'error' }] }] });
    expect(code).toBe(1);
  });

  test('a private image whose name has the host in it, for which nodes send no credentials', async () => {
    const { code, report } = await check('docker.io/acme/app:1', 'hubCredentials: yes', loggedIn());
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          findings: [{ ...PRIVATE, severity: 'error', remedy: expect.stringContaining('or write acme/app:1') }],
        },
      ],
    });
    expect(code).toBe(1);
  });
});

describeWith(['root', 'dockerd', 'docker-registry'], 'check with Docker Hub and a Docker engine', () => {
  let hub: TestHub | undefined;
  let engine: TestEngine | undefined;
  beforeAll(async () => {
    [hub, engine] = await Promise.all([startHub(), startEngine()]);
    await hub.push('library/python', '3.12', both);
    const other = image({ platform: 'linux/amd64', config: { Entrypoint: ['/mine'] } });
    const held = { 'wordcount:dev': amd, 'acme/wordcount:dev': arm, 'python:3.12': amd };
    await load(engine, tarOf(savedFiles(held)));
    await hub.push('library/ruby', '3.3', both);
    await load(engine, tarOf(savedFiles({ 'ruby:3.3': other })));
  });
  afterAll(async () => {
    await Promise.all([hub?.stop(), engine?.stop()]);
  });
  const check = (reference: string): Promise<Checked> =>
    checkJob(reference, { env: { ...hub?.env, DOCKER_HOST: engine?.host ?? '' } });

  test.each([
    [
      'wordcount:dev',
      ['docker tag wordcount:dev <your-docker-id>/wordcount:dev', 'docker push <your-docker-id>/wordcount:dev'],
    ],
    ['acme/wordcount:dev', ['docker buildx build --platform linux/amd64 -t acme/wordcount:dev --push .']],
  ])('%s was built here and never pushed', async (reference, commands) => {
    const { code, report } = await check(reference);
    expect(report).toMatchObject({
      subjects: [
        {
          verdict: 'node',
          image: { reference, source: 'registry', platforms: [] },
          findings: [
            { rule: 'image/local-only', severity: 'error', stage: 'node', location: AT_IMAGE, fix: { commands } },
          ],
        },
      ],
    });
    expect(code).toBe(1);
  });

  test('an image that is the same here and there is ready', async () => {
    const { code, report } = await check('python:3.12');
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', complete: true, ready: true, image: SEEN, findings: [] }],
    });
    expect(code).toBe(0);
  });

  test('an image of the same name that is another here', async () => {
    const { code, report } = await check('ruby:3.3');
    expect(report).toMatchObject({
      subjects: [{ verdict: 'ok', findings: [{ rule: 'image/local-differs', severity: 'warning', stage: 'results' }] }],
    });
    expect(code).toBe(0);
  });
});
