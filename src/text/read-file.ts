import { isUtf8 } from 'node:buffer';
import { constants, openSync, readSync } from 'node:fs';
import { lstat, open, stat, type FileHandle } from 'node:fs/promises';

/** No job spec or Dockerfile comes near this; what is larger is a mistake, and may cost minutes and gigabytes to parse. */
export const MAX_FILE_BYTES = 1024 * 1024;

/** Opening a named pipe waits otherwise until somebody writes to it. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/** Why a file gives no text: a phrase that completes "cannot read FILE: ". */
export class CannotRead extends Error {
  override readonly name = 'CannotRead';
}

/**
 * Reads a file, or what comes out of a pipe, at most one byte more than is allowed, so that a file that grows and a
 * device without end are bounded as well. Does not wait for somebody to write into a named pipe.
 *
 * @param most bytes that are allowed
 * @throws CannotRead
 */
export async function readBounded(path: string, most = MAX_FILE_BYTES): Promise<Buffer> {
  try {
    if ((await stat(path)).isFIFO()) return await readPipe(path, most);
    const file = await open(path, WITHOUT_WAITING);
    try {
      const { size } = await file.stat();
      return size > most ? Buffer.alloc(most + 1) : await readAtMost(file, size, most);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new CannotRead(await reasonOf(error, path));
  }
}

/**
 * Reads the beginning of a file.
 *
 * @param most bytes
 * @throws CannotRead
 */
export async function readHead(path: string, most: number): Promise<Buffer> {
  try {
    const file = await open(path, WITHOUT_WAITING);
    try {
      const buffer = Buffer.alloc(most);
      const { bytesRead } = await file.read(buffer, 0, most, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new CannotRead(await reasonOf(error, path));
  }
}

/** Files below /proc and devices say that they are empty; then as much is read as may be. */
async function readAtMost(file: FileHandle, size: number, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc((size === 0 ? most : size) + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, size === 0 ? null : length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** Who starts a writer beside us has it running by then. */
const WAIT_FOR_WRITER_MS = 1000;

async function readPipe(path: string, most: number): Promise<Buffer> {
  const { Socket } = await import('node:net');
  const fd = openSync(path, WITHOUT_WAITING);
  const begun = readNow(fd);
  const pipe = new Socket({ fd, readable: true, writable: false });
  if (begun?.length === 0) {
    pipe.setTimeout(WAIT_FOR_WRITER_MS, () => pipe.destroy(new CannotRead('it is a pipe that nobody writes to')));
  }
  const source: AsyncIterable<Buffer> = pipe;
  const chunks = begun === undefined ? [] : [begun];
  let length = begun?.length ?? 0;
  for await (const chunk of source) {
    pipe.setTimeout(0);
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks);
}

/** What lies in a pipe; nothing when nobody has it open for writing, undefined when the writer has not written yet. */
function readNow(fd: number): Buffer | undefined {
  const buffer = Buffer.alloc(64 * 1024);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch {
    return undefined;
  }
}

/** Gives the phrase for what was thrown, by its code: Node's own messages repeat the path. */
export async function reasonOf(error: unknown, path: string): Promise<string> {
  if (error instanceof CannotRead) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return (await isLink(path)) ? 'it is a link to something that is not there' : 'there is no such file';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    case 'ELOOP':
      return 'it is a link that leads back to itself';
    case 'ENXIO':
      return (await isSocket(path)) ? 'it is a socket' : 'it is a device that does not answer';
    default:
      return `the system says ${typeof code === 'string' ? code : 'no more than that it failed'}`;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch {
    return false;
  }
}

/** The text of a file, and whether it was UTF-16 (which Bacalhau's YAML reader takes, and Docker does not). */
export interface Decoded {
  readonly text: string;
  readonly isUtf16: boolean;
}

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark; the mark stays in the text. The first byte that is no UTF-8 becomes
 * the lone surrogate U+DC80 to U+DCFF (as PEP 383 has it), which no valid text holds, so that readers can point at it.
 */
export function decode(bytes: Buffer): Decoded {
  const mark = bytes.length < 4 || bytes.readUInt32LE(0) === 0xfeff ? '' : bytes.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff') {
    const encoding = mark === 'fffe' ? 'utf-16le' : 'utf-16be';
    return { text: new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes), isUtf16: true };
  }
  const text = bytes.toString('utf8');
  return { text: isUtf8(bytes) ? text : withInvalidByte(text, bytes), isUtf16: false };
}

const REPLACEMENT = '\ufffd';

/** Marks the first replacement character that does not stand in the bytes themselves. */
function withInvalidByte(text: string, bytes: Buffer): string {
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes.toString('hex', offset, offset + 3) !== 'efbfbd') {
      return text.slice(0, at) + String.fromCharCode(0xdc00 + (bytes[offset] ?? 0x80)) + text.slice(at + 1);
    }
    offset += 3;
    from = at + 1;
  }
  return text;
}
