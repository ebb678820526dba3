import { createHash, timingSafeEqual } from 'node:crypto';
import type { CID } from 'multiformats/cid';
import { CannotLook } from '../../net/failure.js';
import { isRedirect, redirectTarget } from '../../net/redirect.js';
import { statusText } from '../../net/status-text.js';
import type { HttpResponse, Transport } from '../../net/transport.js';

/** Where blocks come from: a gateway that serves them raw, or the RPC of a Kubo node. The user names it. */
export interface IpfsEndpoint {
  readonly kind: 'gateway' | 'api';
  readonly url: URL;
}

/** Gives a block by its CID, its content checked against it; undefined when the other side does not have it. */
export type GetBlock = (cid: CID) => Promise<Uint8Array | undefined>;

/** Blocks are two MiB at most where they are exchanged; some gateways allow a little more. */
const MOST_BLOCK_BYTES = 4 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const HASHES: ReadonlyMap<number, string> = new Map([
  [0x11, 'sha1'],
  [0x12, 'sha256'],
  [0x13, 'sha512'],
]);
const IDENTITY = 0;

/** Opens a source of blocks; nobody has to trust it, since each block is checked. */
export function blocksOf(endpoint: IpfsEndpoint, transport: Transport): GetBlock {
  return async (cid) => {
    if (cid.multihash.code === IDENTITY) return cid.multihash.digest;
    const hash = HASHES.get(cid.multihash.code);
    if (hash === undefined) throw new CannotLook(`${cid.toString()} has a hash that cannot be checked here`);
    const block = await (endpoint.kind === 'gateway' ? fromGateway : fromApi)(endpoint.url, cid, transport);
    if (block === undefined) return undefined;
    const digest = createHash(hash).update(block).digest();
    const isRight = digest.length === cid.multihash.digest.length && timingSafeEqual(digest, cid.multihash.digest);
    if (!isRight) throw new CannotLook(`${endpoint.url.host} gave other content than ${cid.toString()} names`);
    return block;
  };
}

/** A path below the endpoint's own, which may have one. */
function below(base: URL, path: string): URL {
  return new URL(path, base.href.replace(/\/*$/, '/'));
}

async function fromGateway(base: URL, cid: CID, transport: Transport): Promise<Buffer | undefined> {
  let url = below(base, `ipfs/${cid.toString()}?format=raw`);
  const headers = { accept: 'application/vnd.ipld.raw' };
  const get = (): Promise<HttpResponse> => transport.send({ url, headers, maxBytes: MOST_BLOCK_BYTES });
  let response = await get();
  for (let count = 0; isRedirect(response); count++) {
    if (count === MOST_REDIRECTS) throw new CannotLook(`${base.host} redirects more than ${MOST_REDIRECTS} times`);
    url = redirectTarget(response, url);
    response = await get();
  }
  if (response.status === 200) return response.body;
  if (response.status === 404 || response.status === 410) return undefined;
  throw new CannotLook(`${url.host} answered ${statusText(response.status)}`);
}

async function fromApi(base: URL, cid: CID, transport: Transport): Promise<Buffer | undefined> {
  const url = below(base, `api/v0/block/get?arg=${cid.toString()}`);
  const { status, body } = await transport.send({ url, method: 'POST', maxBytes: MOST_BLOCK_BYTES });
  if (status === 200) return body;
  // Kubo says 500 for everything that goes wrong, and what it was in the text.
  if (status === 500 && /not found|could not find/i.test(body.toString('latin1'))) return undefined;
  throw new CannotLook(`${base.host} answered ${statusText(status)}`);
}
