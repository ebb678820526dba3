import type { IncomingMessage } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { CannotLook, NoConnection } from './failure.js';
import { refusalOf, refusalOfName, type ConnectPolicy } from './policy.js';
import type { Environment } from './proxy.js';
import { asReason } from './reason.js';
import { sendingOf, type Resolve, type Sending } from './sending.js';
import { watchdog, type Watchdog } from './watchdog.js';

/** One request. */
export interface HttpRequest {
  readonly url: URL;
  /** Path and query as they are sent, where those of `url` would be tidied up (`..` in a key). */
  readonly path?: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Longest body that is read; a longer one fails the request. */
  readonly maxBytes: number;
  /** Whether the body may be compressed, as `content-encoding` then says. Default false. */
  readonly takesEncoded?: boolean;
  /** False for registries that may have certificates nobody knows. Default true. */
  readonly verifiesCertificate?: boolean;
  /** Takes the body of a good answer (200) as it comes, where it is too long to be held. */
  readonly download?: Download;
}

/** Where a long body goes, and how long that may take. */
export interface Download {
  /** Takes at most `maxBytes` bytes; what it throws ends the request. */
  readonly take: (body: AsyncIterable<Buffer>) => Promise<void>;
  /** Ends the request, in place of the deadlines of the look, which are meant for short answers. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer whose body is read while it comes. */
export interface HttpStream {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Throws `CannotLook` when it breaks off, stalls or is longer than asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What all requests of one look share. */
export interface TransportOptions {
  readonly policy: ConnectPolicy;
  readonly env: Environment;
  /** Milliseconds that one request may take, from connecting to the last byte. */
  readonly requestMs: number;
  /** Ends every request when the look as a whole is over. */
  readonly signal: AbortSignal;
  /** Finds the addresses of a host. Default: as the system does. */
  readonly resolve?: Resolve | undefined;
}

/** Requests that were answered and body bytes that were read so far. */
export interface TransportCount {
  requests: number;
  bytes: number;
}

export interface Transport {
  readonly count: Readonly<TransportCount>;
  /** Makes one request and follows no redirect. Throws `CannotLook`. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  /** The same, for a body that may be long: there is a time limit for the head, and for each pause in the body. */
  readonly open: (request: HttpRequest) => Promise<HttpStream>;
  /** Closes the connections that are kept open. */
  readonly close: () => void;
}

/** Opens what is needed to ask one registry; connections are reused until it is closed. */
export function openTransport(options: TransportOptions): Transport {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  const count: TransportCount = { requests: 0, bytes: 0 };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    refuseHost(request.url, options.policy);
    const deadline = request.download?.signal ?? AbortSignal.timeout(options.requestMs);
    const signal = request.download?.signal ?? AbortSignal.any([options.signal, deadline]);
    let sending: Sending | undefined;
    try {
      sending = await sendingOf(request, agents, options, signal);
      return await exchange(request, sending, count);
    } catch (error) {
      if (request.download?.signal.aborted === true) {
        throw new CannotLook(`${request.url.host} did not send all in time`);
      }
      throw asOurs(
        asReason(error, request.url, { requestMs: options.requestMs, whole: options.signal, deadline }),
        sending,
      );
    }
  };
  const open = async (request: HttpRequest): Promise<HttpStream> => {
    refuseHost(request.url, options.policy);
    const watch = watchdog(options.requestMs);
    const signal = AbortSignal.any([options.signal, watch.signal]);
    const limits = { requestMs: options.requestMs, whole: options.signal, deadline: watch.signal };
    let sending: Sending | undefined;
    const asRead = (error: unknown): CannotLook => asOurs(asReason(error, request.url, limits), sending);
    try {
      sending = await sendingOf(request, agents, options, signal);
      const response = await receiveHead(request, sending);
      count.requests += 1;
      refuseProxyLogin(response, sending);
      const body = watched(response, request, count, watch, asRead);
      return { status: response.statusCode ?? 0, headers: response.headers, body };
    } catch (error) {
      watch.stop();
      throw asRead(error);
    }
  };
  return {
    count,
    send,
    open,
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** A name or address in the URL itself that must not be asked, whoever would resolve it. */
function refuseHost(url: URL, policy: ConnectPolicy): void {
  const host = bareHost(url);
  const refusal = refusalOfName(host) ?? (isIP(host) === 0 ? undefined : refusalOf(host, host, policy));
  if (refusal !== undefined) throw new CannotLook(refusal);
}

/** Says of a connection that failed on the way to a proxy that it was the proxy. */
function asOurs(reason: CannotLook, sending: Sending | undefined): CannotLook {
  if (sending?.proxy === undefined || !(reason instanceof NoConnection)) return reason;
  return new CannotLook(`the proxy ${sending.proxy.host} could not be reached`);
}

function refuseProxyLogin(response: IncomingMessage, { proxy }: Sending): void {
  if (proxy === undefined || response.statusCode !== 407) return;
  response.destroy();
  throw new CannotLook(`the proxy ${proxy.host} wants a login`);
}

async function* watched(
  response: IncomingMessage,
  request: HttpRequest,
  count: TransportCount,
  watch: Watchdog,
  asRead: (error: unknown) => CannotLook,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bodyOf(response, request, count)) {
      watch.stop();
      yield chunk;
      watch.alive();
    }
  } catch (error) {
    const reason = asRead(error);
    // There was an answer, so what failed is not the connecting.
    throw reason instanceof NoConnection ? brokenOff(request.url.host) : reason;
  } finally {
    watch.stop();
    if (!response.complete) response.destroy();
  }
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

async function exchange(request: HttpRequest, sending: Sending, count: TransportCount): Promise<HttpResponse> {
  const response = await receiveHead(request, sending);
  count.requests += 1;
  refuseProxyLogin(response, sending);
  try {
    const pieces = bodyOf(response, request, count);
    const { download } = request;
    const isTaken = download !== undefined && response.statusCode === 200;
    if (isTaken) await download.take(pieces);
    const body = isTaken ? Buffer.alloc(0) : await joined(pieces);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } finally {
    if (!response.complete) response.destroy();
  }
}

function receiveHead(request: HttpRequest, { open, options }: Sending): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = open(request.url, options, resolve);
    sent.on('error', reject);
    sent.end(request.body);
  });
}

/** Gives the body piece by piece, as much of it as is allowed. */
async function* bodyOf(
  response: IncomingMessage,
  request: HttpRequest,
  count: TransportCount,
): AsyncGenerator<Buffer, undefined, undefined> {
  const host = request.url.host;
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && request.method !== 'HEAD' && request.takesEncoded !== true) {
    throw new CannotLook(`${host} sent a compressed answer, which was not asked for`);
  }
  let length = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    count.bytes += chunk.length;
    if (length > request.maxBytes) {
      throw new CannotLook(`${host} sent more than ${sizeText(request.maxBytes)} where that much is never needed`);
    }
    yield chunk;
  }
  if (!response.complete) throw brokenOff(host);
  return undefined;
}

function brokenOff(host: string): CannotLook {
  return new CannotLook(`${host} broke off in the middle of its answer`);
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const piece of pieces) chunks.push(piece);
  return Buffer.concat(chunks);
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`;
}
