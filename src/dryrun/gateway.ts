import { lookup } from 'node:dns/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refusalOf, refusalOfName } from '../net/policy.js';

/** A filtering proxy that stands in for the node's gateway, in this process. */
export interface Gateway {
  /** `ADDRESS:PORT`, as the container's variables name it: without a scheme. */
  readonly address: string;
  /** What was refused, as `host:port`, each once, in order. */
  readonly refused: () => readonly string[];
  /** Why hosts that the job may reach were not asked from here, a sentence each. */
  readonly withheld: () => readonly string[];
  readonly close: () => void;
}

export interface GatewayOptions {
  /** Address to listen on: that of the network's bridge on this machine. */
  readonly address: string;
  readonly domains: readonly string[];
  /** Hosts that may be asked although their address is private. */
  readonly allowedHosts: readonly string[];
  /** Sent with each request, as a node's gateway does. */
  readonly jobId: string;
}

/** Other ports are not let through (the gateway is there for HTTP and HTTPS). */
const PORTS: ReadonlySet<number> = new Set([80, 443]);
/** Headers between two neighbours, which are not handed on (RFC 9110, 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set(
  'connection proxy-connection keep-alive te trailer upgrade proxy-authorization'.split(' '),
);
const MOST_REFUSED = 50;
const CONNECT_MS = 30_000;

/**
 * Starts the proxy. A job's Domains may come from a stranger, and here they would lead into the user's own network: a
 * host with a private address is asked only if the user names it, and metadata services of clouds are not asked at all.
 * It lets through what the domains name: a bare name is that host alone, one with a leading dot is it
 * and all below, as Squid's `dstdomain` has it.
 *
 * @throws as `net.Server.listen` does when the address is not of this machine
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const refused = new Set<string>();
  const withheld = new Set<string>();
  const sockets = new Set<Duplex>();
  const refuse = (host: string, port: number): void => {
    if (refused.size < MOST_REFUSED) refused.add(`${host}:${String(port)}`);
  };
  const allows = (host: string, port: number): boolean =>
    PORTS.has(port) && options.domains.some((domain) => domainMatches(domain, host));
  const server = createServer((message, answer) => void forward(message, answer));
  server.on('connection', (socket) => track(sockets, socket));
  server.on('connect', (message: IncomingMessage, client: Duplex, head: Buffer) => void tunnel(message, client, head));

  /** The address to connect to, or why there is none; what is ours to refuse is remembered. */
  async function askedAt(host: string): Promise<string | NoAddress> {
    const found = await addressOf(host, options.allowedHosts);
    if (typeof found !== 'string' && found.isOurs && withheld.size < MOST_REFUSED) {
      withheld.add(
        `the program asked the proxy for a host that a node may reach, and from here it is not asked: ${found.reason}`,
      );
    }
    return found;
  }

  async function forward(message: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = URL.canParse(message.url ?? '') ? new URL(message.url ?? '') : undefined;
    if (url?.protocol !== 'http:') {
      deny(answer, 400, 'this is a proxy: ask for a whole http:// address');
      return;
    }
    const host = bare(url.hostname);
    const port = url.port === '' ? 80 : Number(url.port);
    if (!allows(host, port)) {
      refuse(host, port);
      deny(answer, 403, `${host}:${String(port)} is not among the Domains of the job`);
      return;
    }
    const address = await askedAt(host);
    if (typeof address !== 'string') {
      deny(answer, 503, address.reason);
      return;
    }
    const headers = Object.fromEntries(Object.entries(message.headers).filter(([name]) => !HOP_BY_HOP.has(name)));
    const onward = request({
      host: address,
      port,
      method: message.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, 'x-bacalhau-job-id': options.jobId, connection: 'close' },
      timeout: CONNECT_MS,
    });
    onward.on('response', (response) => {
      const { statusCode = 0 } = response;
      // Node reads any three digits, and throws where it is to write such as these.
      if (statusCode < 100) {
        response.destroy();
        deny(answer, 502, `${host} answered with the status ${String(statusCode)}`);
        return;
      }
      answer.writeHead(statusCode, response.headers);
      response.pipe(answer);
      response.on('error', () => answer.destroy());
    });
    onward.on('socket', (socket) => track(sockets, socket));
    onward.on('timeout', () => onward.destroy(new Error('no answer in time')));
    onward.on('error', (error) => (answer.headersSent ? answer.destroy() : deny(answer, 502, error.message)));
    message.on('error', () => onward.destroy());
    message.pipe(onward);
  }

  async function tunnel(message: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    client.on('error', () => client.destroy());
    const [, name = '', portText = ''] = /^(.*):(\d+)$/.exec(message.url ?? '') ?? [];
    const host = bare(name);
    const port = Number(portText);
    if (!allows(host, port)) {
      refuse(host, port);
      client.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const address = await askedAt(host);
    if (typeof address !== 'string') {
      client.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    const onward: Socket = connect({ host: address, port, timeout: CONNECT_MS });
    track(sockets, onward);
    onward.on('connect', () => {
      onward.setTimeout(0);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head); // what the client sent without waiting
      onward.pipe(client);
      client.pipe(onward);
    });
    onward.on('timeout', () => onward.destroy(new Error('no answer in time')));
    onward.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n'));
    client.on('close', () => onward.destroy());
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, options.address, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: `${options.address}:${String(port)}`,
    refused: () => [...refused],
    withheld: () => [...withheld],
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Whether a domain of the job names a host. Both are lower case; what has a scheme, port or `*` names none. */
export function domainMatches(domain: string, host: string): boolean {
  if (domain.startsWith('.')) return host === domain.slice(1) || host.endsWith(domain);
  return host === domain;
}

function bare(host: string): string {
  return host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** Why a host is not connected to; `isOurs` when a node would. */
interface NoAddress {
  readonly reason: string;
  readonly isOurs: boolean;
}

/** Looks a host up. The address that was looked at is the one that is connected to. */
async function addressOf(host: string, allowedHosts: readonly string[]): Promise<string | NoAddress> {
  const byName = refusalOfName(host);
  if (byName !== undefined) return { reason: byName, isOurs: true };
  const policy = { host, allowedHosts, trustsHost: false };
  let reason: string | undefined;
  try {
    for (const { address } of await lookup(host, { all: true })) {
      const refusal = refusalOf(host, address, policy);
      if (refusal === undefined) return address;
      reason ??= refusal;
    }
  } catch {
    return { reason: `${host} has no address`, isOurs: false };
  }
  return { reason: reason ?? `${host} has no address`, isOurs: reason !== undefined };
}

function deny(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  answer.end(`${text}\n`);
}

function track(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}
