import { MAX_FILE_BYTES } from '../check/gather.js';

/** Reads standard input, at most one byte more than a file may have, so that an endless pipe ends. */
export async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}
