import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from './certificate.js';
import type { TestImage } from './images.js';
import { listen, portOf } from './listen.js';
import { startRecorder, type Recorder } from './recorder.js';
import { push, startRegistry } from './registry.js';

/** Stands for Docker Hub: its registry, its token server and its content store, each over TLS under its own name. */
export interface TestHub {
  /** Makes a program that is started with it take this for Docker Hub: the proxy to use, and certificates to trust. */
  readonly env: Readonly<Record<string, string>>;
  /** Requests so far, each as `HOST METHOD PATH STATUS`, with the kind of login that was sent. */
  readonly seen: string[];
  /** Hosts that were asked for and do not exist here. */
  readonly unknown: readonly string[];
  readonly push: (repository: string, tag: string, image: TestImage) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const REGISTRY = 'registry-1.docker.io';
const TOKENS = 'auth.docker.io';
const CONTENT = 'production.cloudflare.docker.com';

/**
 * Starts what stands for Docker Hub, with a proxy as the only way to it. Everyone may pull what was pushed below
 * `library/`; what was not is refused like what is private.
 */
export async function startHub(): Promise<TestHub> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  const open = await startRegistry();
  const published = new Set<string>();
  const closed = await startRegistry('token', {
    dataOf: open,
    isPublic: (name) => name.startsWith('library/') && published.has(name),
    realm: `https://${TOKENS}/token`,
    blobsAt: `https://${CONTENT}/`,
  });
  const content = await listen(
    createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://content');
      createReadStream(join(open.dataFolder, pathname))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    }),
  );
  const seen: string[] = [];
  const behind: Readonly<Record<string, string>> = {
    [REGISTRY]: closed.host,
    [TOKENS]: new URL(closed.tokens?.realm ?? '').host,
    [CONTENT]: `127.0.0.1:${portOf(content)}`,
  };
  const doors = new Map<string, Recorder>();
  let certificates = '';
  for (const [label, host] of Object.entries(behind)) {
    const tls = selfSigned(label);
    certificates += tls.certificatePem;
    doors.set(`${label}:443`, await startRecorder(host, { tls, label, seen }));
  }
  await writeFile(join(folder, 'ca.pem'), certificates);
  const unknown: string[] = [];
  const proxy = await startProxy((host) => {
    const door = doors.get(host);
    if (door === undefined) unknown.push(host);
    return door?.host;
  });
  const stop = async (): Promise<void> => {
    await Promise.all([closed.stop(), ...[...doors.values()].map((door) => door.stop())]);
    await open.stop();
    for (const server of [content, proxy]) {
      server.close();
      server.closeAllConnections();
    }
    await rm(folder, { recursive: true });
  };
  return {
    env: { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
    seen,
    unknown,
    push: async (repository, tag, image) => {
      await push(open.host, repository, tag, image);
      published.add(repository);
    },
    stop,
  };
}

/** A proxy (CONNECT) that finds its own way to the hosts it knows. */
async function startProxy(addressOf: (host: string) => string | undefined): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: Socket) => {
    const address = addressOf(request.url ?? '');
    socket.on('error', () => undefined);
    if (address === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const [host, port] = address.split(':');
    const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    onward.pipe(socket).pipe(onward);
  });
  return listen(server);
}
