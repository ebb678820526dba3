import { withChecksum } from '../kit/images.js';
import { mutate } from './mutate.js';

const BLOCK = 512;
const LONGEST = 64 * 1024;
const TYPES = ['0', '1', '2', '3', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', 'V', '\0'];
const NAMES = [
  '',
  '/',
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  'manifest.json',
  'index.json',
  'a\0b',
  '\xff\xfe',
  './',
];
const SIZES = ['77777777777', '00000000000', '00000001000', '-0000000001', '        777', '99999999999', '\x80'];
const LONG_SIZE = Buffer.from('ff'.repeat(12), 'hex');
const PAX = [
  '12 path=a/b\n',
  '20 size=99999999999\n',
  '11 size=-1\n',
  '99999 path=a\n',
  '22 GNU.sparse.major=1\n',
  '0 \n',
];

/**
 * Changes whole blocks and the fields of headers, with checksums that fit: other changes end at the first header. Every
 * fourth input is changed byte by byte all the same.
 */
export function mutateTar(bytes: Buffer, seeds: readonly Buffer[], random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  if (below(4) === 0) return mutate(bytes, seeds, random);
  const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  let blocks = blocksOf(bytes);
  for (let count = 1 + below(4); count > 0; count--) {
    const at = below(blocks.length);
    switch (below(4)) {
      case 0:
        blocks.splice(at, 1 + below(3));
        break;
      case 1:
        blocks.splice(at, 0, ...blocks.slice(at, at + 1 + below(20)));
        break;
      case 2:
        blocks.splice(at, 0, ...blocksOf(pick(seeds) ?? bytes).slice(0, 1 + below(6)));
        break;
      default:
        changeHeader(blocks, below, pick);
    }
    blocks = blocks.slice(0, LONGEST / BLOCK);
  }
  return Buffer.concat(blocks);
}

type Pick = <T>(list: readonly T[]) => T | undefined;

/** Puts another value in a field of one of the headers; or extended records before it. */
function changeHeader(blocks: Buffer[], below: (limit: number) => number, pick: Pick): void {
  const at = pick([...blocks.keys()].filter((index) => blocks[index]?.toString('latin1', 257, 262) === 'ustar'));
  const header = at === undefined ? undefined : blocks[at];
  if (at === undefined || header === undefined) return;
  const put = (text: string, start: number, length: number): void => {
    header.fill(0, start, start + length).write(text, start, length, 'latin1');
  };
  switch (below(6)) {
    case 0:
      put(pick(TYPES) ?? '', 156, 1);
      break;
    case 1:
      put(pick(NAMES) ?? '', pick([0, 157]) ?? 0, 100);
      break;
    case 2:
      put(pick(SIZES) ?? '', 124, 12);
      break;
    case 3:
      LONG_SIZE.copy(header, 124, 0, 1 + below(12));
      break;
    case 4: {
      const records = Buffer.alloc(BLOCK);
      records.write(pick(PAX) ?? '', 0);
      const before = Buffer.from(header);
      before.write(pick(['x', 'x', 'L', 'K', 'g']) ?? 'x', 156);
      before.write(`${below(BLOCK).toString(8).padStart(11, '0')}\0`, 124);
      blocks.splice(at, 0, withChecksum(before), records);
      break;
    }
    default:
      header[below(BLOCK)] = below(256);
  }
  withChecksum(header);
}

/** Copies, the last one filled up with zeros. */
function blocksOf(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = Buffer.alloc(BLOCK);
    bytes.copy(block, 0, at, at + BLOCK);
    blocks.push(block);
  }
  return blocks;
}
