/** Small things that are asked for before their turn. */
const AHEAD = { count: 8, bytes: 256 * 1024 };

/**
 * Opens things in their order, and asks for the next small ones meanwhile: of many small ones, most of the time goes
 * by with waiting for the first byte of each.
 *
 * @param open gives the content of one; of a small one no more is read than it has, and one byte
 */
export function readAhead<T extends { readonly size: number }>(
  things: readonly T[],
  open: (thing: T) => AsyncIterable<Uint8Array>,
): (thing: T) => AsyncGenerator<Uint8Array> {
  const small = things.filter(({ size }) => size <= AHEAD.bytes);
  const asked = new Map<T, Promise<Uint8Array[]>>();
  let next = 0;
  const ask = (): void => {
    for (let thing = small[next]; thing !== undefined && asked.size < AHEAD.count; thing = small[++next]) {
      const content = collected(open(thing), thing.size);
      // It is told when its turn comes.
      content.catch(() => undefined);
      asked.set(thing, content);
    }
  };
  return async function* (thing) {
    if (thing.size > AHEAD.bytes) {
      yield* open(thing);
      return;
    }
    ask();
    const content = asked.get(thing);
    if (content === undefined) throw new Error('things are opened in their order');
    const chunks = await content;
    asked.delete(thing);
    yield* chunks;
  };
}

async function collected(content: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > size) break;
  }
  return chunks;
}
