import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { CannotLook, NoConnection } from './failure.js';

export interface TunnelOptions {
  readonly rejectUnauthorized: boolean;
  readonly signal: AbortSignal;
}

/**
 * Opens a TLS connection to the host of a URL through a proxy (CONNECT, RFC 9110 section 9.3.6). The user named the
 * proxy, so it may be anywhere. In plain, a proxy is sent the whole request instead: many open tunnels only to TLS.
 *
 * @throws CannotLook when the proxy refuses; the proxy's password never stands in the reason
 */
export async function tunnel(proxy: URL, url: URL, options: TunnelOptions): Promise<Socket> {
  const port = url.port === '' ? '443' : url.port;
  const socket = await connectThrough(proxy, `${url.hostname}:${port}`, options.signal);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = connect({ socket, servername: host, rejectUnauthorized: options.rejectUnauthorized });
  try {
    await once(secure, 'secureConnect', { signal: options.signal });
  } catch (error) {
    secure.destroy();
    throw error;
  }
  return secure;
}

/** Where a proxy listens, as options of a request. */
export function proxyPlace(proxy: URL): { host: string; hostname: string; port: number } {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const port = proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port);
  return { host, hostname: host, port };
}

/** The login for a proxy, from its URL. */
export function proxyHeaders(proxy: URL): Readonly<Record<string, string>> {
  if (proxy.username === '') return {};
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` };
}

function connectThrough(proxy: URL, target: string, signal: AbortSignal): Promise<Socket> {
  const open = proxy.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const request = open({
      ...proxyPlace(proxy),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxyHeaders(proxy) },
      agent: false,
      signal,
    });
    request.on('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new NoConnection(`the proxy ${proxy.host} answered ${String(response.statusCode)} for ${target}`));
    });
    request.on('response', () => reject(new NoConnection(`the proxy ${proxy.host} opens no connection to ${target}`)));
    request.on('error', () => reject(new CannotLook(`the proxy ${proxy.host} could not be reached`)));
    request.end();
  });
}
