import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtImage, type Look, type LookOptions } from '../../src/image/look.js';
import { parseImageName } from '../../src/image/name.js';
import { sendJson, startFakeRegistry, type Answering, type FakeRegistry } from '../kit/fake-registry.js';
import { image, indexOf, type TestImage } from '../kit/images.js';
import { listen, portOf } from '../kit/listen.js';
import { ACCOUNT, basicLogin, dockerConfigFor } from '../kit/registry.js';

const single = image({ platform: 'linux/arm64' });
const both = indexOf({ 'linux/amd64': image(), 'linux/arm64': single });
const WANTED = new Set(['image.access', 'image.platforms', 'image.config']);
const PLATFORMS = new Set(['image.access', 'image.platforms']);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-'));
});
afterAll(() => rm(folder, { recursive: true }));

const running: FakeRegistry[] = [];
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.stop();
});

async function start(of: TestImage, answer?: Answering): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(of, answer);
  running.push(registry);
  return registry;
}

function lookAt(text: string, wanted = WANTED, options: Partial<LookOptions> = {}): Promise<Look> {
  return lookAtImage(parseImageName(text), wanted, {
    platforms: ['linux/amd64'],
    offline: false,
    env: { DOCKER_CONFIG: folder },
    credentials: true,
    insecureRegistries: [],
    ...options,
  });
}

/** Wants a bearer token of its own token server for everything. */
function withToken(granted: (request: IncomingMessage) => boolean = () => true, realmHost?: string): Answering {
  return (request, response, host) => {
    if (request.url?.startsWith('/token') === true) {
      if (granted(request)) sendJson(response, 200, { token: 'letmein' });
      else sendJson(response, 401, { details: 'no' });
      return true;
    }
    if (request.headers.authorization === 'Bearer letmein') return false;
    const realm = `http://${realmHost ?? host}/token`;
    const challenge = `Bearer realm="${realm}",service="test",scope="repository:app:pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
    return true;
  };
}

function withBlobsAt(place: () => string, and: Answering = () => false): Answering {
  return (request, response, host) => {
    if (and(request, response, host)) return true;
    if (request.url?.includes('/blobs/') !== true) return false;
    response.writeHead(307, { location: `http://${place()}${request.url}` }).end();
    return true;
  };
}

