import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readJobSpec } from '../../src/job/read.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { dispositionName } from '../../src/probe/disposition.js';
import { openProber, type ProbeLook, type ProbeOptions } from '../../src/probe/look.js';
import { sourceText } from '../../src/text/source.js';
import { file, redirectTo, startWebServer, status, type WebServer } from '../kit/web-server.js';

let server: WebServer;
beforeAll(async () => {
  server = await startWebServer({
    '/a.csv': file('hello'),
    '/latest': redirectTo('/files/2024.csv'),
    '/named': redirectTo('/blob?id=1'),
    '/blob': file('x', 'text/csv', { 'content-disposition': 'attachment; filename="the data.csv"' }),
    '/straight': file('x', 'text/csv', { 'content-disposition': 'attachment; filename=other.csv' }),
    '/files/2024.csv': file('hello'),
    '/folder': redirectTo('folder/'),
    '/folder/': file('<title>Index of /folder</title>', 'text/html'),
    '/round': redirectTo('/round'),
    '/metadata': redirectTo('http://169.254.169.254/latest/meta-data/'),
    '/inside': redirectTo('http://10.0.0.1/a.csv'),
    '/to-file': redirectTo('file:///etc/passwd'),
    '/chunked': ({ method }, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(method === 'HEAD' ? undefined : 'x');
    },
    '/no-head': ({ method }, response) => void response.writeHead(method === 'HEAD' ? 405 : 200).end(),
    '/busy': status(503),
    '/many': status(429, { 'retry-after': '0' }),
    '/secret': status(401),
    '/compressed': status(200, { 'content-length': '7', 'content-encoding': 'gzip' }),
    '/silent': () => undefined,
    '/drips': (_, response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
    },
    '/negative': status(200, { 'content-length': '-1' }),
  });
});
afterAll(() => server.stop());

function jobWith(...urls: readonly string[]): JobSpec {
  const inputs = urls.map((url, i) => ({
    Target: `/in${String(i)}`,
    Source: { Type: 'urlDownload', Params: { URL: url } },
  }));
  const job = { Name: 'x', Type: 'batch', Tasks: [{ Name: 'main', InputSources: inputs }] };
  return readJobSpec(sourceText('job.json', JSON.stringify(job)), { release: '1.9.3', variables: new Map() });
}

function look(urls: readonly string[], options: Partial<ProbeOptions> = {}): Promise<ProbeLook> {
  const prober = openProber({ env: {}, whyNoCredentials: undefined, allowedHosts: ['127.0.0.1'], ...options });
  return prober.look(jobWith(...urls), new Set(['probe.url']));
}

describe('a URL that answers', () => {
  test.each([
    ['/a.csv', { status: 200, size: 5, contentType: 'text/csv', redirected: false, fileName: 'a.csv', folder: false }],
    ['/latest', { status: 200, size: 5, redirected: true, fileName: '2024.csv' }],
    ['/named', { status: 200, redirected: true, fileName: 'the data.csv' }],
    ['/straight', { status: 200, redirected: false, fileName: 'straight' }],
    ['/folder', { status: 200, redirected: true, folder: true, contentType: 'text/html', fileName: 'folder' }],
    ['/chunked', { status: 200, size: undefined }],
    ['/negative?x=1', { status: 0 }],
    ['/no-head', { status: 405 }],
    ['/gone', { status: 404 }],
    ['/secret', { status: 401 }],
    ['/compressed', { status: 200, size: 7 }],
  ])('%s', async (path, expected) => {
    const { facts, missing } = await look([server.url(path)]);
    if (path.startsWith('/negative')) {
      expect(missing['probe.url']).toEqual([`${server.host} does not speak HTTP (HPE_INVALID_CONTENT_LENGTH)`]);
      return;
    }
    expect(missing).toEqual({});
    expect(facts['probe.url']?.get(0)).toMatchObject(expected);
  });
});

describe('what says nothing of the file is a reason', () => {
  test.each([
    ['/busy', 'HOST answered 503 (service unavailable)'],
    ['/many', 'HOST answered 429 (too many requests)'],
    ['/round', 'HOST redirects more than 10 times'],
    ['/metadata', '169.254.169.254 is at 169.254.169.254, a cloud metadata address'],
    ['/inside', '10.0.0.1 is at 10.0.0.1, which is a private address'],
    ['/to-file', 'HOST redirects to an address that is not http(s)'],
    ['/silent', 'HOST did not answer within 0.3 s'],
    ['/drips', 'HOST did not answer within 0.3 s'],
  ])('%s', async (path, reason) => {
    const { facts, missing } = await look([server.url(path)], { requestMs: 300 });
    expect(facts).toEqual({});
    expect(missing['probe.url']?.map((text) => text.replaceAll(server.host, 'HOST'))).toEqual([reason]);
  });

  test('a private address that nobody allowed, with the flag that does', async () => {
    const before = server.seen.length;
    const { missing } = await look([server.url('/a.csv')], { allowedHosts: [] });
    expect(missing['probe.url']).toEqual([
      '127.0.0.1 is at 127.0.0.1, which is this machine; --allow-host 127.0.0.1 lets it be asked',
    ]);
    expect(server.seen.length).toBe(before);
  });
});

test('what was seen of some inputs stands beside the reasons for the others', async () => {
  const { facts, missing } = await look([server.url('/busy'), server.url('/a.csv'), server.url('/busy?again')]);
  expect([...(facts['probe.url']?.keys() ?? [])]).toEqual([1]);
  expect(missing['probe.url']).toHaveLength(1);
});

test('a URL is asked for once, however many jobs name it, and only with HEAD', async () => {
  const before = server.seen.length;
  const prober = openProber({ env: {}, whyNoCredentials: undefined, allowedHosts: ['127.0.0.1'] });
  const wanted = new Set(['probe.url']);
  const url = server.url('/a.csv?v=2');
  const looks = await Promise.all([prober.look(jobWith(url), wanted), prober.look(jobWith(url, url), wanted)]);
  expect(server.seen.slice(before)).toEqual(['HEAD /a.csv?v=2']);
  expect(looks.map(({ stats }) => stats.requests)).toEqual([1, 0]);
});

test('what is left to fill in, or no URL, is not asked for', async () => {
  const { facts, missing } = await look(['https://example.org/$DATE', '{{.url}}', 'ftp://example.org/a', 'nonsense']);
  expect({ facts, missing }).toEqual({ facts: {}, missing: {} });
});

test.each([
  ['attachment; filename="a b.csv"', 'a b.csv'],
  ['attachment; filename=a.csv; size=3', 'a.csv'],
  ["attachment; filename=x; filename*=UTF-8''caf%C3%A9.csv", 'café.csv'],
  ['attachment; filename="../../etc/passwd"', 'passwd'],
  ['attachment; filename=".."', undefined],
  ['inline', undefined],
  [`attachment; filename="${'a'.repeat(2000)}"`, undefined],
])('Content-Disposition %s', (header, name) => {
  expect(dispositionName(header)).toBe(name);
});
