import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, portOf } from './listen.js';
import type { Blob, TestImage } from './images.js';

/** A running registry (Debian's docker-registry) on a port of this machine. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** What it logged, for requests that were made. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** The only account of registries with a login. */
export const ACCOUNT = { username: 'tester', password: 'correct horse' };
/** bcrypt of the password; the registry reads no other kind. */
const HTPASSWD = 'tester:$2b$04$9FSRYAAdDQuzInIQnrMErueJIEkl3J52uo7sBkdMXQuJtAgTYkqNm\n';
const SERVICE = 'test-registry';
const ISSUER = 'test-issuer';

export type RegistryLogin = 'none' | 'basic' | 'token';

/**
 * Starts a registry with a temporary folder of its own.
 *
 * @param login `token`: repositories that begin with `public/` are for everyone, others for the account only
 */
export async function startRegistry(login: RegistryLogin = 'none'): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const tokens = login === 'token' ? await startTokenServer(folder) : undefined;
  await writeFile(join(folder, 'htpasswd'), HTPASSWD);
  await writeFile(join(folder, 'config.yml'), configFor(login, folder, tokens?.realm));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  let log = '';
  const host = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const match = /listening on (127\.0\.0\.1:\d+)/.exec(log);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.on('exit', () => reject(new Error(`docker-registry ended: ${log}`)));
    child.on('error', reject);
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    tokens?.server.close();
    await rm(folder, { recursive: true });
  };
  return { host, log: () => log, stop };
}

/** Ends a process and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

function configFor(login: RegistryLogin, folder: string, realm: string | undefined): string {
  const auth = {
    none: {},
    basic: { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } },
    token: {
      auth: { token: { realm, service: SERVICE, issuer: ISSUER, rootcertbundle: join(folder, 'token.crt') } },
    },
  }[login];
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: '127.0.0.1:0' },
    ...auth,
  });
}

/** A token server as the distribution project describes it; the registry trusts its certificate. */
async function startTokenServer(folder: string): Promise<{ server: Server; realm: string }> {
  const key = join(folder, 'token.key');
  const certificate = join(folder, 'token.crt');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=test', ...curve, ...files], {
    stdio: 'ignore',
  });
  const privateKey = createPrivateKey(await readFile(key));
  const der = (await readFile(certificate, 'utf8')).replace(/-----[^-]+-----|\s/g, '');
  const tokenFor = (scopes: readonly string[], isKnown: boolean): string => {
    const access = scopes.flatMap((scope) => {
      const [type, name = '', actions = ''] = scope.split(':');
      const allowed = actions
        .split(',')
        .filter((action) => isKnown || (action === 'pull' && name.startsWith('public/')));
      return allowed.length === 0 ? [] : [{ type, name, actions: allowed }];
    });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: SERVICE, sub: 'test', nbf: now - 60, iat: now, exp: now + 300, access };
    const parts = [{ typ: 'JWT', alg: 'ES256', x5c: [der] }, claims];
    const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const login = request.headers.authorization;
    if (login !== undefined && login !== basicLogin()) {
      response.writeHead(401).end('{"details":"incorrect username or password"}');
      return;
    }
    const token = tokenFor(url.searchParams.getAll('scope'), login !== undefined);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
  });
  await listen(server);
  return { server, realm: `http://127.0.0.1:${portOf(server)}/token` };
}

/** The header of the account. */
export function basicLogin(): string {
  return `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`;
}

/** The text of a Docker config that holds the account for registries. */
export function dockerConfigFor(...hosts: readonly string[]): string {
  const auth = basicLogin().slice('Basic '.length);
  return JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) });
}

/** Pushes an image by the distribution spec's own requests: blobs, then manifests, then the tag. */
export async function push(host: string, repository: string, tag: string, image: TestImage): Promise<void> {
  const base = `http://${host}/v2/${repository}`;
  for (const blob of image.blobs) await pushBlob(base, blob);
  for (const manifest of image.manifests) await putManifest(`${base}/manifests/${manifest.digest}`, manifest);
  await putManifest(`${base}/manifests/${tag}`, image.root);
}

async function pushBlob(base: string, blob: Blob): Promise<void> {
  const started = await authorized(`${base}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(started.headers.get('location') ?? '', base);
  location.searchParams.set('digest', blob.digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await authorized(location.href, { method: 'PUT', headers, body: new Uint8Array(blob.bytes) });
}

async function putManifest(url: string, blob: Blob): Promise<void> {
  const headers = { 'content-type': blob.mediaType };
  await authorized(url, { method: 'PUT', headers, body: new Uint8Array(blob.bytes) });
}

interface PushRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends a request and logs in as the account when that is asked for. */
async function authorized(url: string, request: PushRequest): Promise<Response> {
  let response = await fetch(url, { ...request });
  if (response.status === 401) {
    const challenge = response.headers.get('www-authenticate') ?? '';
    const header = challenge.startsWith('Bearer') ? await bearerFor(challenge) : basicLogin();
    response = await fetch(url, { ...request, headers: { ...request.headers, authorization: header } });
  }
  if (!response.ok) throw new Error(`${request.method} ${url}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
  return response;
}

async function bearerFor(challenge: string): Promise<string> {
  const param = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const url = new URL(param('realm'));
  url.searchParams.set('service', param('service'));
  for (const scope of param('scope').split(' ')) url.searchParams.append('scope', scope);
  const response = await fetch(url, { headers: { authorization: basicLogin() } });
  const text = await response.text();
  return `Bearer ${/"token":"([^"]*)"/.exec(text)?.[1] ?? ''}`;
}
