import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { sendJson, sendManifest, startFakeRegistry, type Answering, type FakeRegistry } from './fake-registry.js';
import { blobOf, descriptor, image, indexOf, jsonBlob, type Blob } from './images.js';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** The image that a hostile registry would serve if it were a good one. */
export const GOOD = indexOf({
  'linux/amd64': image({ platform: 'linux/amd64' }),
  'linux/arm64': image({ platform: 'linux/arm64' }),
});

/** A good config under a size that it does not have. */
const CONFIG_OF_OTHER_SIZE = ((): Blob => {
  const { root, blobs } = image({ platform: 'linux/amd64' });
  const size = blobs[0]?.bytes.length ?? 0;
  const text = root.bytes.toString('utf8').replace(`"size":${size}`, `"size":${size + 1}`);
  return blobOf(MANIFEST, Buffer.from(text));
})();

type Misbehaviour = Answering;

/** Answers manifests with a JSON document of our own. */
function manifest(value: unknown, mediaType = INDEX): Misbehaviour {
  return onManifest((_, response) => sendManifest(response, Buffer.from(JSON.stringify(value)), mediaType));
}

function onManifest(answer: (request: IncomingMessage, response: ServerResponse, host: string) => void): Misbehaviour {
  return (request, response, host) => {
    if (request.url?.includes('/manifests/') !== true) return false;
    answer(request, response, host);
    return true;
  };
}

function onBlob(answer: (request: IncomingMessage, response: ServerResponse) => void): Misbehaviour {
  return (request, response) => {
    if (request.url?.includes('/blobs/') !== true) return false;
    answer(request, response);
    return true;
  };
}

function redirect(location: (host: string) => string): Misbehaviour {
  return onManifest((_, response, host) => response.writeHead(307, { location: location(host) }).end());
}

