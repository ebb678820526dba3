import { MAX_FILE_BYTES } from '../text/read-file.js';

/** Reads standard input, at most one byte more than a file may have, so that an endless pipe ends. */
export async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const input: AsyncIterable<Buffer> = process.stdin;
  let length = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}
