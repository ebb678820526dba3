import { expect, test } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { readJobSpec } from '../../src/job/read.js';
import { openProber, type ProbeLook } from '../../src/probe/look.js';
import { sourceText } from '../../src/text/source.js';
import { startWebServer, status, type WebServer } from '../kit/web-server.js';

/** Looks at one input, or at a publisher, in a store that answers in one way; the limit is for tests of the limit. */
async function lookAt(
  answer: RequestListener,
  Key: string,
  wanted = 'probe.s3',
  more = {},
  requestMs = 30_000,
): Promise<ProbeLook & { server: WebServer }> {
  const server = await startWebServer({ '/b': answer, '/b/': answer, '/b/k': answer });
  const params = { Type: 's3', Params: { Bucket: 'b', Key, Endpoint: server.url(''), ...more } };
  const InputSources = [{ Target: '/in', Source: params }];
  const job = { Name: 'x', Type: 'batch', Tasks: [{ Name: 'main', InputSources, Publisher: params }] };
  const spec = readJobSpec(sourceText('job.json', JSON.stringify(job)), { release: '1.9.3', variables: new Map() });
  const env = { HOME: '/nonexistent' };
  const prober = openProber({
    env,
    allowedHosts: ['127.0.0.1'],
    whyNoCredentials: undefined,
    totalMs: 50_000,
    requestMs,
  });
  try {
    return { ...(await prober.look(spec, new Set([wanted]))), server };
  } finally {
    await server.stop();
  }
}

function xml(code: number, body: string, headers = {}): RequestListener {
  return (_, response) => void response.writeHead(code, { 'content-type': 'application/xml', ...headers }).end(body);
}

function page(keys: readonly string[], next?: string): string {
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
  const more =
    next === undefined ? '' : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`;
  return `<ListBucketResult><Name>b</Name>${contents}${more}</ListBucketResult>`;
}

const EU = { 'x-amz-bucket-region': 'eu-west-1' };

test.each([
  ['k', status(301, EU)],
  ['k/', xml(301, '<Error><Code>PermanentRedirect</Code></Error>', EU)],
  ['k/', xml(400, '<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>')],
])('a bucket of another region is looked at there: %s', async (key, elsewhere) => {
  let first = true;
  const answer: RequestListener = (request, response) => {
    if (first) elsewhere(request, response);
    else if (request.method === 'HEAD')
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '7' }).end();
    else response.writeHead(200).end(page(['k/a', 'k/b']));
    first = false;
  };
  const { facts } = await lookAt(answer, key, 'probe.s3', { Region: 'us-east-1' });
  expect(facts['probe.s3']?.get(0)).toMatchObject({ kind: 'found', bucketRegion: 'eu-west-1' });
});

test('a publisher whose bucket is elsewhere, refused, or missing', async () => {
  const bucket = async (answer: RequestListener): Promise<unknown> =>
    (await lookAt(answer, 'k', 'probe.bucket')).facts['probe.bucket'];
  expect(await bucket(status(301, EU))).toEqual({ exists: true, bucketRegion: 'eu-west-1' });
  expect(await bucket(status(403))).toEqual({ exists: true });
  expect(await bucket(status(404))).toEqual({ exists: false });
  expect(await bucket(status(200))).toEqual({ exists: true });
});

test('a listing without end is counted to a bound', async () => {
  let pages = 0;
  const answer: RequestListener = (_, response) => {
    pages++;
    response.writeHead(200).end(page([`k/${String(pages)}`], `t${String(pages)}`));
  };
  const { facts } = await lookAt(answer, 'k/');
  expect(facts['probe.s3']?.get(0)).toMatchObject({ kind: 'found', objects: 10, isWhole: false });
  expect(pages).toBe(11);
});

const BOMB = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 12 }, (_, i) => `<!ENTITY a${String(i)} "${`&a${i === 0 ? '' : String(i - 1)};`.repeat(10)}">`).join('')}]><ListBucketResult><Contents><Key>&a11;</Key></Contents></ListBucketResult>`;

test.each<readonly [string, RequestListener, RegExp]>([
  [
    'control characters',
    xml(403, '<Error><Code>No\u001b]0;x\u0007</Code><Message>\u001b[2J</Message></Error>'),
    /^HOST does not show it without credentials, and there are none of yours here$/,
  ],
  ['an error without meaning', xml(418, '<Error><Code>\u001b[2J</Code></Error>'), /^HOST answered 418$/],
  ['a busy store', status(503), /^HOST answered 503 \(service unavailable\)$/],
  ['a web page', xml(200, '<html><p>Sign in</html>'), /^HOST answered with something that is not S3$/],
  ['a tidy web page', xml(200, '<html><p>Sign in</p></html>'), /^the server answered with something that is not S3$/],
  [
    'an endless body',
    (_, response) => {
      const more = (error?: Error | null): void => {
        // Node 24 tells of a connection that is gone by the error alone
        if ((error ?? undefined) === undefined && !response.destroyed) response.write(Buffer.alloc(65_536, 0x20), more);
      };
      response.writeHead(200);
      more();
    },
    /^HOST sent more than 16 MiB where that much is never needed$/,
  ],
  ['an XML bomb', xml(200, BOMB), /^the server answered with something that is not S3$/],
])('%s', async (_title, answer, reason) => {
  const { facts, missing, server } = await lookAt(answer, 'k/');
  expect(facts).toEqual({});
  expect(missing['probe.s3']?.[0]?.replaceAll(server.host, 'HOST')).toMatch(reason);
});

test.each<readonly [string, RequestListener]>([
  ['silence', () => undefined],
  ['a pause', (_, response) => void response.writeHead(200).write('<ListBucketResult>')],
])('%s ends at the limit', async (_title, answer) => {
  const { facts, missing, server } = await lookAt(answer, 'k/', 'probe.s3', {}, 500);
  expect(facts).toEqual({});
  expect(missing['probe.s3']?.[0]?.replaceAll(server.host, 'HOST')).toBe('HOST did not answer within 0.5 s');
});

test('a Filter that does not compile counts where keys are listed, and not for one object', async () => {
  const answer: RequestListener = (request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '7' }).end();
    else response.writeHead(200).end(page(['k/a']));
  };
  const seen = async (key: string): Promise<unknown> => {
    const { facts } = await lookAt(answer, key, 'probe.s3', { Filter: '*.csv' });
    return facts['probe.s3']?.get(0);
  };
  expect(await seen('k')).toMatchObject({ kind: 'found', objects: 1 });
  expect(await seen('k/')).toMatchObject({ kind: 'bad-filter' });
});
