/** Bytes that are read from the beginning to the end, once. */
export interface ByteSource {
  /** Gives the next bytes: as many as asked for, fewer only where the source ends. */
  readonly read: (length: number) => Promise<Buffer>;
  /** Passes over bytes, without reading them where that is possible; false when the source ends before. */
  readonly skip: (length: number) => Promise<boolean>;
  /** Looks at the next bytes without taking them. */
  readonly peek: (length: number) => Promise<Buffer>;
}

/** Reads bytes at a position, fewer only at the end of the file. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

/** Read at once of a file; headers lie close together, so that one such block holds hundreds of them. */
const BLOCK_BYTES = 128 * 1024;

/** Gives a stretch of a file as a source; what is passed over is not read. */
export function fileSource(readAt: ReadAt, start: number, length: number): ByteSource {
  const end = start + length;
  let held: Buffer = Buffer.alloc(0);
  let at = start;
  const fill = async (wanted: number): Promise<void> => {
    if (held.length >= wanted || at + held.length >= end) return;
    const from = at + held.length;
    const more = await readAt(from, Math.min(Math.max(BLOCK_BYTES, wanted - held.length), end - from));
    held = held.length === 0 ? more : Buffer.concat([held, more]);
  };
  const take = (wanted: number): Buffer => {
    const taken = held.subarray(0, wanted);
    held = held.subarray(taken.length);
    at += taken.length;
    return taken;
  };
  return {
    peek: async (wanted) => {
      await fill(wanted);
      return held.subarray(0, wanted);
    },
    read: async (wanted) => {
      await fill(wanted);
      return take(wanted);
    },
    skip: (wanted) => {
      const target = Math.min(at + wanted, end);
      const isThere = at + wanted <= end;
      held = held.subarray(Math.min(held.length, target - at));
      at = target;
      return Promise.resolve(isThere);
    },
  };
}

/** Gives a stream as a source; what is passed over is read and dropped. An error of the stream is thrown by the read. */
export function streamSource(stream: AsyncIterable<unknown>): ByteSource {
  const chunks = buffersOf(stream);
  let held: Buffer = Buffer.alloc(0);
  const next = async (): Promise<Buffer | undefined> => (await chunks.next()).value;
  const fill = async (wanted: number): Promise<void> => {
    if (held.length >= wanted) return;
    const parts = [held];
    let length = held.length;
    while (length < wanted) {
      const chunk = await next();
      if (chunk === undefined) break;
      parts.push(chunk);
      length += chunk.length;
    }
    held = parts.length === 1 ? held : Buffer.concat(parts);
  };
  return {
    peek: async (wanted) => {
      await fill(wanted);
      return held.subarray(0, wanted);
    },
    read: async (wanted) => {
      await fill(wanted);
      const taken = held.subarray(0, wanted);
      held = held.subarray(taken.length);
      return taken;
    },
    skip: async (wanted) => {
      let left = wanted - held.length;
      held = held.subarray(Math.min(wanted, held.length));
      while (left > 0) {
        const chunk = await next();
        if (chunk === undefined) return false;
        if (chunk.length > left) held = chunk.subarray(left);
        left -= chunk.length;
      }
      return true;
    },
  };
}

async function* buffersOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer, undefined, undefined> {
  for await (const chunk of stream) {
    if (chunk instanceof Uint8Array && chunk.length > 0) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
  }
  return undefined;
}

/** Gives the next `length` bytes of a source as one of its own. What is left of them must be passed over by the caller. */
export function partOf(source: ByteSource, length: number): ByteSource & { readonly left: () => number } {
  let left = length;
  const within = (wanted: number): number => Math.min(wanted, left);
  return {
    left: () => left,
    peek: (wanted) => source.peek(within(wanted)),
    read: async (wanted) => {
      const taken = await source.read(within(wanted));
      left -= taken.length;
      return taken;
    },
    skip: async (wanted) => {
      const isThere = wanted <= left;
      const passed = within(wanted);
      left -= passed;
      return (await source.skip(passed)) && isThere;
    },
  };
}

/** Gives all that is left of a source in pieces, for readers that want a stream. */
export async function* piecesOf(source: ByteSource): AsyncGenerator<Buffer> {
  for (;;) {
    const piece = await source.read(64 * 1024);
    if (piece.length === 0) return;
    yield piece;
  }
}
