/** One header block of a tar file (POSIX ustar; GNU and old formats share the fields that are read here). */
export interface TarHeader {
  readonly name: string;
  /** Where a link points to. */
  readonly link: string;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content that follow, before padding to a whole block. */
  readonly size: number;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` and `g` pax, `L` and `K` GNU long names, `S` sparse. */
  readonly type: string;
}

export const BLOCK = 512;

/** Parses a block; undefined when it is no header (its checksum is wrong). */
export function parseTarHeader(block: Buffer): TarHeader | undefined {
  if (block.length < BLOCK || !checksumFits(block)) return undefined;
  const size = numberAt(block, 124, 12);
  if (size === undefined) return undefined;
  const type = String.fromCharCode(block[156] ?? 0).replace('\0', '0');
  const name = textAt(block, 0, 100);
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? textAt(block, 345, 155) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    link: textAt(block, 157, 100),
    mode: numberAt(block, 100, 8) ?? 0,
    size,
    type,
  };
}

/** Whether content follows: links, devices, folders and pipes are a header only, whatever size they claim (Go's archive/tar, which Docker uses). */
export function hasContent({ type }: TarHeader): boolean {
  return !/^[1-6]$/.test(type);
}

export function isZeroBlock(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** What extended headers say in place of the header that follows. */
export interface PaxRecords {
  path?: string;
  linkpath?: string;
  size?: number;
  /** True for a file with holes: its content does not begin with its first bytes. */
  isSparse?: boolean;
}

/** Reads pax records (`LENGTH KEY=VALUE\n`, POSIX pax, "Extended Header"); malformed ones end it. */
export function parsePax(content: Buffer): PaxRecords {
  const found: PaxRecords = {};
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    if (space < 0 || space - at > 10) break;
    const length = Number(content.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= space - at + 1 || at + length > content.length) break;
    const record = content.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const key = record.slice(0, equals);
    const value = record.slice(equals + 1);
    if (key === 'path' || key === 'GNU.sparse.name') found.path = value;
    if (key === 'linkpath') found.linkpath = value;
    if (key === 'size' && /^\d{1,15}$/.test(value)) found.size = Number(value);
    if (key.startsWith('GNU.sparse.')) found.isSparse = true;
    at += length;
  }
  return found;
}

/** The sum of all bytes with the checksum field as spaces; old writers summed signed bytes. */
function checksumFits(block: Buffer): boolean {
  const written = numberAt(block, 148, 8);
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return written === unsigned || written === signed;
}

/** Octal text, or base-256 when the first bit is set (GNU, for sizes from 8 GiB). */
function numberAt(block: Buffer, start: number, length: number): number | undefined {
  const first = block[start] ?? 0;
  if (first >= 0x80) {
    let value = first & 0x7f;
    for (let i = start + 1; i < start + length; i++) value = value * 256 + (block[i] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = textAt(block, start, length).trim();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function textAt(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}
