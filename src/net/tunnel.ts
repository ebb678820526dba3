import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { CannotLook } from './failure.js';

export interface TunnelOptions {
  readonly rejectUnauthorized: boolean;
  readonly signal: AbortSignal;
}

/**
 * Opens a connection to the host of a URL through a proxy (CONNECT, RFC 9110 section 9.3.6), with TLS inside for https.
 * The user named the proxy, so it may be anywhere.
 *
 * @throws CannotLook when the proxy refuses; the proxy's password never stands in the reason
 */
export async function tunnel(proxy: URL, url: URL, options: TunnelOptions): Promise<Socket> {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const socket = await connectThrough(proxy, `${url.hostname}:${port}`, options.signal);
  if (url.protocol === 'http:') return socket;
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

function connectThrough(proxy: URL, target: string, signal: AbortSignal): Promise<Socket> {
  const headers: Record<string, string> = { host: target };
  if (proxy.username !== '') {
    const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['proxy-authorization'] = `Basic ${Buffer.from(user).toString('base64')}`;
  }
  const open = proxy.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const request = open({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      method: 'CONNECT',
      path: target,
      headers,
      agent: false,
      signal,
    });
    request.on('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new CannotLook(`the proxy ${proxy.host} answered ${String(response.statusCode)} for ${target}`));
    });
    request.on('response', () => reject(new CannotLook(`the proxy ${proxy.host} opens no connection to ${target}`)));
    request.on('error', () => reject(new CannotLook(`the proxy ${proxy.host} could not be reached`)));
    request.end();
  });
}
