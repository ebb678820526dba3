/**
 * Where an IP address lies: `metadata` is the instance data service of a cloud (169.254.169.254 and its like),
 * `special` is anything else that is no unicast address of the internet (multicast, documentation, benchmarks).
 */
export type AddressKind = 'public' | 'loopback' | 'private' | 'link-local' | 'metadata' | 'special';

/** Addresses at which clouds serve credentials to whoever asks from the machine. */
const METADATA = new Set(['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', '192.0.0.192']);
const METADATA_V6 = new Set(['fd00:ec2:0:0:0:0:0:254', 'fd00:ec2:0:0:0:0:0:23', 'fd20:ce:0:0:0:0:0:254']);

/** IPv4 blocks that are not on the public internet (IANA special-purpose registry, RFC 6890 and later). */
const V4_BLOCKS: readonly (readonly [string, number, AddressKind])[] = [
  ['0.0.0.0', 8, 'loopback'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'special'],
  ['192.0.2.0', 24, 'special'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'special'],
  ['198.51.100.0', 24, 'special'],
  ['203.0.113.0', 24, 'special'],
  ['224.0.0.0', 3, 'special'],
];

/**
 * Takes an IP address as text (IPv4 in any spelling that URLs allow, IPv6 without brackets) and says where it lies;
 * undefined when the text is a name. IPv4 addresses inside IPv6 (mapped, compatible, NAT64, 6to4) count as what they hold.
 */
export function addressKind(address: string): AddressKind | undefined {
  if (address.includes(':')) {
    const groups = ipv6Groups(address);
    return groups === undefined ? undefined : kindOfV6(groups);
  }
  const value = ipv4Value(address);
  return value === undefined ? undefined : kindOfV4(value);
}

function kindOfV4(value: number): AddressKind {
  if (METADATA.has(dotted(value))) return 'metadata';
  for (const [start, bits, kind] of V4_BLOCKS) {
    const size = 2 ** (32 - bits);
    const first = ipv4Value(start) ?? 0;
    if (value >= first && value < first + size) return kind;
  }
  return 'public';
}

function kindOfV6(groups: readonly number[]): AddressKind {
  if (METADATA_V6.has(groups.map((group) => group.toString(16)).join(':'))) return 'metadata';
  const embedded = embeddedV4(groups);
  if (embedded !== undefined) return kindOfV4(embedded);
  const [first = 0] = groups;
  const zeros = groups.slice(0, 7).every((group) => group === 0);
  if (zeros && (groups[7] ?? 0) <= 1) return 'loopback';
  if ((first & 0xfe00) === 0xfc00) return 'private';
  if ((first & 0xffc0) === 0xfe80 || (first & 0xffc0) === 0xfec0) return 'link-local';
  if ((first & 0xe000) !== 0x2000) return 'special';
  return first === 0x2001 && groups[1] === 0x0db8 ? 'special' : 'public';
}

/** The IPv4 address inside ::ffff:a.b.c.d, ::a.b.c.d, 64:ff9b::a.b.c.d and 2002:aabb:ccdd::. */
function embeddedV4(groups: readonly number[]): number | undefined {
  const pair = (at: number): number => (groups[at] ?? 0) * 65536 + (groups[at + 1] ?? 0);
  const zeroUpTo = (end: number, from = 0): boolean => groups.slice(from, end).every((group) => group === 0);
  if (groups[0] === 0x2002) return pair(1);
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return zeroUpTo(6, 2) ? pair(6) : undefined;
  if (zeroUpTo(5) && groups[5] === 0xffff) return pair(6);
  return zeroUpTo(6) && pair(6) > 1 ? pair(6) : undefined;
}

/** The eight groups of an IPv6 address; undefined when it is none. A zone (`%eth0`) is left out. */
function ipv6Groups(address: string): number[] | undefined {
  const zone = address.indexOf('%');
  const host = urlHost(`[${zone < 0 ? address : address.slice(0, zone)}]`);
  if (host?.startsWith('[') !== true) return undefined;
  const [head = '', tail] = host.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...gap, ...after].map((group) => Number.parseInt(group, 16));
}

/** The number of an IPv4 address, in the spellings that URL parsers take (`127.1`, `0x7f.1`); undefined for names. */
function ipv4Value(address: string): number | undefined {
  const host = urlHost(address);
  if (host === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(host)) return undefined;
  return host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function urlHost(host: string): string | undefined {
  const url = `http://${host}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
