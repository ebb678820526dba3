import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FetchOptions } from '../../src/dryrun/fetch/fetching.js';
import { CannotStage } from '../../src/dryrun/staged-input.js';
import type { IpfsEndpoint } from '../../src/probe/ipfs/blocks.js';
import { startIpfs, type IpfsServer } from '../kit/ipfs.js';
import { plannedInput, stage, unpacked } from '../kit/stage.js';
import { file, redirectTo, startWebServer, status, type WebServer } from '../kit/web-server.js';

const LARGE = Array.from({ length: 80_000 }, (_, i) => `line ${String(i)}\n`).join('');
const ABSENT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';

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

test('what lies on the node has to be given', async () => {
  const local = plannedInput('local', { SourcePath: '/data' });
  await expect(stage(local)).rejects.toThrow('put a sample in its place: --input /in=PATH');
});
