import { CannotLook } from '../../net/failure.js';
import { partOf, type ByteSource } from './byte-source.js';
import {
  BLOCK,
  hasContent,
  isZeroBlock,
  parsePax,
  parseTarHeader,
  type PaxRecords,
  type TarHeader,
} from './tar-header.js';

/** One entry of a tar archive. Its content must be taken before the next entry is asked for. */
export interface TarEntry {
  /** As written: it may be absolute, or leave the archive. */
  readonly name: string;
  readonly link: string;
  readonly type: string;
  readonly mode: number;
  /** Bytes of content that are there, all of which follow. */
  readonly size: number;
  /** True for a file with holes, whose content is not what lies in the archive. */
  readonly isSparse: boolean;
  /** The source, standing at the content; at most `size` bytes of it are the entry's. */
  readonly content: ByteSource;
}

/** Longest extended header that is read: a path has 4 KiB at most, and file systems add a few attributes. */
const MOST_META_BYTES = 1024 * 1024;

/**
 * Reads the entries of a tar archive as they come, holding one at a time. Sizes are believed only as far as there are
 * bytes.
 *
 * @param take is called for each entry; what it leaves of the content is passed over
 * @throws CannotLook when the archive is damaged or cut off, or no tar archive at all
 */
export async function readTar(source: ByteSource, take: (entry: TarEntry) => Promise<void> | undefined): Promise<void> {
  for await (const entry of tarEntries(source)) await take(entry);
}

/** The same, for who asks for one entry after the other; what is left of its content is passed over then. */
export async function* tarEntries(source: ByteSource): AsyncGenerator<TarEntry, undefined> {
  let next: PaxRecords = {};
  for (let isFirst = true; ; isFirst = false) {
    const block = await source.read(BLOCK);
    if (block.length === 0 && !isFirst && isEmpty(next)) return undefined; // some writers leave out the blocks at the end
    if (block.length < BLOCK) throw new CannotLook(isFirst ? NO_TAR : 'the archive is cut off');
    if (isZeroBlock(block)) return undefined;
    const header = parseTarHeader(block);
    if (header === undefined) throw new CannotLook(isFirst ? NO_TAR : 'the archive is damaged');
    if (isMeta(header)) {
      next = { ...next, ...(await readMeta(header, source)) };
      continue;
    }
    if (header.type === 'S') await passSparseMap(block, source);
    const size = hasContent(header) ? (next.size ?? header.size) : 0;
    const content = partOf(source, size);
    yield {
      name: next.path ?? header.name,
      link: next.linkpath ?? header.link,
      type: header.type,
      mode: header.mode,
      size,
      isSparse: header.type === 'S' || next.isSparse === true,
      content,
    };
    next = {};
    if (!(await source.skip(content.left() + padding(size)))) throw new CannotLook('the archive is cut off');
  }
}

const NO_TAR = 'it is no tar archive';

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function isEmpty(records: PaxRecords): boolean {
  return Object.keys(records).length === 0;
}

function isMeta({ type }: TarHeader): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K';
}

/** What a pax header or a GNU long name says about the entry that follows it. */
async function readMeta(header: TarHeader, source: ByteSource): Promise<PaxRecords> {
  if (header.size > MOST_META_BYTES) throw new CannotLook('the archive has a header that is too long');
  const content = await source.read(header.size);
  if (content.length < header.size || !(await source.skip(padding(header.size)))) {
    throw new CannotLook('the archive is cut off');
  }
  switch (header.type) {
    case 'x':
      return parsePax(content);
    case 'L':
      return { path: untilZero(content) };
    case 'K':
      return { linkpath: untilZero(content) };
    default:
      return {};
  }
}

function untilZero(content: Buffer): string {
  const end = content.indexOf(0);
  return content.toString('utf8', 0, end < 0 ? content.length : end);
}

/** The map of an old GNU sparse file goes on in blocks of its own, as many as say so. */
async function passSparseMap(header: Buffer, source: ByteSource): Promise<void> {
  let more = header[482] === 1;
  while (more) {
    const block = await source.read(BLOCK);
    if (block.length < BLOCK) throw new CannotLook('the archive is cut off');
    more = block[504] === 1;
  }
}
