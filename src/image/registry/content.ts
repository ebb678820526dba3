import { CannotLook } from '../../net/failure.js';
import { statusText } from '../../net/status-text.js';
import type { ImageCache } from '../cache/cache.js';
import { streamSource } from '../archive/byte-source.js';
import type { ContentReader } from '../describe.js';
import type { LayerStore } from '../layers/read-layers.js';
import type { Descriptor } from '../manifest.js';
import { ACCEPTED_TYPES } from './access.js';
import type { Mirrors } from './mirrors.js';
import type { Session } from './session.js';

/** Reads what a manifest names, by digest: from the cache, else from a mirror, else from the registry. */
export function contentReader(
  session: Session,
  registry: string,
  { cache, mirrors }: { readonly cache: ImageCache | undefined; readonly mirrors: Mirrors },
): ContentReader {
  const fromRegistry = async (path: string, accept: string, maxBytes: number): Promise<Buffer> => {
    const { status, response, host } = await session.get(path, accept, maxBytes);
    if (status === 200) return response.body;
    throw new CannotLook(`${host} answered ${statusText(status)} for a part of the image`);
  };
  const read = async (
    { digest }: Descriptor,
    fromMirror: (digest: string) => Promise<Buffer | undefined>,
    ask: () => Promise<Buffer>,
  ): Promise<Buffer> => {
    const cached = await cache?.content(digest);
    if (cached !== undefined) return cached;
    const bytes = (await fromMirror(digest)) ?? (await ask());
    await cache?.keep(digest, bytes);
    return bytes;
  };
  return {
    source: 'registry',
    who: registry,
    readManifest: (part) =>
      read(part, mirrors.manifest, () => fromRegistry(`manifests/${part.digest}`, ACCEPTED_TYPES, part.size)),
    readBlob: (part) => read(part, mirrors.blob, () => fromRegistry(`blobs/${part.digest}`, '*/*', part.size)),
  };
}

/** Layers of an image in the registry, each downloaded when it is asked for and held nowhere. */
export function registryLayers(session: Session, registry: string, layers: readonly Descriptor[]): LayerStore {
  const sizes = new Map(layers.map(({ digest, size }) => [digest, size]));
  return {
    who: registry,
    oneByOne: true,
    readEach: async (keys, visit, signal) => {
      for (const key of keys) {
        const take = (body: AsyncIterable<Buffer>): Promise<void> => visit(key, streamSource(body));
        const { status, host } = await session.get(`blobs/${key}`, '*/*', sizes.get(key) ?? 0, { take, signal });
        if (status !== 200) throw new CannotLook(`${host} answered ${statusText(status)} for a layer of the image`);
      }
    },
  };
}
