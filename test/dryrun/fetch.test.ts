import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeGivesUp } from '../../src/dryrun/fetch/deadline.js';
import type { FetchOptions } from '../../src/dryrun/fetch/fetching.js';
import { CannotStage } from '../../src/dryrun/staged-input.js';
import type { IpfsEndpoint } from '../../src/probe/ipfs/blocks.js';
import { startIpfs, type IpfsServer } from '../kit/ipfs.js';
import { plannedInput, stage, unpacked } from '../kit/stage.js';
import { file, redirectTo, startWebServer, status, type WebServer } from '../kit/web-server.js';

const LARGE = Array.from({ length: 80_000 }, (_, i) => `line ${String(i)}\n`).join('');
const ABSENT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';

/** Sends a byte now and then, for as long as somebody listens. */
function drips(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '1000000', 'content-type': 'application/xml' });
  const timer = setInterval(() => response.write('x'), 5);
  response.on('close', () => clearInterval(timer));
}

let server: WebServer;
let ipfs: IpfsServer;
beforeAll(async () => {
  ipfs = await startIpfs({ file: 'hello', large: LARGE, folder: { 'a.csv': 'hello', 'sub/b.txt': 'world' } });
  server = await startWebServer({
    '/a.csv': file('hello'),
    '/large': file(LARGE),
    '/empty.csv': file(''),
    '/a%2Fb%20c.csv': file('x'),
    '/up%2F..': file('x'),
    '/latest': redirectTo('/files/2024.csv'),
    '/files/2024.csv': file('2024', 'text/csv', { 'content-disposition': 'attachment; filename="the data.csv"' }),
    '/straight': file('x', 'text/csv', { 'content-disposition': 'attachment; filename=other.csv' }),
    '/round': redirectTo('/round'),
    '/metadata': redirectTo('http://169.254.169.254/latest/meta-data/'),
    '/secret': status(403),
    '/chunked': (_, response) => void response.writeHead(200, { 'transfer-encoding': 'chunked' }).end('x'),
    '/short': (_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('abc', () => response.destroy());
    },
    '/stalls': (_, response) => void response.writeHead(200, { 'content-length': '10' }).write('abc'),
    '/silent': () => undefined,
    '/drips': drips,
    '/closed/': drips,
    '/get-only': ({ method }, response) =>
      void response.writeHead(method === 'GET' ? 200 : 405, { 'content-length': '1' }).end('x'),
  });
});
afterAll(async () => {
  await server.stop();
  await ipfs.stop();
});

function fetched(url: string, options: Partial<FetchOptions> = {}): Promise<string[]> {
  return stage(plannedInput('urlDownload', { URL: url }), options).then((staged) => unpacked(staged));
}

