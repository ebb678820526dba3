import { MemoryBlockstore } from 'blockstore-core/memory';
import { createServer } from 'node:http';
import { importer } from 'ipfs-unixfs-importer';
import { CID } from 'multiformats/cid';
import { listen, portOf } from './listen.js';

/** Real UnixFS blocks behind a trustless gateway (`?format=raw`) and behind the one call of Kubo's RPC that is used. */
export interface IpfsServer {
  readonly gateway: string;
  readonly api: string;
  /** CID of what was added, by name. */
  readonly cids: Readonly<Record<string, string>>;
  /** What it was asked for, as `METHOD CID`. */
  readonly seen: string[];
  /** CIDs for which other content is given. */
  readonly corrupted: Set<string>;
  readonly stop: () => Promise<void>;
}

export type Added = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** Adds files (texts) and folders (paths to texts), and serves them. */
export async function startIpfs(added: Added, sharded = false): Promise<IpfsServer> {
  const store = new MemoryBlockstore();
  const cids: Record<string, string> = {};
  for (const [name, content] of Object.entries(added)) {
    const files = typeof content === 'string' ? [['', content] as const] : Object.entries(content);
    const source = files.map(([path, text]) => ({
      path: path === '' ? name : `${name}/${path}`,
      content: Buffer.from(text),
    }));
    const options = { rawLeaves: true, shardSplitThresholdBytes: sharded ? 0 : 262_144 };
    for await (const { cid } of importer(source, store, options)) cids[name] = cid.toString();
  }
  const seen: string[] = [];
  const corrupted = new Set<string>();
  const server = await listen(
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://ipfs');
      const isApi = url.pathname === '/api/v0/block/get';
      const text = isApi ? (url.searchParams.get('arg') ?? '') : url.pathname.replace(/^\/ipfs\//, '');
      seen.push(`${request.method ?? ''} ${text}`);
      const isRaw = isApi ? request.method === 'POST' : url.searchParams.get('format') === 'raw';
      if (!isRaw) {
        response.writeHead(400).end();
        return;
      }
      bytesOf(store, text).then(
        (bytes) => response.writeHead(200).end(corrupted.has(text) ? Buffer.concat([bytes, Buffer.of(0)]) : bytes),
        () => {
          if (isApi)
            response.writeHead(500).end(
              JSON.stringify({
                Message: 'block was not found locally (offline): ipld: could not find',
                Type: 'error',
              }),
            );
          else response.writeHead(404).end();
        },
      );
    }),
  );
  const base = `http://127.0.0.1:${portOf(server)}`;
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { gateway: base, api: base, cids, seen, corrupted, stop };
}

async function bytesOf(store: MemoryBlockstore, text: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.get(CID.parse(text))) chunks.push(chunk);
  return Buffer.concat(chunks);
}
