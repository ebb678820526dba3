import { Readable, Transform, type Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { CannotLook } from '../../net/failure.js';

export type Compression = 'gzip' | 'zstd';

/**
 * Tells compression by the first bytes; undefined for none.
 *
 * @throws CannotLook for a compression that is not read here
 */
export function compressionOf(firstBytes: Buffer): Compression | undefined {
  const magic = firstBytes.toString('hex', 0, 6);
  if (magic.startsWith('1f8b')) return 'gzip';
  // A zstd frame, or one to be skipped, with which some writers begin (RFC 8878, 3.1.2).
  if (magic.startsWith('28b52ffd') || /^5[0-9a-f]2a4d18/.test(magic)) return 'zstd';
  if (magic === 'fd377a585a00') throw new CannotLook('it is compressed with xz, which is not read here');
  if (magic.startsWith('425a68')) throw new CannotLook('it is compressed with bzip2, which is not read here');
  return undefined;
}

/**
 * Decompresses a stream.
 *
 * @param signal ends it at any time
 * @throws CannotLook (from the iteration) when it is damaged, cut off or expands beyond what an image may have
 */
export async function* decompressed(
  compressed: AsyncIterable<Buffer>,
  kind: Compression,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const inflate = kind === 'gzip' ? zlib.createGunzip() : zstdStream();
  const source = Readable.from(compressed, { objectMode: false });
  let failure: unknown;
  source.on('error', (error) => {
    failure = error;
    inflate.destroy(error);
  });
  const stop = (): void => void inflate.destroy();
  signal.addEventListener('abort', stop);
  let total = 0;
  try {
    signal.throwIfAborted();
    for await (const piece of source.pipe(inflate)) {
      if (!Buffer.isBuffer(piece)) continue;
      total += piece.length;
      if (total > MOST_BYTES) throw new CannotLook(`a layer expands to more than ${MOST_BYTES / 2 ** 30} GiB`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof CannotLook) throw error;
    if (failure instanceof CannotLook) throw failure;
    if (signal.aborted) throw new CannotLook(TOO_LONG);
    throw new CannotLook(DAMAGED);
  } finally {
    signal.removeEventListener('abort', stop);
    source.destroy();
    inflate.destroy();
  }
}

const DAMAGED = 'the compressed archive is damaged or cut off';
const TOO_LONG = 'the archive takes too long to decompress; decompress it first';
/** More than any layer that a node could unpack in time; gzip makes it of 64 MB. */
const MOST_BYTES = 64 * 2 ** 30;

/** From here on Node's own decompressor (there from 22.15) tells of data that is cut off; before, it ends as if whole. */
const NATIVE_ZSTD = 24;

/** Node's own decompressor where it is sound; its window is bounded to 128 MiB. */
function zstdStream(): Duplex {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const create: unknown = major < NATIVE_ZSTD ? undefined : Reflect.get(zlib, 'createZstdDecompress');
  const native: unknown = typeof create === 'function' ? Reflect.apply(create, zlib, []) : undefined;
  return native instanceof Transform ? native : zstdInJavaScript();
}

/** So much is handed on at once, since a few bytes may stand for megabytes and nothing else runs meanwhile. */
const ZSTD_PIECE = 4096;

function zstdInJavaScript(): Duplex {
  const decompress = new Decompress();
  let head: Buffer | undefined = Buffer.alloc(0);
  const push = (chunk: Buffer): void => {
    if (head !== undefined) {
      head = Buffer.concat([head, chunk.subarray(0, 18)]);
      checkWindow(head);
      if (head.length >= 18) head = undefined;
    }
    for (let at = 0; at < chunk.length; at += ZSTD_PIECE) decompress.push(chunk.subarray(at, at + ZSTD_PIECE));
  };
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      attempt(done, () => push(chunk));
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

/** The window is memory that the first frame asks for (RFC 8878, 3.1.1.1); later frames of one layer are alike. */
const MOST_WINDOW = 16 * 2 ** 20;

function checkWindow(frame: Buffer): void {
  if (frame.length < 6 || frame.readUInt32LE(0) !== 0xfd2fb528) return;
  const flags = frame[4] ?? 0;
  const isSingle = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const at = 5 + dictionary;
  if (isSingle && frame.length < at + sizeBytes) return;
  const descriptor = frame[5] ?? 0;
  const window = isSingle ? sizeAt(frame, at, sizeBytes) : (1 << (10 + (descriptor >> 3))) * (1 + (descriptor & 7) / 8);
  if (window > MOST_WINDOW || window < 0) {
    throw new CannotLook('its zstd compression needs a window of more than 16 MiB, for which a newer Node is needed');
  }
}

function sizeAt(frame: Buffer, at: number, bytes: number): number {
  return bytes === 8 ? Number(frame.readBigUInt64LE(at)) : frame.readUIntLE(at, bytes);
}

function attempt(done: (error?: Error | null) => void, action: () => void): void {
  try {
    action();
    done();
  } catch (error) {
    done(error instanceof CannotLook ? error : new CannotLook(DAMAGED));
  }
}