/** Asks for a bearer token from this realm until there is one. */
function challenge(realm: (host: string) => string, token?: (response: ServerResponse) => void): Misbehaviour {
  return (request, response, host) => {
    if (request.url?.startsWith('/token') === true && token !== undefined) {
      token(response);
      return true;
    }
    if (request.headers.authorization !== undefined) return false;
    const header = `Bearer realm="${realm(host)}",service="test",scope="repository:app:pull"`;
    response.writeHead(401, { 'www-authenticate': header }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
    return true;
  };
}

const ownRealm = (host: string): string => `http://${host}/token`;

/** Misbehaves the first time only, as each registry. */
function once(status: number, headers: Readonly<Record<string, string>> = {}): Misbehaviour {
  const done = new Set<string>();
  return (_, response, host) => {
    if (done.has(host)) return false;
    done.add(host);
    response.writeHead(status, headers).end();
    return true;
  };
}

function always(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Misbehaviour {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
}

/** Three indexes, each inside the one before. */
function nestedIndexes(): Misbehaviour {
  const wrap = (inner: Blob): Blob =>
    jsonBlob(INDEX, {
      schemaVersion: 2,
      manifests: [{ ...descriptor(inner), platform: { os: 'linux', architecture: 'amd64' } }],
    });
  const inside = wrap(GOOD.root);
  const middle = wrap(inside);
  const outside = wrap(middle);
  return onManifest(({ url = '' }, response) => {
    const found = [middle, inside].find(({ digest }) => url.endsWith(digest)) ?? outside;
    sendManifest(response, found.bytes, INDEX);
  });
}

/** What a registry can do to its clients, by name. */
export const MISBEHAVIOURS = {
  'says a digest that is not that of its answer': onManifest((_, response) => {
    const headers = { 'content-type': INDEX, 'docker-content-digest': `sha256:${'0'.repeat(64)}` };
    response.writeHead(200, headers).end(GOOD.root.bytes);
  }),
  'gives other content than was asked by digest': onManifest(({ url = '' }, response) => {
    if (url.includes('sha256:')) sendManifest(response, Buffer.from('{"schemaVersion":2}'), MANIFEST);
    else sendManifest(response, GOOD.root.bytes, INDEX);
  }),
  'gives another config': onBlob((_, response) => response.writeHead(200).end('{"os":"linux"}')),
  'gives a config that is shorter than said': onBlob((_, response) => response.writeHead(200).end('{')),
  'says another size than its config has': onManifest((_, response) => {
    sendManifest(response, CONFIG_OF_OTHER_SIZE.bytes, MANIFEST);
  }),
  'gives a config that is longer than said': onBlob((_, response) => response.writeHead(200).end('x'.repeat(100_000))),
  'gives no config': onBlob((_, response) => sendJson(response, 404, { errors: [{ code: 'BLOB_UNKNOWN' }] })),
  'redirects the config to an error': onBlob((_, response) => {
    response.writeHead(307, { location: '/elsewhere' }).end();
  }),
  'sends a huge manifest': onManifest((_, response) => {
    sendManifest(response, Buffer.concat([GOOD.root.bytes, Buffer.alloc(5 * 1024 * 1024, 0x20)]), INDEX);
  }),
  'sends deep JSON': onManifest((_, response) => {
    sendManifest(response, Buffer.from(`{"manifests":${'['.repeat(100_000)}`), INDEX);
  }),
  'nests indexes': nestedIndexes(),
  'lists 10,000 entries': manifest({
    schemaVersion: 2,
    manifests: Array.from({ length: 10_000 }, () => descriptor(GOOD.root)),
  }),
  'lists entries without digest': manifest({ schemaVersion: 2, manifests: [{ size: 1, digest: 'sha256:../..' }] }),
  'lists entries of impossible size': onManifest((_, response) => {
    const { digest } = descriptor(GOOD.root);
    const text = `{"schemaVersion":2,"manifests":[{"digest":"${digest}","size":1e309}]}`;
    sendManifest(response, Buffer.from(text), INDEX);
  }),
  'names a key __proto__': onManifest(({ url = '' }, response) => {
    const found = GOOD.manifests.find(({ digest }) => url.endsWith(digest)) ?? GOOD.root;
    const text = found.bytes.toString('utf8').replace('{', '{"__proto__":{"config":{},"layers":[]},');
    sendManifest(response, url.includes('sha256:') ? found.bytes : Buffer.from(text), INDEX);
  }),
  'lists entries of negative size': manifest({ schemaVersion: 2, manifests: [{ ...descriptor(GOOD.root), size: -1 }] }),
  'sends index and manifest in one': manifest({ schemaVersion: 2, manifests: [], layers: [], config: {} }),
  'sends schema 1': manifest({ schemaVersion: 1, name: 'app' }, 'application/vnd.docker.distribution.manifest.v1+json'),
  'sends an unknown kind': manifest({ schemaVersion: 2, hello: 1 }, 'application/vnd.cncf.helm.chart'),
  'sends a list': manifest([]),
  'sends HTML': always(200, { 'content-type': 'text/html' }, '<html>Sign in</html>'),
  'sends HTML for not found': always(404, { 'content-type': 'text/html' }, '<html>Not found</html>'),
  'sends nothing': always(200, { 'content-type': INDEX }),
  'says the wrong type': onManifest(({ url = '' }, response) => {
    const found = GOOD.manifests.find(({ digest }) => url.endsWith(digest)) ?? GOOD.root;
    sendManifest(response, found.bytes, 'text/plain');
  }),
  'breaks off': onManifest((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{', () => response.destroy());
  }),
  'never answers': () => true,
  'never ends its headers': onManifest((_, response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
  }),
  'sends early hints for ever': onManifest((_, response) => {
    const hint = setInterval(() => response.socket?.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), 20);
    response.on('close', () => clearInterval(hint));
  }),
  'sends endless headers': onManifest((_, response) => {
    response.socket?.write(`HTTP/1.1 200 OK\r\n${`x: ${'a'.repeat(1000)}\r\n`.repeat(100)}`);
  }),
  'speaks no HTTP': onManifest((_, response) => {
    response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
  }),
  'stops in the middle': onManifest((_, response) => {
    response.writeHead(200, { 'content-type': INDEX }).write('{"schemaVersion":2,');
  }),
  drips: onManifest((_, response) => {
    response.writeHead(200, { 'content-type': INDEX });
    const drip = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(drip));
  }),
  'never ends': onManifest((_, response) => {
    response.writeHead(200, { 'content-type': INDEX });
    const more = (error?: Error | null): void => {
      // Node 24 tells of a connection that is gone by the error alone
      if ((error ?? undefined) === undefined && !response.destroyed) response.write(Buffer.alloc(65_536, 0x20), more);
    };
    more();
  }),
  'sends a gzip bomb': onManifest((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
  }),
  'redirects for ever': redirect((host) => `http://${host}/v2/app/manifests/latest`),
  'redirects to the metadata service': redirect(() => 'http://169.254.169.254/latest/meta-data/'),
  'redirects to the metadata service by name': redirect(() => 'http://metadata.google.internal/'),
  'redirects to a name of the metadata service': redirect(() => 'http://metadata.test/'),
  'redirects to a name with a private address': redirect(() => 'http://private.test/'),
  'redirects without saying where to': always(307),
  'redirects to a private address': redirect(() => 'http://10.0.0.1/'),
  'redirects to a file': redirect(() => 'file:///etc/passwd'),
  'redirects to nowhere': redirect(() => 'http://'),
  'names a realm without TLS elsewhere': challenge(() => 'http://tokens.example/token'),
  'names the metadata service as realm': challenge(() => 'https://169.254.169.254/token'),
  'names a private realm': challenge(() => 'https://192.168.0.1/token'),
  'names a realm with a private address': challenge(() => 'https://private.test/token'),
  'names a realm with a password': challenge((host) => `http://me:secret@${host}/token`),
  'names no realm': challenge(() => ''),
  'redirects its token server': challenge(ownRealm, (response) => {
    response.writeHead(302, { location: '/token2' }).end();
  }),
  'gives a token that breaks headers': challenge(ownRealm, (response) => {
    sendJson(response, 200, { token: 'a\r\nx-evil: 1' });
  }),
  'gives no token': challenge(ownRealm, (response) => sendJson(response, 200, {})),
  'gives a huge token': challenge(ownRealm, (response) => sendJson(response, 200, { token: 'a'.repeat(200_000) })),
  'has a broken token server': challenge(ownRealm, (response) => sendJson(response, 500, {})),
  'says 401 for ever': (request, response, host) => {
    if (request.url?.startsWith('/token') === true) sendJson(response, 200, { token: 'token' });
    else response.writeHead(401, { 'www-authenticate': `Bearer realm="${ownRealm(host)}"` }).end();
    return true;
  },
  'says 401 without a challenge': always(401),
  'says 401 with a challenge of its own': always(401, { 'www-authenticate': 'Negotiate' }),
  'hides its challenge behind a thousand others': always(401, {
    'www-authenticate': `${'Negotiate, '.repeat(900)}Basic realm="x"`,
  }),
  'says 403 without a word': always(403),
  'says 418': always(418),
  'is busy': always(429),
  'is busy for an hour': always(429, { 'retry-after': '3600' }),
  'is busy for seven seconds': once(429, { 'retry-after': '7' }),
  'is busy again and again': always(429, { 'retry-after': '1' }),
  'says nonsense in Retry-After': always(429, { 'retry-after': 'soon' }),
  'is busy once': once(429, { 'retry-after': '0' }),
  fails: always(500),
  'fails once': once(503, { 'retry-after': '0' }),
  'sends control characters': always(
    403,
    { 'content-type': 'application/json' },
    JSON.stringify({ errors: [{ code: 'DENIED', message: 'no\u001b]0;x\u0007\r::error::' }] }),
  ),
  'repeats what it was sent': (request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    }
    const login = Buffer.from(authorization.slice('Basic '.length), 'base64').toString('utf8');
    sendJson(response, 403, { errors: [{ code: 'DENIED', message: `${authorization} is ${login}` }] });
    return true;
  },
} satisfies Readonly<Record<string, Misbehaviour>>;

export type MisbehaviourName = keyof typeof MISBEHAVIOURS;

/** Starts a registry that misbehaves in one way, and is a good one otherwise. */
export function startHostileRegistry(name: MisbehaviourName): Promise<FakeRegistry> {
  return startFakeRegistry(GOOD, MISBEHAVIOURS[name]);
}
