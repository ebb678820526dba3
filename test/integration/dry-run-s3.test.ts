import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FetchOptions } from '../../src/dryrun/fetch/fetching.js';
import { loadSdk } from '../../src/probe/s3/sdk.js';
import { RADOSGW_NEEDS, startObjectStore, type ObjectStore } from '../kit/radosgw.js';
import { describeWith } from '../kit/service.js';
import { plannedInput, stage, unpacked } from '../kit/stage.js';

type Params = Readonly<Record<string, string>>;

describeWith(RADOSGW_NEEDS, 'inputs of a dry run from a real object store', () => {
  let store: ObjectStore;
  let version = '';
  beforeAll(async () => {
    store = await startObjectStore();
    const sdk = await loadSdk();
    const put = (Key: string, Body: string, more: object = {}): Promise<{ VersionId?: string }> =>
      store.client.send(new sdk.PutObjectCommand({ Bucket: 'closed', Key, Body, ContentType: 'text/csv', ...more }));
    await store.client.send(new sdk.CreateBucketCommand({ Bucket: 'closed' }));
    const Versioning = { Bucket: 'closed', VersioningConfiguration: { Status: 'Enabled' as const } };
    await store.client.send(new sdk.PutBucketVersioningCommand(Versioning));
    version = (await put('docs/a.csv', 'old')).VersionId ?? '';
    await put('docs/a.csv', 'newer', { ChecksumAlgorithm: 'SHA256' });
    await put('docs/b.txt', 'text');
    await put('docs/sub/c.csv', 'c');
    await put('docs/sub/d.csv', '', { ContentLength: 0 });
    await put('docs/', '', { ContentType: 'application/x-directory', ContentLength: 0 });
    await put('docs2/e.csv', 'e');
    await put('large/1mb', 'x'.repeat(1_000_000));
    await put('up/../../x', 'x');
    await put('clash/a', 'x');
    await put('clash/a/b', 'x');
    await put('odd/a b+%41(1).csv', 'odd');
  }, 180_000);
  afterAll(() => store.stop(), 60_000);

  async function content(Key: string, params: Params = {}, options: Partial<FetchOptions> = {}): Promise<string[]> {
    const input = plannedInput('s3', { Bucket: 'closed', Key, Endpoint: store.endpoint, ...params });
    const staged = await stage(input, { env: store.env, ...options });
    expect(staged.shape).toBe('folder');
    const lines = await unpacked(staged);
    expect(lines[0]).toBe('directory 700 0:0 in/');
    return [staged.description, ...lines.slice(1).map((line) => line.replace(/ 0:0 in\//, ' '))];
  }
  const DOCS = ['file 644 a.csv "newer"', 'file 644 b.txt "text"', 'directory 755 sub/', 'file 644 sub/c.csv "c"'];
  const below = (folder: string): string[] => [
    `directory 755 ${folder}/`,
    ...DOCS.map((line) => line.replace(/^(\S+ \d+ )/, `$1${folder}/`)),
    `file 644 ${folder}/sub/d.csv ""`,
  ];

  test.each<[string, string, Params, string[]]>([
    ['one object', 'docs/a.csv', {}, ['file 644 a.csv "newer"']],
    ['a folder', 'docs/', {}, [...DOCS, 'file 644 sub/d.csv ""']],
    [
      'a prefix, with the part after the last slash',
      'docs*',
      {},
      [...below('docs'), 'directory 755 docs2/', 'file 644 docs2/e.csv "e"'],
    ],
    ['a Filter', 'docs/', { Filter: '^[^/]*[.]csv$' }, ['file 644 a.csv "newer"']],
    ['nothing', 'none/', {}, []],
    ['a name with marks', 'odd/a b+%41(1).csv', {}, ['file 644 a b+%41(1).csv "odd"']],
    ['a long object', 'large/', {}, ['file 644 1mb 1000000 bytes']],
  ])('%s', async (_title, key, params, expected) => {
    expect(await content(key, params)).toEqual([`s3://closed/${key}`, ...expected]);
  });

  test('an old version', async () => {
    expect((await content('docs/a.csv', { VersionID: version }))[1]).toBe('file 644 a.csv "old"');
  });

  test('the first objects of a listing, and says so', async () => {
    expect(await content('docs/', {}, { sample: 2 })).toEqual([
      's3://closed/docs/ (the first 2 objects)',
      ...DOCS.slice(0, 2),
    ]);
    expect((await content('docs/', {}, { sample: 4 }))[0]).toBe('s3://closed/docs/');
  });

  test.each<[string, string, Params, Partial<FetchOptions>, string]>([
    ['no such key', 'docs/x.csv', {}, {}, 'HOST has no such key.'],
    [
      'a folder without slash',
      'docs',
      {},
      {},
      'HOST has no such key; a Key that ends in a slash takes what is below it.',
    ],
    ['no such bucket', 'a', { Bucket: 'nobucket' }, {}, 'HOST has no such bucket.'],
    ['a Filter that is none', 'docs/', { Filter: '*' }, {}, 'its Filter is no regular expression of Go: '],
    ['another checksum', 'docs/a.csv', { ChecksumSHA256: 'AAAA' }, {}, 'and ChecksumSHA256 says AAAA.'],
    ['too much', 'large/', {}, { maxBytes: 1000 }, 'it has 1 MB, and --max-input-size allows 1 kB.'],
    ['an object below another', 'clash/', {}, {}, 'a is an object, and others lie below it as in a folder.'],
    ['a key that leads out', 'up/', {}, {}, 'is not taken'],
    ['no credentials', 'docs/', {}, { env: { HOME: '/nonexistent' } }, 'there are none of yours here.'],
    ['a store that nobody named', 'docs/', {}, { allowedHosts: [] }, '--allow-host 127.0.0.1'],
  ])('%s', async (_title, key, params, options, reason) => {
    const told = content(key, params, options).then(String, String);
    expect((await told).replace(/127\.0\.0\.1:\d+/, 'HOST')).toContain(reason);
  });
});
