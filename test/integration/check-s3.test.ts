import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readJobSpec } from '../../src/job/read.js';
import type { ProbeLook, ProbeOptions } from '../../src/probe/look.js';
import { openProber } from '../../src/probe/look.js';
import { loadSdk } from '../../src/probe/s3/sdk.js';
import { sourceText } from '../../src/text/source.js';
import { runCli } from '../kit/cli.js';
import { RADOSGW_NEEDS, startObjectStore, type ObjectStore } from '../kit/radosgw.js';
import { describeWith } from '../kit/service.js';

type Params = Readonly<Record<string, string>>;

describeWith(RADOSGW_NEEDS, 'inputs in a real object store', () => {
  let store: ObjectStore;
  let version = '';
  beforeAll(async () => {
    store = await startObjectStore();
    const sdk = await loadSdk();
    const put = (Bucket: string, Key: string, Body: string, more: object = {}): Promise<{ VersionId?: string }> =>
      store.client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/csv', ...more }));
    for (const Bucket of ['closed', 'open']) await store.client.send(new sdk.CreateBucketCommand({ Bucket }));
    const Versioning = { Bucket: 'open', VersioningConfiguration: { Status: 'Enabled' as const } };
    await store.client.send(new sdk.PutBucketVersioningCommand(Versioning));
    const Statement = [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'],
        Resource: ['arn:aws:s3:::open', 'arn:aws:s3:::open/*'],
      },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await store.client.send(new sdk.PutBucketPolicyCommand({ Bucket: 'open', Policy }));
    version = (await put('open', 'docs/a.csv', 'old')).VersionId ?? '';
    await put('open', 'docs/a.csv', 'newer');
    await put('open', 'docs/b.txt', 'text');
    await put('open', 'docs/sub/c.csv', 'c');
    await put('open', 'docs/', '', { ContentType: 'application/x-directory', ContentLength: 0 });
    await put('open', 'odd/a ../%41+(1)*.csv', 'odd');
    await put('closed', 'secret.csv', 'secret');
    const many = Array.from({ length: 1203 }, (_, i) => `many/${String(i).padStart(5, '0')}`);
    while (many.length > 0) await Promise.all(many.splice(0, 50).map((key) => put('closed', key, 'x')));
  }, 180_000);
  afterAll(() => store.stop(), 60_000);

  function look(params: Params, options: Partial<ProbeOptions> = {}): Promise<ProbeLook> {
    const prober = openProber({ env: store.env, allowedHosts: ['127.0.0.1'], whyNoCredentials: undefined, ...options });
    const Source = { Type: 's3', Params: { Endpoint: store.endpoint, ...params } };
    const job = { Name: 'x', Type: 'batch', Tasks: [{ Name: 'main', InputSources: [{ Target: '/in', Source }] }] };
    const spec = readJobSpec(sourceText('job.json', JSON.stringify(job)), { release: '1.9.3', variables: new Map() });
    return prober.look(spec, new Set(['probe.s3']));
  }
  async function seen(params: Params, options: Partial<ProbeOptions> = {}): Promise<unknown> {
    const { facts, missing } = await look(params, options);
    return facts['probe.s3']?.get(0) ?? missing['probe.s3']?.[0]?.replace(/127\.0\.0\.1:\d+/, 'HOST');
  }
  const open = (Key: string, more: Params = {}): Params => ({ Bucket: 'open', Key, ...more });
  const found = { kind: 'found', isWhole: true };

  test.each([
    ['one object', open('docs/a.csv'), { ...found, access: 'public', objects: 1, size: 5 }],
    ['a folder', open('docs/'), { ...found, objects: 3, size: 10, listed: 3 }],
    ['a prefix', open('docs/a*'), { ...found, objects: 1, size: 5 }],
    ['a Filter', open('docs/', { Filter: '^[^/]*[.]csv$' }), { ...found, objects: 1, listed: 3 }],
    ['a Filter that takes nothing', open('docs/', { Filter: '[.]CSV$' }), { ...found, objects: 0, listed: 3 }],
    ['a Filter that is none', open('docs/', { Filter: '*.csv' }), { kind: 'bad-filter' }],
    ['nothing below a prefix', open('none/'), { ...found, objects: 0, listed: 0 }],
    ['no such key', open('docs/x.csv'), { kind: 'missing', what: 'key', isFolder: false }],
    ['a folder without slash', open('docs'), { kind: 'missing', what: 'key', isFolder: true }],
    ['a key that URLs would tidy up', open('odd/a ../%41+(1)*.csv'), { ...found, objects: 1, size: 3 }],
    ['no such bucket', { Bucket: 'nobucket', Key: 'a.csv' }, { kind: 'missing', what: 'bucket' }],
    ['no such bucket, listed', { Bucket: 'nobucket', Key: 'a/' }, { kind: 'missing', what: 'bucket' }],
    ['what needs credentials', { Bucket: 'closed', Key: 'secret.csv' }, { ...found, access: 'credentials', size: 6 }],
    ['a second page', { Bucket: 'closed', Key: 'many/' }, { ...found, objects: 1203, size: 1203 }],
  ])('%s', async (_title, params, expected) => {
    expect(await seen(params)).toMatchObject(expected);
  });

  test('an old version, and one that is not there', async () => {
    expect(await seen(open('docs/a.csv', { VersionID: version }))).toMatchObject({ ...found, size: 3 });
    const other = `${version.slice(0, -1)}${version.endsWith('a') ? 'b' : 'a'}`;
    expect(await seen(open('docs/a.csv', { VersionID: other }))).toMatchObject({ kind: 'missing', what: 'version' });
  });

  const CLOSED = { Bucket: 'closed', Key: 'secret.csv' };
  test.each([
    [
      'no credentials',
      { env: { HOME: '/nonexistent' } },
      'HOST does not show it without credentials, and there are none of yours here',
    ],
    [
      'credentials that must not be used',
      { whyNoCredentials: '--credentials tries yours' },
      'HOST does not show it without credentials; --credentials tries yours',
    ],
  ])('%s', async (_title, options, reason) => {
    expect(await seen(CLOSED, options)).toBe(reason);
  });

  test('a wrong secret is told by its code where the store gives one', async () => {
    const env = { ...store.env, AWS_SECRET_ACCESS_KEY: 'wrong' };
    expect(await seen({ Bucket: 'closed', Key: 'many/' }, { env })).toBe(
      'HOST does not accept your credentials (SignatureDoesNotMatch)',
    );
    expect(await seen(CLOSED, { env })).toEqual({ kind: 'denied' });
  });

  test('a private store that nobody allowed is not asked', async () => {
    expect(await seen(open('docs/'), { allowedHosts: [] })).toMatch(/--allow-host 127\.0\.0\.1 lets it be asked$/);
  });

  test('the built CLI says what the inputs hold, and that the bucket for results is missing', async () => {
    const source = (Bucket: string, Key: string): string =>
      `Source: { Type: s3, Params: { Bucket: ${Bucket}, Key: "${Key}", Endpoint: "${store.endpoint}" } }`;
    const job = `Name: x
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "alpine:3.20", Entrypoint: [ls], Parameters: [/a, /b] } }
    Publisher: { Type: s3, Params: { Bucket: results, Key: "x/{jobID}", Endpoint: "${store.endpoint}" } }
    ResultPaths: [{ Name: outputs, Path: /outputs }]
    InputSources:
      - Target: /a
        ${source('open', 'docs')}
      - Target: /b
        ${source('closed', 'many/')}
`;
    const args = ['check', '-', '--as', 'job', '--allow-host', '127.0.0.1', '--format', 'json'];
    const { stdout, stderr } = await runCli(args, { stdin: job, env: store.env });
    const report: unknown = JSON.parse(stdout);
    const finding = (severity: string, rule: string): unknown => expect.objectContaining({ severity, rule });
    const findings: unknown = expect.arrayContaining([
      finding('error', 'input/s3-missing'),
      finding('info', 'input/s3-access'),
      finding('error', 'output/s3-bucket'),
    ]);
    expect(report).toMatchObject({ subjects: [{ findings }] });
    expect(stderr).not.toContain('NodeVersion');
    const inCI = await runCli(args, { stdin: job, env: { ...store.env, CI: 'true' } });
    expect(inCI.stdout).toContain('CI is set: --probe lets inputs be looked at');
  });
});
