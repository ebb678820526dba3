import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { RequestOptions } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { CannotLook } from './failure.js';
import { refusalOf, type ConnectPolicy } from './policy.js';
import { proxyFor } from './proxy.js';
import type { HttpRequest, TransportOptions } from './transport.js';
import { proxyHeaders, proxyPlace, tunnel } from './tunnel.js';

const MOST_HEADER_BYTES = 32 * 1024;

/** Calls back with all addresses of a host, as `dns.lookup` does with `all`. */
export type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** How a request is sent: to the host itself, through a tunnel, or, in plain, to the proxy that hands it on. */
export interface Sending {
  readonly open: typeof http.request;
  readonly options: RequestOptions & https.RequestOptions;
  /** The proxy that answers for the host; what goes wrong with the connection is its doing. */
  readonly proxy?: URL;
}

export async function sendingOf(
  request: HttpRequest,
  agents: { http: http.Agent; https: https.Agent },
  { env, policy, resolve = lookup }: Pick<TransportOptions, 'env' | 'policy' | 'resolve'>,
  signal: AbortSignal,
): Promise<Sending> {
  const { url } = request;
  const open = url.protocol === 'https:' ? https.request : http.request;
  const common = {
    method: request.method ?? 'GET',
    ...(request.path === undefined ? {} : { path: request.path }),
    headers: { 'user-agent': 'bacalhau-preflight', 'accept-encoding': 'identity', ...request.headers },
    maxHeaderSize: MOST_HEADER_BYTES,
    rejectUnauthorized: request.verifiesCertificate ?? true,
    signal,
  };
  const proxy = proxyFor(url, env);
  if (proxy === undefined) {
    const agent = url.protocol === 'https:' ? agents.https : agents.http;
    return { open, options: { ...common, agent, lookup: checkedLookup(policy, resolve) } };
  }
  if (url.protocol === 'https:') {
    const socket = await tunnel(proxy, url, { rejectUnauthorized: common.rejectUnauthorized, signal });
    // Node takes `createConnection` only where no agent is named, not even `false`.
    return { open, options: { ...common, createConnection: () => socket } };
  }
  const path = `http://${url.host}${request.path ?? url.pathname + url.search}`;
  const headers = { ...common.headers, host: url.host, ...proxyHeaders(proxy) };
  const options = { ...common, ...proxyPlace(proxy), protocol: proxy.protocol, path, headers, agent: false };
  return { open: proxy.protocol === 'https:' ? https.request : http.request, options, proxy };
}

/** Resolves a name as Node does and refuses it when any of its addresses is refused, before anything is connected. */
function checkedLookup(policy: ConnectPolicy, resolve: Resolve): LookupFunction {
  return (host, lookupOptions, callback) => {
    resolve(host, { ...lookupOptions, all: true }, (error, addresses) => {
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
