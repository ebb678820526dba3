import { lookup, type LookupAddress } from 'node:dns';
import type { IncomingMessage, RequestOptions } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CannotLook } from './failure.js';
import { refusalOf, type ConnectPolicy } from './policy.js';
import { proxyFor, type Environment } from './proxy.js';
import { asReason } from './reason.js';
import { tunnel } from './tunnel.js';
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

const MOST_HEADER_BYTES = 32 * 1024;

/** Opens what is needed to ask one registry; connections are reused until it is closed. */
export function openTransport(options: TransportOptions): Transport {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  const count: TransportCount = { requests: 0, bytes: 0 };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    refuseAddress(request.url, options.policy);
    const deadline = request.download?.signal ?? AbortSignal.timeout(options.requestMs);
    const signal = request.download?.signal ?? AbortSignal.any([options.signal, deadline]);
    try {
      return await exchange(request, await requestOptions(request, agents, options, signal), count);
    } catch (error) {
      if (request.download?.signal.aborted === true) {
        throw new CannotLook(`${request.url.host} did not send all in time`);
      }
      throw asReason(error, request.url, { requestMs: options.requestMs, whole: options.signal, deadline });
    }
  };
  const open = async (request: HttpRequest): Promise<HttpStream> => {
    refuseAddress(request.url, options.policy);
    const watch = watchdog(options.requestMs);
    const signal = AbortSignal.any([options.signal, watch.signal]);
    const limits = { requestMs: options.requestMs, whole: options.signal, deadline: watch.signal };
    const asRead = (error: unknown): CannotLook => asReason(error, request.url, limits);
    try {
      const response = await receiveHead(request, await requestOptions(request, agents, options, signal));
      count.requests += 1;
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

/** An address in the URL itself is not looked up, so that it is refused here. */
function refuseAddress(url: URL, policy: ConnectPolicy): void {
  const host = bareHost(url);
  const refusal = isIP(host) === 0 ? undefined : refusalOf(host, host, policy);
  if (refusal !== undefined) throw new CannotLook(refusal);
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
    throw asRead(error);
  } finally {
    watch.stop();
    if (!response.complete) response.destroy();
  }
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

async function requestOptions(
  request: HttpRequest,
  agents: { http: http.Agent; https: https.Agent },
  options: TransportOptions,
  signal: AbortSignal,
): Promise<RequestOptions & https.RequestOptions> {
  const { url } = request;
  const common = {
    method: request.method ?? 'GET',
    ...(request.path === undefined ? {} : { path: request.path }),
    headers: { 'user-agent': 'bacalhau-preflight', 'accept-encoding': 'identity', ...request.headers },
    maxHeaderSize: MOST_HEADER_BYTES,
    rejectUnauthorized: request.verifiesCertificate ?? true,
    signal,
  };
  const proxy = proxyFor(url, options.env);
  if (proxy !== undefined) {
    const socket = await tunnel(proxy, url, { rejectUnauthorized: common.rejectUnauthorized, signal });
    // Node takes `createConnection` only where no agent is named, not even `false`.
    return { ...common, createConnection: () => socket };
  }
  return {
    ...common,
    agent: url.protocol === 'https:' ? agents.https : agents.http,
    lookup: checkedLookup(options.policy),
  };
}

/** Resolves a name as Node does and refuses it when any of its addresses is refused, before anything is connected. */
function checkedLookup(policy: ConnectPolicy): LookupFunction {
  return (host, lookupOptions, callback) => {
    lookup(host, { ...lookupOptions, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      for (const { address } of addresses) {
        const refusal = refusalOf(host, address, policy);
        if (refusal === undefined) continue;
        callback(new CannotLook(refusal), []);
        return;
      }
      const [first] = addresses;
      if (lookupOptions.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function exchange(
  request: HttpRequest,
  options: RequestOptions & https.RequestOptions,
  count: TransportCount,
): Promise<HttpResponse> {
  const response = await receiveHead(request, options);
  count.requests += 1;
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

function receiveHead(request: HttpRequest, options: RequestOptions & https.RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const open = request.url.protocol === 'https:' ? https.request : http.request;
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
  if (!response.complete) throw new CannotLook(`${host} broke off in the middle of its answer`);
  return undefined;
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const piece of pieces) chunks.push(piece);
  return Buffer.concat(chunks);
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MiB` : `${bytes} bytes`;
}
