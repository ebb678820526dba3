import { addressKind } from './address.js';

/** From where a host can be reached, as far as its name tells. */
export type HostReach = 'public' | 'loopback' | 'private' | 'single-label' | 'local-name';

/** Endings that the public DNS never answers: RFC 6762 with its appendix G, RFC 8375, and ICANN's `.internal`. */
const LOCAL_ENDINGS = [
  '.local',
  '.internal',
  '.localdomain',
  '.home.arpa',
  '.lan',
  '.home',
  '.corp',
  '.intranet',
  '.private',
];

/**
 * Takes a host, with or without port, and says from where it can be reached.
 * Only the name is looked at: a public name may well have a private address. `private` holds link-local and
 * other addresses that are not on the internet.
 */
export function hostReach(registry: string): HostReach {
  const host = hostName(registry).toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
  const kind = addressKind(host);
  if (kind !== undefined) return kind === 'public' || kind === 'loopback' ? kind : 'private';
  if (!host.includes('.')) return 'single-label';
  return LOCAL_ENDINGS.some((ending) => host.endsWith(ending)) ? 'local-name' : 'public';
}

/** Gives the host of `host[:port]` without port, and without the brackets of an IPv6 address. */
export function hostName(registry: string): string {
  if (registry.startsWith('[')) return registry.slice(1, Math.max(1, registry.indexOf(']')));
  const colon = registry.indexOf(':');
  return colon < 0 ? registry : registry.slice(0, colon);
}
