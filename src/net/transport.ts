import { lookup, type LookupAddress } from 'node:dns';
import type { IncomingMessage, RequestOptions } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CannotLook } from './failure.js';
import { refusalOf, type ConnectPolicy } from './policy.js';
import { proxyFor, type Environment } from './proxy.js';
import { tunnel } from './tunnel.js';

/** One request. */
export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Longest body that is read; a longer one fails the request. */
  readonly maxBytes: number;
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
  /** Closes the connections that are kept open. */
  readonly close: () => void;
}

/** The connection could not be made, or is not TLS: plain HTTP may be tried where that is allowed. */
export class NoConnection extends CannotLook {}
/** Something listens, and does not speak TLS. */
export class NoTls extends NoConnection {}

const MOST_HEADER_BYTES = 32 * 1024;

/** Opens what is needed to ask one registry; connections are reused until it is closed. */
export function openTransport(options: TransportOptions): Transport {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  const count: TransportCount = { requests: 0, bytes: 0 };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const host = bareHost(request.url);
    if (isIP(host) !== 0) {
      const refusal = refusalOf(host, host, options.policy);
      if (refusal !== undefined) throw new CannotLook(refusal);
    }
    const deadline = request.download?.signal ?? AbortSignal.timeout(options.requestMs);
    const signal = request.download?.signal ?? AbortSignal.any([options.signal, deadline]);
    try {
      return await exchange(request, await requestOptions(request, agents, options, signal), count);
    } catch (error) {
      if (request.download?.signal.aborted === true) {
        throw new CannotLook(`${request.url.host} did not send all in time`);
      }
      throw asReason(error, request.url, options, deadline);
    }
  };
  return {
    count,
    send,
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
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
  if (encoding !== 'identity' && request.method !== 'HEAD')
    throw new CannotLook(`${host} sent a compressed answer, which was not asked for`);
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

/** Turns what Node throws into a phrase, by its code and never by its message. */
function asReason(error: unknown, url: URL, options: TransportOptions, deadline: AbortSignal): CannotLook {
  if (error instanceof CannotLook) return error;
  if (deadline.aborted) return new CannotLook(`${url.host} did not answer within ${options.requestMs / 1000} s`);
  if (options.signal.aborted) return new CannotLook(`${url.host} did not answer in time`);
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
      return new CannotLook(`${url.host} has no address (DNS)`);
    case 'EAI_AGAIN':
      return new CannotLook(`${url.host} could not be resolved (DNS does not answer)`);
    case 'ECONNREFUSED':
      return new NoConnection(`${url.host} refused the connection`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new CannotLook(`${url.host} cannot be reached from here`);
    case 'ECONNRESET':
    case 'EPIPE':
      return new NoConnection(`${url.host} closed the connection without an answer`);
    case 'EPROTO':
      return new NoTls(`${url.host} does not speak TLS`);
  }
  if (/^(?:ERR_SSL|ERR_TLS)_/.test(code)) return new NoTls(`${url.host} does not speak TLS (${code})`);
  if (/CERT|SIGNATURE|ISSUER|SIGNED|VERIFY/.test(code)) {
    return new CannotLook(`${url.host} has a TLS certificate that is not trusted (${code})`);
  }
  if (code.startsWith('HPE_')) return new NoConnection(`${url.host} does not speak HTTP (${code})`);
  return new CannotLook(`${url.host} could not be asked${code === '' ? '' : ` (${code})`}`);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
