import type { CID } from 'multiformats/cid';
import { CannotLook } from '../../net/failure.js';
import { blocksOf, type GetBlock } from '../../probe/ipfs/blocks.js';
import { contentOf, entriesBelow, nodeAt } from '../../probe/ipfs/tree.js';
import type { UnixFsNode } from '../../probe/ipfs/unixfs.js';
import type { NodeLayout } from '../local-input.js';
import type { StagedEntry, StagedInput } from '../staged-input.js';
import type { Fetching } from './fetching.js';

/**
 * Asks the gateway or node that the user names for what a CID is: a file is mounted as the Target itself, a folder as
 * a folder (`pkg/storage/ipfs`). Every block is verified. Of a sample of a folder, no block is asked for that only what
 * follows needs; so it is not known whether anything does.
 *
 * @throws CannotLook when none is named, or it does not have it
 */
export async function fetchIpfs(cid: CID, { transport, ipfs, layout, target, sample }: Fetching): Promise<StagedInput> {
  if (ipfs === undefined) {
    throw new CannotLook('no IPFS gateway is named; --ipfs-gateway URL or --ipfs-api URL names one');
  }
  const get = blocksOf(ipfs, transport);
  const node = await nodeAt(cid, get);
  const description = `ipfs://${cid.toString()}`;
  const { folderMode } = layout;
  switch (node.kind) {
    case 'link':
      throw new CannotLook('it is a symbolic link');
    case 'folder': {
      const note =
        sample === undefined
          ? ''
          : ` (a sample: ${sample === 1 ? 'the first file' : `at most the first ${String(sample)} files`})`;
      return {
        description: `${description}${note}`,
        shape: 'folder',
        folderMode,
        entries: () => firstFiles(below(node, get, layout), sample),
      };
    }
    case 'file': {
      const { size } = node;
      const mode = layout.modes?.file ?? 0o644;
      const path = target.slice(target.lastIndexOf('/') + 1);
      return {
        description,
        shape: 'file',
        folderMode,
        total: { files: 1, bytes: size },
        entries: async function* () {
          yield await Promise.resolve({ kind: 'file' as const, path, mode, size, open: () => contentOf(node, get) });
        },
      };
    }
  }
}

/** Ends after so many files; folders and links between them come along. */
async function* firstFiles(
  entries: AsyncIterable<StagedEntry>,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<StagedEntry> {
  let files = 0;
  for await (const entry of entries) {
    yield entry;
    if (entry.kind === 'file' && ++files === most) return;
  }
}

async function* below(
  folder: UnixFsNode & { kind: 'folder' },
  get: GetBlock,
  { modes, folderMode }: NodeLayout,
): AsyncGenerator<StagedEntry> {
  for await (const entry of entriesBelow(folder, get)) {
    if (entry.kind === 'link') yield { ...entry, mode: 0o777 };
    else if (entry.kind === 'folder') yield { ...entry, mode: modes?.folder ?? folderMode };
    else yield { ...entry, mode: modes?.file ?? 0o644 };
  }
}
