import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FetchOptions } from '../../src/dryrun/fetch/fetching.js';
import { loadSdk } from '../../src/probe/s3/sdk.js';
import { RADOSGW_NEEDS, startObjectStore, type ObjectStore } from '../kit/radosgw.js';
import { describeWith } from '../kit/service.js';
import { plannedInput, stage, unpacked, type PlannedOptions } from '../kit/stage.js';

type Params = Readonly<Record<string, unknown>>;

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
    await put('odd\n\u001b[31m/a', 'hostile');
    await put('dots/a/./b/../c', 'c');
    for (const user of ['1-eu', '1-us', '1', '22']) await put(`logs/user${user}.csv`, user);
    await put('logs/other.csv', 'other');
    // More than a page of a listing.
    const keys = Array.from({ length: 1100 }, (_, at) => `many/${String(at).padStart(4, '0')}`);
    const work = async (): Promise<void> => {
      for (let key = keys.shift(); key !== undefined; key = keys.shift()) await put(key, key);
    };
    await Promise.all(Array.from({ length: 20 }, work));
  }, 180_000);
  afterAll(() => store.stop(), 60_000);

  async function content(
    Key: string,
    params: Params = {},
    options: Partial<FetchOptions> = {},
    planned: PlannedOptions = {},
  ): Promise<string[]> {
    const input = plannedInput('s3', { Bucket: 'closed', Key, Endpoint: store.endpoint, ...params }, planned);
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
    ['dots in a key, as Go joins them', 'dots/', {}, ['directory 755 a/', 'file 644 a/c "c"']],
    ['a key with escapes', 'odd\n*', {}, ['directory 755 odd\n\u001b[31m/', 'file 644 odd\n\u001b[31m/a "hostile"']],
    ['a long object', 'large/', {}, ['file 644 1mb 1000000 bytes']],
  ])('%s', async (_title, key, params, expected) => {
    expect(await content(key, params)).toEqual([`s3://closed/${key}`, ...expected]);
  });

  test('an old version', async () => {
    expect((await content('docs/a.csv', { VersionID: version }))[1]).toBe('file 644 a.csv "old"');
  });

  test('the first objects of a listing, and says so', async () => {
    expect(await content('docs/', {}, { sample: 2 })).toEqual([
      's3://closed/docs/ (a sample: the first 2 objects)',
      ...DOCS.slice(0, 2),
    ]);
    expect((await content('docs/', {}, { sample: 4 }))[0]).toBe('s3://closed/docs/');
  });

  test('more than a page of a listing', async () => {
    const lines = await content('many/');
    expect(lines).toHaveLength(1 + 1100);
    expect(lines.at(-1)).toBe('file 644 1099 "many/1099"');
    expect(await content('many/', {}, { sample: 1050 })).toHaveLength(1 + 1050);
  });

  test('what one of several executions takes, and the others', async () => {
    const Partition = { Type: 'regex', Pattern: String.raw`user(\d+)(?:-(eu|us))?` };
    const names = async (partition: number, options: Partial<FetchOptions> = {}): Promise<string[]> => {
      const [description = '', ...lines] = await content('logs/', { Partition }, options, {
        job: { Count: 4 },
        partition,
      });
      return [description, ...lines.map((line) => line.split(' ')[2] ?? '')];
    };
    // As Go code with hash/fnv and regexp divides them.
    expect(await names(0)).toEqual(['s3://closed/logs/ (partition 0 of 4)', 'other.csv', 'user1.csv']);
    expect(await names(1)).toEqual(['s3://closed/logs/ (partition 1 of 4)', 'user1-us.csv', 'user22.csv']);
    expect(await names(2)).toEqual(['s3://closed/logs/ (partition 2 of 4)']);
    expect(await names(3)).toEqual(['s3://closed/logs/ (partition 3 of 4)', 'user1-eu.csv']);
    expect(await names(1, { sample: 1 })).toEqual([
      's3://closed/logs/ (partition 1 of 4) (a sample: the first object)',
      'user1-us.csv',
    ]);
    const undivided = await content('logs/', { Partition }, {}, { job: { Count: 4 }, release: '1.6.0' });
    expect(undivided).toHaveLength(1 + 5);
    expect(await content('logs/', {}, {}, { job: { Count: 4 }, partition: 3 })).toHaveLength(1 + 5);
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
    ['a key that leads out', 'up/', {}, {}, 'the key "up/../../x" leads out of the folder of the input.'],
    [
      'a Pattern that is none',
      'docs/',
      { Partition: { Type: 'regex', Pattern: '(?=a)' } },
      {},
      'the Pattern of its Partition is no regular expression of Go, and nodes refuse it: ',
    ],
    ['no credentials', 'docs/', {}, { env: { HOME: '/nonexistent' } }, 'there are none of yours here.'],
    ['a store that nobody named', 'docs/', {}, { allowedHosts: [] }, '--allow-host 127.0.0.1'],
  ])('%s', async (_title, key, params, options, reason) => {
    const told = content(key, params, options).then(String, String);
    expect((await told).replace(/127\.0\.0\.1:\d+/, 'HOST')).toContain(reason);
  });
});
