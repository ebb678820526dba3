import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { extract } from 'tar-stream';
import { MOST_JSON_BYTES } from '../describe.js';
import { CannotLook } from '../../net/failure.js';
import { treePath, type FileTree } from './tree.js';

export type Compression = 'gzip' | 'zstd';

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
  const source = createReadStream(path);
  const tar = extract();
  try {
    const inflate = kind === 'gzip' ? createGunzip() : zstdStream();
    await Promise.all([pipeline(source, inflate, tar, { signal }), keepJson(tar, kept)]);
  } catch (error) {
    if (error instanceof CannotLook) throw error;
    if (signal.aborted) throw new CannotLook('the archive takes too long to decompress; decompress it first');
    throw new CannotLook('the compressed archive is damaged or cut off');
  }
  return treeOf(kept, () => source.bytesRead);
}

async function keepJson(tar: ReturnType<typeof extract>, kept: Kept): Promise<void> {
  let count = 0;
  for await (const entry of tar) {
    count++;
    if (count > MOST_ENTRIES) throw new CannotLook(`the archive has more than ${MOST_ENTRIES} entries`);
    const { name, size, type } = entry.header;
    const path = treePath(name);
    if (path !== undefined && type === 'file') {
      if (kept.sizes.has(path)) kept.repeated.add(path);
      kept.sizes.set(path, size);
      const content = size <= MOST_JSON_BYTES ? await readJson(entry) : undefined;
      if (content !== undefined) keep(kept, path, content);
    }
    entry.resume();
  }
}

function keep(kept: Kept, path: string, content: Buffer): void {
  kept.bytes += content.length;
  if (kept.bytes > MOST_KEPT_BYTES) throw new CannotLook('the archive holds too much JSON');
  kept.files.set(path, content);
}

/** Gives the content when it begins as JSON objects and lists do. Reads to the end: leaving early would end the archive. */
async function readJson(entry: AsyncIterable<unknown>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let isJson = true;
  for await (const chunk of entry) {
    if (!Buffer.isBuffer(chunk) || !isJson) continue;
    if (chunks.length === 0) isJson = chunk[0] === 0x7b || chunk[0] === 0x5b;
    if (isJson) chunks.push(chunk);
  }
  return isJson ? Buffer.concat(chunks) : undefined;
}

function zstdStream(): Transform {
  const decompress = new Decompress();
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      attempt(done, () => {
        decompress.push(chunk);
      });
    },
    flush: (done) => {
      attempt(done, () => {
        decompress.push(new Uint8Array(0), true);
      });
    },
  });
  decompress.ondata = (data) => stream.push(Buffer.from(data));
  return stream;
}

function attempt(done: (error?: Error | null) => void, action: () => void): void {
  try {
    action();
    done();
  } catch {
    done(new CannotLook('the compressed archive is damaged or cut off'));
  }
}

function treeOf(kept: Kept, bytesRead: () => number): FileTree {
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
    sizeOf: (path) => kept.sizes.get(path),
    bytesRead,
    close: () => Promise.resolve(),
  };
}
