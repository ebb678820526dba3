/** A piece of what a container printed. */
export interface Frame {
  readonly channel: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

const HEADER = 8;

/**
 * Takes the engine's attach stream apart (Docker Engine API, "Stream format": channel, three zeros, length, content).
 * Content is handed on as it comes, so that a frame of any length needs no memory; a slow reader slows the container.
 */
export async function* frames(stream: AsyncIterable<unknown>): AsyncGenerator<Frame> {
  let header = Buffer.alloc(0);
  let left = 0;
  let channel: Frame['channel'] = 'stdout';
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      if (left > 0) {
        const bytes = rest.subarray(0, left);
        left -= bytes.length;
        rest = rest.subarray(bytes.length);
        yield { channel, bytes };
        continue;
      }
      const missing = HEADER - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < HEADER) break;
      channel = header[0] === 2 ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  }
}
