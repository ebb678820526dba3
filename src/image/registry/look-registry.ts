import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../net/failure.js';
import { openTransport, type Transport } from '../../net/transport.js';
import { NO_IO, sumOfIo } from '../../stats/stats.js';
import { openCache, type ImageCache } from '../cache/cache.js';
import { lookInCache } from '../cache/look-cache.js';
import { describe, factsOf } from '../describe.js';
import type { ImageAccess } from '../facts.js';
import type { ImageFactName, Look, LookOptions, MissingImageFacts } from '../look-options.js';
import { parseManifest } from '../manifest.js';
import type { ImageReference } from '../reference.js';
import { findManifest, type AccessOptions, type Served } from './access.js';
import { contentReader, registryLayers } from './content.js';
import { findCredentials, type Credentials } from './credentials.js';
import { isHub } from './hub.js';
import { openMirrors, type Mirrors } from './mirrors.js';
import { openSession, type Session } from './session.js';

const DEFAULT_REQUEST_MS = 10_000;
const DEFAULT_TOTAL_MS = 25_000;

/** What one look works with. */
interface Means {
  readonly options: LookOptions;
  readonly open: AccessOptions['open'];
  readonly cache: ImageCache | undefined;
  readonly mirrors: Mirrors;
}

/**
 * Asks a registry for an image. The index alone answers for the platforms; layers are read only for `image.files`.
 *
 * @param wanted any of access, platforms, config, files and what was seen before; other facts are not for a registry to know
 */
export async function lookAtRegistry(
  reference: ImageReference,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
): Promise<Look> {
  const totalMs = options.totalMs ?? DEFAULT_TOTAL_MS;
  const end = Date.now() + totalMs;
  const signals = [AbortSignal.timeout(totalMs), ...(options.signal === undefined ? [] : [options.signal])];
  const signal = AbortSignal.any(signals);
  const transportFor = (host: string, trustsHost: boolean): Transport => {
    const policy = { host, allowedHosts: options.allowedHosts ?? [], trustsHost };
    const { env, resolve, requestMs = DEFAULT_REQUEST_MS } = options;
    return openTransport({ policy, env, requestMs, signal, resolve });
  };
  const transport = transportFor(reference.registry, options.trustsReference ?? true);
  const insecure = options.insecureRegistries.includes(reference.registry);
  const common = {
    remainingMs: () => end - Date.now(),
    signal,
    wait: options.wait ?? ((ms: number, until: AbortSignal) => sleep(ms, undefined, { signal: until })),
  };
  const open = (credentials?: Credentials, challenge?: string): Session =>
    openSession({ ...common, transport, reference, credentials, challenge, insecure });
  const cache = options.cache === true ? await openCache(reference, options.env) : undefined;
  const mirrors = openMirrors(isHub(reference.registry) ? (options.mirrors ?? []) : [], reference, {
    ...common,
    transportFor: (host) => transportFor(host, true), // the user named it, never the image
  });
  try {
    const looked = await look(reference, wanted, { options, open, cache, mirrors });
    const cost = {
      requests: transport.count.requests,
      bytesRead: transport.count.bytes,
      cacheHits: cache?.hits() ?? 0,
    };
    return { ...looked, stats: sumOfIo([cost, mirrors.cost(), looked.stats ?? NO_IO]) };
  } finally {
    transport.close();
    mirrors.close();
    await cache?.close();
  }
}

type LookedUp = Pick<Look, 'facts' | 'missing'> & Partial<Pick<Look, 'stats'>>;