describe('a URL', () => {
  test.each([
    ['/a.csv', 'a.csv "hello"'],
    ['/a.csv?token=1#part', 'a.csv "hello"'],
    ['/large', `large ${String(LARGE.length)} bytes`],
    ['/empty.csv', 'empty.csv ""'],
    ['/a%2Fb%20c.csv', 'b c.csv "x"'],
    ['/latest', 'the data.csv "2024"'],
    ['/straight', 'straight "x"'],
    ['/get-only', 'get-only "x"'],
  ])('%s is a file in the folder of the Target', async (path, expected) => {
    expect(await fetched(server.url(path))).toEqual(['directory 755 0:0 in/', `file 644 0:0 in/${expected}`]);
  });

  test('says what is to come, without secrets, and asks once', async () => {
    const before = server.seen.length;
    const url = server.url('/a.csv?X-Amz-Signature=abc').replace('http://', 'http://user:secret@');
    const staged = await stage(plannedInput('urlDownload', { URL: url }));
    expect(staged).toMatchObject({ shape: 'file-inside', total: { files: 1, bytes: 5 } });
    expect(staged.description).toBe(`http://${server.host}/a.csv?…`);
    await unpacked(staged);
    expect(server.seen.slice(before)).toEqual(['GET /a.csv?X-Amz-Signature=abc']);
  });

  test.each([
    ['/gone', 'HOST answered 404 (not found)'],
    ['/secret', 'HOST answered 403 (forbidden)'],
    ['/round', 'HOST redirects more than 10 times'],
    ['/metadata', '169.254.169.254 is at 169.254.169.254, a cloud metadata address'],
    ['/chunked', 'HOST does not say how long it is (no Content-Length), which a node needs too'],
    ['/short', 'HOST broke off in the middle of its answer'],
    ['/stalls', 'HOST did not answer within 0.3 s'],
    ['/silent', 'HOST did not answer within 0.3 s'],
  ])('%s cannot be fetched', async (path, reason) => {
    const message = await fetched(server.url(path), { requestMs: 300 }).then(String, (error: unknown) => {
      expect(error).toBeInstanceOf(CannotStage);
      return String(error);
    });
    expect(message.replaceAll(server.host, 'HOST')).toBe(
      `CannotStage: cannot fetch http://HOST${path}: ${reason}. Put a sample in its place: --input /in=PATH`,
    );
  });

  test('a name that leads out of its folder is not taken', async () => {
    await expect(fetched(server.url('/up%2F..'))).rejects.toThrow('the path "..", which is not taken');
  });

  test('that never ends is left when its time is over', async () => {
    await expect(fetched(server.url('/drips'), { maxMs: 100 })).rejects.toThrow(
      /\/drips: it was not here after the 0\.1 s that --max-fetch-time allows\. Put a sample/,
    );
  });

  test('that is too large is left after its head', async () => {
    await expect(fetched(server.url('/large'), { maxBytes: 1000 })).rejects.toThrow(
      'it has 869 kB, and --max-input-size allows 1 kB. Put a sample',
    );
  });

  test('is not asked when nothing may be fetched, or its host is private', async () => {
    const before = server.seen.length;
    const whyNot = 'CI is set, and --probe lets inputs be fetched there';
    await expect(fetched(server.url('/a.csv'), { whyNot })).rejects.toThrow(`a.csv: ${whyNot}. Put`);
    await expect(fetched(server.url('/a.csv'), { allowedHosts: [] })).rejects.toThrow('--allow-host 127.0.0.1');
    expect(server.seen.slice(before)).toEqual([]);
  });
});

describe.each(['gateway', 'api'] as const)('IPFS through a %s', (kind) => {
  const endpoint = (): IpfsEndpoint => ({ kind, url: new URL(ipfs[kind]) });
  const content = (cid = '', options: Partial<FetchOptions> = {}): ReturnType<typeof stage> =>
    stage(plannedInput('ipfs', { CID: cid }), { ipfs: endpoint(), allowedHosts: [], ...options });

  test('a file is the Target itself', async () => {
    const staged = await content(ipfs.cids.large);
    expect(staged).toMatchObject({ shape: 'file', total: { files: 1, bytes: LARGE.length } });
    expect(await unpacked(staged)).toEqual([
      'directory 755 0:0 in/',
      `file 644 0:0 in/in ${String(LARGE.length)} bytes`,
    ]);
  });

  test('a folder is a folder', async () => {
    const staged = await content(ipfs.cids.folder);
    expect(staged.shape).toBe('folder');
    expect(await unpacked(staged)).toEqual([
      'directory 755 0:0 in/',
      'file 644 0:0 in/a.csv "hello"',
      'directory 755 0:0 in/sub/',
      'file 644 0:0 in/sub/b.txt "world"',
    ]);
  });

  test('what is not there, not verified, too large, or asked of nobody', async () => {
    await expect(content(ABSENT)).rejects.toThrow(
      `cannot fetch ipfs://${ABSENT}: ${ABSENT} is not there. Put a sample`,
    );
    const cid = ipfs.cids.folder ?? '';
    ipfs.corrupted.add(cid);
    await expect(content(cid)).rejects.toThrow('gave other content than');
    ipfs.corrupted.delete(cid);
    await expect(content(ipfs.cids.large, { maxBytes: 10 })).rejects.toThrow('--max-input-size allows 10 B');
    await expect(content(cid, { maxBytes: 7 }).then((staged) => unpacked(staged))).rejects.toThrow(
      'it has more than the 7 B that --max-input-size allows',
    );
    await expect(content(cid, { ipfs: undefined })).rejects.toThrow('--ipfs-gateway URL or --ipfs-api URL names one');
  });
});