describe('requests', () => {
  test('a single manifest costs five with a token and a redirect', async () => {
    const content = await start(single);
    const registry = await start(
      single,
      withBlobsAt(() => content.host, withToken()),
    );
    const { facts, stats } = await lookAt(`${registry.host}/app`);
    expect(facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
    expect(stats.requests).toBe(5);
  });

  test('the login stays behind when content lies elsewhere', async () => {
    const content = await start(single);
    const registry = await start(
      single,
      withBlobsAt(() => content.host, withToken()),
    );
    await lookAt(`${registry.host}/app`);
    expect(registry.seen.at(-1)?.authorization).toBe('Bearer letmein');
    expect(content.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('the token is asked for with realm, service and scope of the challenge', async () => {
    const registry = await start(both, withToken());
    await lookAt(`${registry.host}/app:1`, PLATFORMS);
    expect(registry.seen.map(({ path }) => path)).toEqual([
      '/v2/app/manifests/1',
      '/token?service=test&scope=repository%3Aapp%3Apull',
      '/v2/app/manifests/1',
    ]);
  });

  test('reference with tag and digest is asked by digest', async () => {
    const registry = await start(both);
    await lookAt(`${registry.host}/app:1@${both.root.digest}`, PLATFORMS);
    expect(registry.seen.map(({ path }) => path)).toEqual([`/v2/app/manifests/${both.root.digest}`]);
  });

  test('a config that the descriptor carries is not asked for', async () => {
    const manifest = single.manifests[0]?.bytes.toString('utf8') ?? '';
    const config = single.blobs[0]?.bytes ?? Buffer.alloc(0);
    const text = manifest.replace('"size"', `"data":"${config.toString('base64')}","size"`);
    const registry = await start(single, (request, response) => {
      if (request.url?.includes('/manifests/') !== true) return false;
      response.writeHead(200).end(text);
      return true;
    });
    const { facts, stats } = await lookAt(`${registry.host}/app`);
    expect(facts['image.config']).toMatchObject({ platform: 'linux/arm64' });
    expect(stats.requests).toBe(1);
  });
});

describe('credentials', () => {
  test('are tried after an anonymous request is refused', async () => {
    const registry = await start(
      both,
      withToken(({ headers }) => headers.authorization === basicLogin()),
    );
    await writeFile(join(folder, 'config.json'), dockerConfigFor(registry.host));
    const { facts } = await lookAt(`${registry.host}/app`, PLATFORMS);
    expect(facts['image.access']).toEqual({ kind: 'credentials', registry: registry.host, triedCredentials: true });
    expect(registry.seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
      basicLogin(),
      'Bearer letmein',
    ]);
  });

  test('are not sent to a token server on another host', async () => {
    const tokens = await start(
      both,
      withToken(() => false),
    );
    const realmHost = tokens.host.replace('127.0.0.1', 'localhost');
    const registry = await start(
      both,
      withToken(() => false, realmHost),
    );
    await writeFile(join(folder, 'config.json'), dockerConfigFor(registry.host));
    const { facts } = await lookAt(`${registry.host}/app`, PLATFORMS);
    expect(facts['image.access']).toMatchObject({ kind: 'private-or-missing', triedCredentials: false });
    expect(facts['image.access']?.credentialsProblem).toBe(
      `${registry.host} wants its credentials sent to ${realmHost}, which is not its own host`,
    );
    expect([...registry.seen, ...tokens.seen].map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('an identity token is exchanged', async () => {
    const seen: string[] = [];
    const registry = await start(both, (request, response, host) => {
      if (request.method !== 'POST') return withToken(() => false)(request, response, host);
      void request.setEncoding('utf8').on('data', (text: string) => seen.push(text));
      request.on('end', () => sendJson(response, 200, { access_token: 'letmein' }));
      return true;
    });
    const config = { auths: { [registry.host]: { identitytoken: 'refresh-me' } } };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    expect((await lookAt(`${registry.host}/app`, PLATFORMS)).facts['image.access']?.kind).toBe('credentials');
    expect(seen.join('')).toContain('grant_type=refresh_token');
    expect(seen.join('')).toContain('refresh_token=refresh-me');
  });

  test('come from a helper', async () => {
    const registry = await start(
      both,
      withToken(({ headers }) => headers.authorization === basicLogin()),
    );
    await writeFile(join(folder, 'config.json'), JSON.stringify({ credHelpers: { [registry.host]: 'test' } }));
    const helper = join(folder, 'docker-credential-test');
    const answer = JSON.stringify({ Username: ACCOUNT.username, Secret: ACCOUNT.password });
    const script = `#!/bin/sh\nread server\n[ "$1 $server" = "get ${registry.host}" ] && echo '${answer}'\n`;
    await writeFile(helper, script);
    await chmod(helper, 0o755);
    const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH ?? ''}` };
    expect((await lookAt(`${registry.host}/app`, PLATFORMS, { env })).facts['image.access']?.kind).toBe('credentials');
  });

  test.each([
    ['a missing helper', 'nowhere', 'docker-credential-nowhere is not installed'],
    ['a helper with a path for a name', '../../bin/sh', 'the Docker config names an invalid credential helper'],
  ])('%s leaves the anonymous answer', async (_, credsStore, credentialsProblem) => {
    const registry = await start(
      both,
      withToken(() => false),
    );
    await writeFile(join(folder, 'config.json'), JSON.stringify({ credsStore }));
    const { facts } = await lookAt(`${registry.host}/app`, PLATFORMS);
    expect(facts['image.access']).toMatchObject({
      kind: 'private-or-missing',
      triedCredentials: false,
      credentialsProblem,
    });
  });

  test('a registry that hides private images is asked again', async () => {
    const registry = await start(both, (request, response, host) => {
      const isKnown = request.headers.authorization === basicLogin();
      const answer = withToken(() => true)(request, response, host);
      if (answer || isKnown) return answer;
      return false;
    });
    await writeFile(join(folder, 'config.json'), dockerConfigFor(registry.host));
    expect((await lookAt(`${registry.host}/app`, PLATFORMS)).facts['image.access']?.kind).toBe('public');
  });
});

describe('addresses', () => {
  test('a name that stands for this machine is refused when the reference comes from a stranger', async () => {
    const registry = await start(both);
    const name = registry.host.replace('127.0.0.1', 'localhost');
    const { missing } = await lookAt(`${name}/app`, PLATFORMS, { trustsReference: false });
    expect(missing['image.access']).toMatch(
      /^localhost is at \S+, which is this machine; --allow-host localhost lets it be asked$/,
    );
    expect(registry.seen).toEqual([]);
    const allowed = { trustsReference: false, allowedHosts: ['localhost'] };
    expect((await lookAt(`${name}/app`, PLATFORMS, allowed)).facts['image.access']?.kind).toBe('public');
  });

  test('a registry that is not there', async () => {
    const registry = await startFakeRegistry(both);
    await registry.stop();
    const { missing } = await lookAt(`${registry.host}/app`);
    expect(missing['image.access']).toBe(`${registry.host} refused the connection`);
  });

  test('a host without an address', async () => {
    const { missing } = await lookAt('registry.invalid/app', PLATFORMS);
    expect(missing['image.access']).toMatch(/^registry\.invalid (has no address|could not be resolved) \(DNS/);
  });

  test('a text that is no reference is never asked for', async () => {
    const { missing, stats } = await lookAt('https://hub.docker.com/_/python');
    expect(missing['image.access']).toBe('not an image reference');
    expect(stats.requests).toBe(0);
  });
});

describe('a proxy', () => {
  test('opens the connection, with its password, which no reason repeats', async () => {
    const registry = await start(both);
    const targets: string[] = [];
    const logins: (string | undefined)[] = [];
    const proxy = createServer();
    proxy.on('connect', (request: IncomingMessage, socket) => {
      targets.push(request.url ?? '');
      logins.push(request.headers['proxy-authorization']);
      const [host = '', port = ''] = registry.host.split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    const inPlain: string[] = [];
    proxy.on('request', (request: IncomingMessage, response: ServerResponse) => {
      inPlain.push(request.url ?? '');
      logins.push(request.headers['proxy-authorization']);
      const { pathname } = new URL(request.url ?? '');
      ask(`http://${registry.host}${pathname}`, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }).end();
    });
    await listen(proxy);
    const url = `http://me:s3cret@127.0.0.1:${portOf(proxy)}`;
    const env = { DOCKER_CONFIG: folder, HTTPS_PROXY: url, http_proxy: url };
    const insecureRegistries = ['registry.example:5000'];
    const { facts } = await lookAt('registry.example:5000/app', PLATFORMS, { env, insecureRegistries });
    expect(facts['image.access']?.kind).toBe('public');
    // Over TLS first, in a tunnel; then in plain, which is asked of the proxy itself.
    expect(targets).toEqual(['registry.example:5000']);
    expect(inPlain).toEqual(['http://registry.example:5000/v2/app/manifests/latest']);
    const login = `Basic ${Buffer.from('me:s3cret').toString('base64')}`;
    expect(logins).toEqual([login, login]);
    proxy.close();
    proxy.closeAllConnections();
    const { missing } = await lookAt('registry.example:5000/app', PLATFORMS, { env });
    expect(missing['image.access']).toBe(`the proxy 127.0.0.1:${new URL(url).port} could not be reached`);
  });
});
