import { open, type FileHandle } from 'node:fs/promises';
import { CannotLook } from '../../net/failure.js';
import { fileSource } from './byte-source.js';
import { BLOCK, hasContent, isZeroBlock, parsePax, parseTarHeader, type TarHeader } from './tar-header.js';
import { treePath, type FileTree } from './tree.js';

/** An image has a few entries for each layer; a tar with more is something else. */
const MOST_ENTRIES = 20_000;
const MOST_META_BYTES = 64 * 1024;

interface Entry {
  readonly offset: number;
  readonly size: number;
  readonly type: string;
  /** True when the archive has the path more than once: readers disagree about which one counts. */
  readonly repeated: boolean;
}

/**
 * Opens a tar file by reading its headers only; contents are skipped by seeking, so that the size of the file does not
 * matter.
 *
 * @throws CannotLook when it is no tar file, or is broken
 */
export async function openTarTree(path: string): Promise<FileTree> {
  const file = await open(path, 'r');
  try {
    const reader = countingReader(file, (await file.stat()).size);
    const entries = await scan(reader);
    return treeOf(entries, reader, () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Reader {
  readonly size: number;
  readonly read: (position: number, length: number) => Promise<Buffer>;
  readonly bytesRead: () => number;
}

function countingReader(file: FileHandle, size: number): Reader {
  let total = 0;
  const read = async (position: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - position)));
    let done = 0;
    while (done < buffer.length) {
      const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    total += done;
    return buffer.subarray(0, done);
  };
  return { size, read, bytesRead: () => total };
}

async function scan(reader: Reader): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let next: { name?: string; size?: number } = {};
  let at = 0;
  for (let count = 0; ; count++) {
    if (count > MOST_ENTRIES) throw new CannotLook(`the archive has more than ${MOST_ENTRIES} entries`);
    const block = await reader.read(at, BLOCK);
    if (block.length < BLOCK) throw new CannotLook(at === 0 ? NO_TAR : 'the archive is cut off');
    if (isZeroBlock(block) && at > 0) return entries;
    const header = parseTarHeader(block);
    if (header === undefined) throw new CannotLook(at === 0 ? NO_TAR : 'the archive is damaged');
    const size = hasContent(header) ? (next.size ?? header.size) : 0;
    const offset = at + BLOCK;
    const end = offset + Math.ceil(size / BLOCK) * BLOCK;
    if (offset + size > reader.size) throw new CannotLook('the archive is cut off');
    if (isMeta(header)) {
      next = { ...next, ...(await readMeta(header, offset, reader)) };
    } else {
      addEntry(entries, next.name ?? header.name, { offset, size, type: header.type });
      next = {};
    }
    at = end;
  }
}

const NO_TAR = 'it is no tar archive';

function isMeta({ type }: TarHeader): boolean {
  return ['x', 'g', 'L', 'K'].includes(type);
}

/** What a pax header or a GNU long name says about the entry that follows it. */
async function readMeta(header: TarHeader, offset: number, reader: Reader): Promise<{ name?: string; size?: number }> {
  if (header.type === 'g' || header.type === 'K') return {};
  if (header.size > MOST_META_BYTES) throw new CannotLook('the archive has a name that is too long');
  const content = await reader.read(offset, header.size);
  if (header.type === 'L') return { name: content.toString('utf8').replace(/\0.*$/s, '') };
  const { path, size } = parsePax(content);
  return { ...(path === undefined ? {} : { name: path }), ...(size === undefined ? {} : { size }) };
}

/** Entries with absolute paths or `..` are left out: nothing outside of the archive is ever meant. */
function addEntry(entries: Map<string, Entry>, name: string, entry: Omit<Entry, 'repeated'>): void {
  const path = treePath(name);
  if (path !== undefined) entries.set(path, { ...entry, repeated: entries.has(path) });
}

function treeOf(entries: ReadonlyMap<string, Entry>, reader: Reader, close: () => Promise<void>): FileTree {
  const isFile = (entry: Entry | undefined): entry is Entry => entry?.type === '0' || entry?.type === '7';
  return {
    what: 'the archive',
    read: async (path, maxBytes) => {
      const entry = entries.get(path);
      if (entry === undefined) return undefined;
      if (!isFile(entry)) throw new CannotLook(`${path} in the archive is a link or no plain file`);
      if (entry.repeated) throw new CannotLook(`the archive has ${path} more than once`);
      if (entry.size > maxBytes) throw new CannotLook(`${path} in the archive is ${entry.size} bytes long`);
      return reader.read(entry.offset, entry.size);
    },
    sizeOf: (path) => {
      const entry = entries.get(path);
      return isFile(entry) ? entry.size : undefined;
    },
    readEach: async (paths, visit) => {
      for (const path of paths) {
        const entry = entries.get(path);
        if (isFile(entry) && !entry.repeated) await visit(path, fileSource(reader.read, entry.offset, entry.size));
      }
    },
    isSeekable: true,
    bytesRead: reader.bytesRead,
    close,
  };
}