async function look(reference: ImageReference, wanted: ReadonlySet<ImageFactName>, means: Means): Promise<LookedUp> {
  const { options, cache } = means;
  const before = reference.digest === undefined ? await cache?.seen() : undefined;
  try {
    const found = await findManifest(reference, {
      open: means.open,
      nearer: await nearerContent(reference, before !== undefined, means),
      ...(options.credentials ? { findCredentials: () => findCredentials(reference.registry, options.env) } : {}),
    });
    const access = wanted.has('image.access') ? { 'image.access': found.access } : {};
    if (found.served === undefined) {
      return { facts: access, missing: contentMissing(wanted, whyNotServed(found.access, options)) };
    }
    const content = await lookInside(reference, found.served, wanted, means);
    if (reference.digest === undefined) await cache?.keepSeen(found.served.digest);
    const seen = before !== undefined && wanted.has('image.seen') ? { 'image.seen': before } : {};
    return { facts: { ...access, ...content.facts, ...seen }, missing: content.missing };
  } catch (error) {
    const reason = reasonOf(error);
    if (reference.digest !== undefined && options.cache === true) {
      return lookInCache(reference, wanted, options, reason);
    }
    return { facts: {}, missing: { ...contentMissing(wanted, reason), ...accessMissing(wanted, reason) } };
  }
}

/**
 * Where content may lie nearer than in the registry; undefined when nothing can be there, since it costs a question
 * more to find that out.
 */
async function nearerContent(
  reference: ImageReference,
  wasSeen: boolean,
  { cache, mirrors }: Means,
): Promise<AccessOptions['nearer']> {
  const mayBeCached = wasSeen || (reference.digest !== undefined && (await cache?.has(reference.digest)) === true);
  if (!mayBeCached && mirrors.isEmpty) return undefined;
  return async (digest) => (await cache?.content(digest)) ?? (await mirrors.manifest(digest));
}

async function lookInside(
  reference: ImageReference,
  served: Served,
  wanted: ReadonlySet<ImageFactName>,
  { options, cache, mirrors }: Means,
): Promise<Pick<Look, 'facts' | 'missing'>> {
  const wantsFiles = wanted.has('image.files');
  if (!wantsFiles && !wanted.has('image.platforms') && !wanted.has('image.config')) return { facts: {}, missing: {} };
  try {
    const root = { digest: served.digest, manifest: parseManifest(served.bytes, served.mediaType) };
    await cache?.keep(served.digest, served.bytes);
    const reader = contentReader(served.session, reference.registry, { cache, mirrors });
    const { platforms, anyPlatform } = options;
    const wantsConfig = wantsFiles || wanted.has('image.config');
    const description = await describe(root, reader, { platforms, anyPlatform, wantsConfig });
    const learned = factsOf(description, wanted);
    const { config, layers } = description;
    if (!wantsFiles || 'reason' in config || layers === undefined) return learned;
    const { filesFact } = await import('../layers/files-fact.js');
    const store = registryLayers(served.session, reference.registry, layers);
    const inside = { config, layers: layers.map(({ digest }) => ({ key: digest, digest })) };
    const files = await filesFact(inside, store, options);
    return { facts: { ...learned.facts, ...files.facts }, missing: { ...learned.missing, ...files.missing } };
  } catch (error) {
    return { facts: {}, missing: contentMissing(wanted, reasonOf(error)) };
  }
}

function contentMissing(wanted: ReadonlySet<ImageFactName>, reason: string): MissingImageFacts {
  return {
    ...(wanted.has('image.platforms') ? { 'image.platforms': reason } : {}),
    ...(wanted.has('image.config') ? { 'image.config': reason } : {}),
    ...(wanted.has('image.files') ? { 'image.files': reason } : {}),
  };
}

function accessMissing(wanted: ReadonlySet<ImageFactName>, reason: string): MissingImageFacts {
  return wanted.has('image.access') ? { 'image.access': reason } : {};
}

function whyNotServed({ kind, registry, credentialsProblem }: ImageAccess, { credentials }: LookOptions): string {
  if (kind === 'missing') return `${registry} has no such image`;
  if (!credentials) return `${registry} does not show the image without credentials; --credentials tries yours`;
  const why = credentialsProblem === undefined ? '' : `: ${credentialsProblem}`;
  return `${registry} does not show the image to us${why}`;
}
