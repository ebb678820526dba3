import { CID } from 'multiformats/cid';
import { CannotLook } from '../../net/failure.js';
import { protoFields } from './protobuf.js';

/** What one block of UnixFS holds (specs.ipfs.tech, UnixFS and DAG-PB). */
export type UnixFsNode =
  | {
      readonly kind: 'file';
      /** Bytes of the whole file. */
      readonly size: number;
      /** Comes before what the links hold. */
      readonly data: Uint8Array;
      readonly links: readonly UnixFsLink[];
    }
  | {
      readonly kind: 'folder';
      readonly links: readonly UnixFsLink[];
      /** Digits in front of each name, when this is a part of a large folder; a name of digits alone is another part. */
      readonly prefix: number;
    }
  | { readonly kind: 'link'; readonly to: string };

export interface UnixFsLink {
  readonly name: string;
  readonly cid: CID;
  /** Bytes of all blocks below. */
  readonly size: number;
}

const RAW = 0x55;
const DAG_PB = 0x70;
const TYPE = { raw: 0, folder: 1, file: 2, link: 4, shard: 5 };

/**
 * Reads a verified block.
 *
 * @throws CannotLook when it is something else than files and folders
 */
export function unixFsNode(cid: CID, block: Uint8Array): UnixFsNode {
  if (cid.code === RAW) return { kind: 'file', size: block.length, data: block, links: [] };
  if (cid.code !== DAG_PB) throw new CannotLook(`${cid.toString()} holds neither a file nor a folder`);
  const links: UnixFsLink[] = [];
  let content = new Uint8Array();
  for (const { number, value } of protoFields(block)) {
    if (typeof value === 'number') continue;
    if (number === 2) links.push(linkOf(value));
    if (number === 1) content = Uint8Array.from(value);
  }
  return nodeOf(content, links);
}

function linkOf(bytes: Uint8Array): UnixFsLink {
  let [name, size] = ['', 0];
  let cid: CID | undefined;
  for (const { number, value } of protoFields(bytes)) {
    if (number === 1 && typeof value !== 'number') cid = decodeCid(value);
    if (number === 2 && typeof value !== 'number') name = Buffer.from(value).toString('utf8');
    if (number === 3 && typeof value === 'number') size = value;
  }
  if (cid === undefined) throw new CannotLook('a block of it is no UnixFS');
  return { name, cid, size };
}

function decodeCid(bytes: Uint8Array): CID {
  try {
    return CID.decode(bytes);
  } catch {
    throw new CannotLook('a block of it is no UnixFS');
  }
}

function nodeOf(content: Uint8Array, links: readonly UnixFsLink[]): UnixFsNode {
  let [type, fanout] = [-1, 0];
  let size: number | undefined;
  let data = new Uint8Array();
  for (const { number, value } of protoFields(content)) {
    if (typeof value === 'number') {
      if (number === 1) type = value;
      if (number === 3) size = value;
      if (number === 6) fanout = value;
    } else if (number === 2) data = Uint8Array.from(value);
  }
  switch (type) {
    case TYPE.raw:
    case TYPE.file:
      return { kind: 'file', size: size ?? data.length, data, links };
    case TYPE.folder:
      return { kind: 'folder', links, prefix: 0 };
    case TYPE.shard:
      return { kind: 'folder', links, prefix: Math.max(1, (fanout - 1).toString(16).length) };
    case TYPE.link:
      return { kind: 'link', to: Buffer.from(data).toString('utf8') };
    default:
      throw new CannotLook('a block of it is no UnixFS');
  }
}
