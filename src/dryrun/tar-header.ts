/** What a tar header says of an entry; everything belongs to root. */
export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly mode: number;
  /** Bytes of a file. */
  readonly size?: number;
  /** Of a link. */
  readonly to?: string;
  /** Seconds since 1970. */
  readonly mtime: number;
}

const BLOCK = 512;
const TYPE = { file: '0', folder: '5', link: '2', extended: 'x' } as const;
/** The largest number that eleven octal digits hold: 8 GiB less one byte. */
const MOST_OCTAL = 0o77777777777;

/**
 * Gives the header of an entry (POSIX.1-2001 pax): what does not fit into the old fields stands in a record before it.
 *
 * tar-stream's pack() is not used: its streams are not Node's own, and when the content of an entry fails, piping them
 * on ends in silence and a request to the engine that never ends. A generator that yields headers ends in the error.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const { size = 0, to = '' } = entry;
  const records = [
    ...(fits(entry.name) ? [] : [record('path', entry.name)]),
    ...(fits(to) ? [] : [record('linkpath', to)]),
    ...(size > MOST_OCTAL ? [record('size', String(size))] : []),
  ];
  const header = block(entry.name, TYPE[entry.type], Math.min(size, MOST_OCTAL), entry, to);
  if (records.length === 0) return header;
  const content = Buffer.concat(records);
  return Buffer.concat([
    block('././@PaxHeader', TYPE.extended, content.length, { mode: 0o644, mtime: entry.mtime }, ''),
    content,
    padding(content.length),
    header,
  ]);
}

/** The zeros after a content of so many bytes. */
export function padding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
}

/** The two empty blocks that end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= 100 && /^[\x20-\x7e]*$/.test(text);
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.from(`${String(length)} ${key}=${value}\n`);
}

function block(
  name: string,
  type: string,
  size: number,
  { mode, mtime }: Pick<TarEntry, 'mode' | 'mtime'>,
  to: string,
): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): number =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  header.set(Buffer.from(name).subarray(0, 100), 0);
  octal(mode, 100, 7);
  octal(0, 108, 7); // uid
  octal(0, 116, 7); // gid
  octal(size, 124, 11);
  octal(Math.floor(mtime), 136, 11);
  header.fill(' ', 148, 156);
  header.write(type, 156, 'latin1');
  header.set(Buffer.from(to).subarray(0, 100), 157);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
