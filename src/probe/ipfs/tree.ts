import type { CID } from 'multiformats/cid';
import { CannotLook } from '../../net/failure.js';
import type { GetBlock } from './blocks.js';
import { unixFsNode, type UnixFsNode } from './unixfs.js';

/** One thing in a folder of IPFS; a folder comes before what it holds. */
export type TreeEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly size: number;
      readonly open: () => AsyncGenerator<Uint8Array>;
    };

/** Deeper trees, and larger folders, are no data that anybody tries a job with. */
const MOST_LEVELS = 64;
const MOST_ENTRIES = 100_000;

/**
 * Gives the node at a CID.
 *
 * @throws CannotLook when it cannot be had
 */
export async function nodeAt(cid: CID, get: GetBlock): Promise<UnixFsNode> {
  const block = await get(cid);
  if (block === undefined) throw new CannotLook(`${cid.toString()} is not there`);
  return unixFsNode(cid, block);
}

/** Gives what lies below a folder, without reading the content of files. */
export async function* entriesBelow(folder: UnixFsNode & { kind: 'folder' }, get: GetBlock): AsyncGenerator<TreeEntry> {
  let count = 0;
  const walk = async function* (
    node: UnixFsNode & { kind: 'folder' },
    at: string,
    level: number,
  ): AsyncGenerator<TreeEntry> {
    if (level > MOST_LEVELS) throw new CannotLook(`its folders are nested more than ${MOST_LEVELS} deep`);
    for (const { name: named, cid } of node.links) {
      if (++count > MOST_ENTRIES) throw new CannotLook(`it holds more than ${MOST_ENTRIES} files`);
      const inside = await nodeAt(cid, get);
      const name = named.slice(node.prefix);
      if (name === '' && inside.kind === 'folder') {
        yield* walk(inside, at, level + 1);
        continue;
      }
      const path = at === '' ? name : `${at}/${name}`;
      if (inside.kind === 'file') yield { kind: 'file', path, size: inside.size, open: () => contentOf(inside, get) };
      else if (inside.kind === 'link') yield { kind: 'link', path, to: inside.to };
      else {
        yield { kind: 'folder', path };
        yield* walk(inside, path, level + 1);
      }
    }
  };
  yield* walk(folder, '', 0);
}

/** Gives the content of a file, block by block. */
export async function* contentOf(
  file: UnixFsNode & { kind: 'file' },
  get: GetBlock,
  level = 0,
): AsyncGenerator<Uint8Array> {
  if (level > MOST_LEVELS) throw new CannotLook(`a file of it is nested more than ${MOST_LEVELS} deep`);
  if (file.data.length > 0) yield file.data;
  for (const { cid } of file.links) {
    const part = await nodeAt(cid, get);
    if (part.kind !== 'file') throw new CannotLook('a block of it is no part of a file');
    yield* contentOf(part, get, level + 1);
  }
}
