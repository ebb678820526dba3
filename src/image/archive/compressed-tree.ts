import { createReadStream } from 'node:fs';
import { MOST_JSON_BYTES } from '../describe.js';
import { CannotLook } from '../../net/failure.js';
import { streamSource, type ByteSource } from './byte-source.js';
import { decompressed, type Compression } from './decompress.js';
import { readTar, type TarEntry } from './tar-entries.js';
import { treePath, type FileTree } from './tree.js';

const MOST_ENTRIES = 20_000;
/** What is kept in memory: all JSON of an archive, since only its end may say which of it matters. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;

/** What is kept of the stream. */
interface Kept {
  readonly files: Map<string, Buffer>;
  readonly sizes: Map<string, number>;
  readonly repeated: Set<string>;
  bytes: number;
}

/**
 * Opens a compressed tar file by streaming through all of it once, keeping only JSON files. That takes as long as
 * decompressing takes; the signal ends it.
 *
 * @throws CannotLook when it is broken, holds too much, or the signal comes first
 */
export async function openCompressedTree(path: string, kind: Compression, signal: AbortSignal): Promise<FileTree> {
  const kept: Kept = { files: new Map(), sizes: new Map(), repeated: new Set(), bytes: 0 };
  let bytesRead = 0;
  const readAll = async (take: (entry: TarEntry) => Promise<void> | undefined): Promise<void> => {
    const file = createReadStream(path);
    const plain = decompressed(file, kind, signal);
    try {
      await readTar(streamSource(plain), take);
      // The end of the stream is where its checksum is compared.
      for await (const piece of plain) if (piece.length === 0) break;
    } finally {
      await plain.return(undefined);
      bytesRead += file.bytesRead;
      file.destroy();
    }
  };
  let count = 0;
  await readAll((entry) => {
    if (++count > MOST_ENTRIES) throw new CannotLook(`the archive has more than ${MOST_ENTRIES} entries`);
    return keepJson(entry, kept);
  });
  const readEach = (paths: ReadonlySet<string>, visit: (path: string, source: ByteSource) => Promise<void>) =>
    readAll((entry) => {
      const inside = treePath(entry.name);
      return inside !== undefined && paths.has(inside) && isFile(entry) ? visit(inside, entry.content) : undefined;
    });
  return treeOf(kept, readEach, () => bytesRead);
}

function isFile({ type }: TarEntry): boolean {
  return type === '0' || type === '7';
}

function keepJson(entry: TarEntry, kept: Kept): Promise<void> | undefined {
  const path = treePath(entry.name);
  if (path === undefined || !isFile(entry)) return undefined;
  if (kept.sizes.has(path)) kept.repeated.add(path);
  kept.sizes.set(path, entry.size);
  return entry.size <= MOST_JSON_BYTES ? readJson(entry, path, kept) : undefined;
}

/** Keeps the content when it begins as JSON objects and lists do. */
async function readJson({ content, size }: TarEntry, path: string, kept: Kept): Promise<void> {
  const [first] = await content.peek(1);
  if (first !== 0x7b && first !== 0x5b) return;
  kept.bytes += size;
  if (kept.bytes > MOST_KEPT_BYTES) throw new CannotLook('the archive holds too much JSON');
  const bytes = await content.read(size);
  kept.files.set(path, Buffer.from(bytes)); // a copy, so that the piece of the stream around it can go
}

function treeOf(kept: Kept, readEach: FileTree['readEach'], bytesRead: () => number): FileTree {
  return {
    what: 'the archive',
    read: (path, maxBytes) => {
      const content = kept.files.get(path);
      if (kept.repeated.has(path)) throw new CannotLook(`the archive has ${path} more than once`);
      if (content !== undefined && content.length > maxBytes) {
        throw new CannotLook(`${path} in the archive is ${content.length} bytes long`);
      }
      return Promise.resolve(content);
    },
    sizeOf: (path) => (kept.repeated.has(path) ? undefined : kept.sizes.get(path)),
    readEach,
    isSeekable: false,
    bytesRead,
    close: () => Promise.resolve(),
  };
}
