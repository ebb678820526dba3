import { addressKind, type AddressKind } from './address.js';
import { hostName, hostReach } from './host.js';

/** Which hosts one look may connect to. */
export interface ConnectPolicy {
  /** The host that the user named, `host[:port]`: that of an image reference or of an input. */
  readonly host: string;
  /** Further hosts, without port, that may have private addresses because the user named them. */
  readonly allowedHosts: readonly string[];
  /** False when even that host must be public: its name may come from a stranger. */
  readonly trustsHost: boolean;
}

/** Names under which clouds serve instance data; behind a proxy their addresses are never seen here. */
const METADATA_NAMES = [
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.tencentyun.com',
];

/** Says why a host must not be asked, by its name alone: always for metadata services. */
export function refusalOfName(host: string): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  return METADATA_NAMES.includes(name) ? `${host} is a cloud metadata service` : undefined;
}

/**
 * Says why a host must not be connected to at this address; undefined when it may.
 * Addresses of instance metadata services are always refused. Others that are not public are allowed only for hosts
 * that the user named: a server must not be able to send us round the user's own network.
 */
export function refusalOf(host: string, address: string, policy: ConnectPolicy): string | undefined {
  const kind = addressKind(address);
  if (kind === 'public') return undefined;
  if (kind === 'metadata' || kind === undefined) return `${host} is at ${address}, a cloud metadata address`;
  if (isNamed(host, kind, policy)) return undefined;
  // Nobody is told to allow a host that only a server named.
  const own = hostName(policy.host).toLowerCase() === host.toLowerCase();
  return `${host} is at ${address}, which is ${KIND_TEXT[kind]}${own ? `; --allow-host ${host} lets it be asked` : ''}`;
}

const KIND_TEXT: Readonly<Record<Exclude<AddressKind, 'public' | 'metadata'>, string>> = {
  loopback: 'this machine',
  private: 'a private address',
  'link-local': 'a link-local address',
  special: 'no public address',
};

function isNamed(host: string, kind: AddressKind, policy: ConnectPolicy): boolean {
  const name = host.toLowerCase();
  if (policy.allowedHosts.some((allowed) => hostName(allowed).toLowerCase() === name)) return true;
  if (!policy.trustsHost) return false;
  if (hostName(policy.host).toLowerCase() === name) return true;
  // `localhost` and `127.0.0.1` are the same machine under two names.
  return kind === 'loopback' && hostReach(policy.host) === 'loopback';
}
