import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';

/** An entry with its content. */
export type EntryToRead = ReturnType<typeof extract> extends AsyncIterable<infer T> ? T : never;

/**
 * Gives the entries of a tar stream one by one. What is not read of an entry is passed over; a reader that has enough
 * ends the stream, however long it is.
 */
export async function* tarEntries(tar: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<EntryToRead> {
  const entries = extract();
  const enough = new AbortController();
  const reading = pipeline(tar, entries, { signal: AbortSignal.any([signal, enough.signal]) });
  reading.catch(() => undefined); // told to the loop, or wanted
  try {
    for await (const entry of entries) {
      yield entry;
      entry.resume();
    }
    await reading;
  } finally {
    enough.abort();
  }
}
