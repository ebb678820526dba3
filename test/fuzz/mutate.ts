/** Gives numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes and words at which parsers trip. */
const TRAPS = ['\0', '\n', '\x1b', '"', '\\', '{', '[', ':', '@', '/', ',', '=', '-1', '1e309', '9007199254740993'];
const MORE_TRAPS = ['null', '"__proto__":{"polluted":1},', '\\ud800', 'sha256:', '\u202e', '\xff', '0'.repeat(64)];
const LONGEST = 64 * 1024;

/** Changes some bytes: flips, cuts, doubles, puts in a trap, or joins with another seed. */
export function mutate(bytes: Buffer, seeds: readonly Buffer[], random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  let result = Buffer.from(bytes);
  for (let count = 1 + below(6); count > 0; count--) {
    const at = below(result.length + 1);
    const end = Math.min(result.length, at + below(40));
    const [before, cut, after] = [result.subarray(0, at), result.subarray(at, end), result.subarray(end)];
    switch (below(6)) {
      case 0:
        if (at < result.length) result[at] = below(256);
        break;
      case 1:
        result = Buffer.concat([before, after]);
        break;
      case 2:
        result = Buffer.concat([before, ...new Array<Buffer>(1 + below(50)).fill(cut), after]);
        break;
      case 3: {
        const traps = [...TRAPS, ...MORE_TRAPS];
        result = Buffer.concat([before, Buffer.from(traps[below(traps.length)] ?? ''), result.subarray(at)]);
        break;
      }
      case 4: {
        const other = seeds[below(seeds.length)] ?? bytes;
        result = Buffer.concat([before, other.subarray(below(other.length + 1))]);
        break;
      }
      default:
        result = before;
    }
    if (result.length > LONGEST) result = result.subarray(0, LONGEST);
  }
  return result;
}
