import type { CID } from 'multiformats/cid';
import { CannotLook } from '../../net/failure.js';
import type { Transport } from '../../net/transport.js';
import type { IpfsProbe } from '../facts.js';
import { blocksOf, type IpfsEndpoint } from './blocks.js';
import { unixFsNode } from './unixfs.js';

/**
 * Asks for the root block of a CID, which says whether it is a file or a folder, and how large.
 *
 * @throws CannotLook when the answer says nothing of it
 */
export async function probeIpfs(cid: CID, endpoint: IpfsEndpoint, transport: Transport): Promise<IpfsProbe> {
  const block = await blocksOf(endpoint, transport)(cid);
  if (block === undefined) return { kind: 'missing', host: endpoint.url.host };
  const node = unixFsNode(cid, block);
  if (node.kind === 'link') throw new CannotLook(`${cid.toString()} is a symbolic link`);
  if (node.kind === 'file') return { kind: 'found', shape: 'file', size: node.size };
  return { kind: 'found', shape: 'folder', size: node.links.reduce((sum, { size }) => sum + size, 0) };
}
