import { BlockList, isIP } from 'node:net';
import { hostReach } from './host.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Gives the proxy for a URL by HTTPS_PROXY, HTTP_PROXY and NO_PROXY in either case, as Go's
 * `httpproxy.FromEnvironment` does and with it Docker: loopback hosts are never proxied.
 *
 * @returns undefined when the URL is reached directly, or the variable holds no http(s) URL
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const setting = valueOf(name, env);
  if (setting === undefined || bypasses(url, valueOf('NO_PROXY', env))) return undefined;
  const text = setting.includes('://') ? setting : `http://${setting}`;
  if (!URL.canParse(text)) return undefined;
  const proxy = new URL(text);
  return proxy.protocol === 'http:' || proxy.protocol === 'https:' ? proxy : undefined;
}

function valueOf(name: string, env: Environment): string | undefined {
  const value = env[name] ?? env[name.toLowerCase()];
  return value === undefined || value === '' ? undefined : value;
}

function bypasses(url: URL, noProxy: string | undefined): boolean {
  if (hostReach(url.host) === 'loopback') return true;
  if (noProxy === undefined) return false;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return noProxy.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(host, entry);
  if (isIP(entry) !== 0) return entry === host;
  const [name = '', entryPort] = entry.replace(/^\[([^\]]*)\]/, '$1').split(':');
  if (entryPort !== undefined && entryPort !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return (host === domain && !name.startsWith('.')) || host.endsWith(`.${domain}`);
}

function isInNetwork(host: string, network: string): boolean {
  const [start = '', bits = ''] = network.split('/');
  const family = isIP(start);
  const prefix = Number(bits);
  if (family === 0 || isIP(host) !== family || !Number.isInteger(prefix) || prefix < 0) return false;
  if (prefix > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(start, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
