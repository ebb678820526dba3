import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basicLogin } from './account.js';
import { selfSigned } from './certificate.js';
import type { Blob, TestImage } from './images.js';
import { startTokenServer, type IsPublic, type TokenServer } from './token-server.js';

export { ACCOUNT, basicLogin } from './account.js';

/** A running registry (Debian's docker-registry) on a port of this machine. */
export interface TestRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** What it logged, for requests that were made. */
  readonly log: () => string;
  /** The token server, where it has one. */
  readonly tokens: TokenServer | undefined;
  readonly dataFolder: string;
  readonly stop: () => Promise<void>;
}

/** bcrypt of the password; the registry reads no other kind. */
const HTPASSWD = 'tester:$2b$04$9FSRYAAdDQuzInIQnrMErueJIEkl3J52uo7sBkdMXQuJtAgTYkqNm\n';

export type RegistryLogin = 'none' | 'basic' | 'token';

export interface RegistryOptions {
  /** Serves over TLS, with a certificate that nobody knows. */
  readonly tls?: boolean;
  /** Serves what another registry holds. */
  readonly dataOf?: TestRegistry | undefined;
  /** The address of its token server, as others see it. */
  readonly realm?: string;
  /** Says what its token server lets everyone pull. */
  readonly isPublic?: IsPublic;
  /** Where it sends those who want a blob, to a path below its data folder. */
  readonly blobsAt?: string;
}

/**
 * Starts a registry with a temporary folder of its own.
 *
 * @param login `token`: repositories that begin with `public/` are for everyone, others for the account only
 */
export async function startRegistry(
  login: RegistryLogin = 'none',
  options: RegistryOptions = {},
): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const tokens = login === 'token' ? await startTokenServer(options.isPublic) : undefined;
  const tls = options.tls === true ? selfSigned('127.0.0.1') : undefined;
  await writeFile(join(folder, 'htpasswd'), HTPASSWD);
  await writeFile(join(folder, 'token.crt'), tokens?.certificate ?? '');
  await writeFile(join(folder, 'tls.crt'), tls?.certificatePem ?? '');
  await writeFile(join(folder, 'tls.key'), tls?.privateKeyPem ?? '');
  const dataFolder = options.dataOf?.dataFolder ?? join(folder, 'data');
  await writeFile(join(folder, 'config.yml'), configFor(login, folder, dataFolder, tokens, options));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  let log = '';
  const listening = new Promise<string>((resolve, reject) => {
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
    await tokens?.stop();
    await rm(folder, { recursive: true });
  };
  try {
    return { host: await listening, log: () => log, tokens, dataFolder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends a process and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  const neverStarted = child.pid === undefined;
  if (neverStarted || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

function configFor(
  login: RegistryLogin,
  folder: string,
  dataFolder: string,
  tokens: TokenServer | undefined,
  { tls, realm, blobsAt }: RegistryOptions,
): string {
  const auth = {
    none: {},
    basic: { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } },
    token: {
      auth: {
        token: {
          realm: realm ?? tokens?.realm,
          service: tokens?.service,
          issuer: tokens?.issuer,
          rootcertbundle: join(folder, 'token.crt'),
        },
      },
    },
  }[login];
  const secure = tls === true ? { tls: { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') } } : {};
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: dataFolder } },
    ...(blobsAt === undefined
      ? {}
      : { middleware: { storage: [{ name: 'redirect', options: { baseurl: blobsAt } }] } }),
    http: { addr: '127.0.0.1:0', ...secure },
    ...auth,
  });
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