describe('a sample of a folder of IPFS', () => {
  let folder: IpfsServer;
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`${String(at).padStart(2, '0')}/data.txt`, `content ${String(at)}`]),
  );
  afterAll(() => folder.stop());

  test.each([false, true])('is its first files, and no other block is asked for (sharded: %s)', async (isSharded) => {
    folder = await startIpfs({ folder: files }, isSharded);
    const input = plannedInput('ipfs', { CID: folder.cids.folder });
    const ipfs = { kind: 'gateway' as const, url: new URL(folder.gateway) };
    const all = await unpacked(await stage(input, { ipfs }));
    const asked = folder.seen.splice(0);
    const staged = await stage(input, { ipfs, sample: 3 });
    expect(staged.description).toBe(`ipfs://${folder.cids.folder ?? ''} (a sample: at most the first 3 files)`);
    expect(await unpacked(staged)).toEqual(all.slice(0, 1 + 3 * 2));
    expect(asked.slice(0, folder.seen.length)).toEqual(folder.seen);
    // The folder, and for each file its own folder and itself; parts of large folders come between them.
    if (!isSharded) expect(folder.seen).toHaveLength(1 + 3 * 2);
    expect(folder.seen.length).toBeLessThan(asked.length / 2);
    await folder.stop();
  });

  test('is no sample of a file', async () => {
    const ipfsFile = plannedInput('ipfs', { CID: ipfs.cids.file });
    const staged = await stage(ipfsFile, { ipfs: { kind: 'api', url: new URL(ipfs.api) }, sample: 1 });
    expect(staged.description).toBe(`ipfs://${ipfs.cids.file ?? ''}`);
  });
});

test('an object store that never ends its listing is left, and nothing is said of nodes, which wait', async () => {
  const Endpoint = `http://${server.host}`;
  const listing = plannedInput('s3', { Bucket: 'closed', Key: 'docs/', Endpoint });
  await expect(stage(listing, { maxMs: 100 })).rejects.toThrow(
    's3://closed/docs/: it was not here after the 0.1 s that --max-fetch-time allows. Put a sample',
  );
});

test.each([
  ['urlDownload', 300, undefined],
  ['urlDownload', 301, 'a node gives up after 5 minutes, unless its operator set InputSources.ReadTimeout'],
  ['ipfs', 301, 'a node gives up after 5 minutes, unless its operator set InputSources.ReadTimeout'],
  ['s3', 3000, undefined],
])('what a node does with %s after %d s', (type, seconds, text) => {
  const { source } = plannedInput(type, {});
  expect(source === undefined ? 'no source' : nodeGivesUp(source, seconds)).toBe(text);
});

test.each([
  [{ Type: 'ops', Count: 0 }, '1.9.3', 'nodes divide it by the Count of the job, which jobs on all nodes do not have'],
  [{ Type: 'daemon', Count: 0 }, '1.6.4', 'cannot fetch s3://closed/docs/: '],
  [
    { Count: 2 },
    '1.9.3',
    '"rows" is no type of Partition (none, object, regex, substring or date), and nodes refuse it',
  ],
  [{ Count: 1 }, '1.9.3', '"rows" is no type of Partition'],
])('a Partition in a job with %j on %s', async (job, release, reason) => {
  const params = {
    Bucket: 'closed',
    Key: 'docs/',
    Endpoint: `http://${server.host}/none`,
    Partition: { Type: 'rows' },
  };
  const Partition = 'Type' in job ? {} : params.Partition;
  const input = plannedInput('s3', { ...params, Partition }, { job, release });
  const before = server.seen.length;
  await expect(stage(input)).rejects.toThrow(reason);
  // What a node refuses is not asked for.
  expect(server.seen.length > before).toBe(release === '1.6.4');
});

test('what lies on the node has to be given', async () => {
  const local = plannedInput('local', { SourcePath: '/data' });
  await expect(stage(local)).rejects.toThrow('put a sample in its place: --input /in=PATH');
});
