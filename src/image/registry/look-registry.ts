import { streamSource } from '../archive/byte-source.js';
import { describe, factsOf, type ContentReader } from '../describe.js';
import { CannotLook, reasonOf } from '../../net/failure.js';
import type { ImageAccess } from '../facts.js';
import type { LayerStore } from '../layers/read-layers.js';
import type { ImageFactName, Look, LookOptions, MissingImageFacts } from '../look-options.js';
import { parseManifest, type Descriptor } from '../manifest.js';
import type { ImageReference } from '../reference.js';
import { ACCEPTED_TYPES, findManifest, type AccessOptions, type Served } from './access.js';
import { findCredentials, type Credentials } from './credentials.js';
import { openSession, type Session } from './session.js';
import { statusText } from '../../net/status-text.js';
import { openTransport, type Transport } from '../../net/transport.js';

const DEFAULT_REQUEST_MS = 10_000;
const DEFAULT_TOTAL_MS = 25_000;

/**
 * Asks a registry for an image. The index alone answers for the platforms; layers are read only for `image.files`.
 *
 * @param wanted any of access, platforms, config and files; other facts are not for a registry to know
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
  const transport = openRegistryTransport(reference, options, signal);
  const insecure = options.insecureRegistries.includes(reference.registry);
  const remainingMs = (): number => end - Date.now();
  const open = (credentials?: Credentials, challenge?: string): Session =>
    openSession({ transport, reference, credentials, challenge, insecure, remainingMs, signal });
  try {
    const looked = await look(reference, wanted, options, open);
    return { ...looked, stats: { requests: transport.count.requests, bytesRead: transport.count.bytes, cacheHits: 0 } };
  } finally {
    transport.close();
  }
}

function openRegistryTransport(reference: ImageReference, options: LookOptions, signal: AbortSignal): Transport {
  const policy = {
    host: reference.registry,
    allowedHosts: options.allowedHosts ?? [],
    trustsHost: options.trustsReference ?? true,
  };
  return openTransport({ policy, env: options.env, requestMs: options.requestMs ?? DEFAULT_REQUEST_MS, signal });
}

async function look(
  reference: ImageReference,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
  open: AccessOptions['open'],
): Promise<Pick<Look, 'facts' | 'missing'>> {
  try {
    const found = await findManifest(reference, {
      open,
      ...(options.credentials ? { findCredentials: () => findCredentials(reference.registry, options.env) } : {}),
    });
    const access = wanted.has('image.access') ? { 'image.access': found.access } : {};
    if (found.served === undefined) {
      return { facts: access, missing: contentMissing(wanted, whyNotServed(found.access, options)) };
    }
    const content = await lookInside(reference, found.served, wanted, options);
    return { facts: { ...access, ...content.facts }, missing: content.missing };
  } catch (error) {
    const reason = reasonOf(error);
    return { facts: {}, missing: { ...contentMissing(wanted, reason), ...accessMissing(wanted, reason) } };
  }
}

async function lookInside(
  reference: ImageReference,
  served: Served,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
): Promise<Pick<Look, 'facts' | 'missing'>> {
  const wantsFiles = wanted.has('image.files');
  if (!wantsFiles && !wanted.has('image.platforms') && !wanted.has('image.config')) return { facts: {}, missing: {} };
  try {
    const root = { digest: served.digest, manifest: parseManifest(served.bytes, served.mediaType) };
    const reader = registryReader(served.session, reference.registry);
    const wantsConfig = wantsFiles || wanted.has('image.config');
    const description = await describe(root, reader, { platforms: options.platforms, wantsConfig });
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

function registryReader(session: Session, registry: string): ContentReader {
  const read = async (path: string, accept: string, maxBytes: number): Promise<Buffer> => {
    const { status, response, host } = await session.get(path, accept, maxBytes);
    if (status === 200) return response.body;
    throw new CannotLook(`${host} answered ${statusText(status)} for a part of the image`);
  };
  return {
    source: 'registry',
    who: registry,
    readManifest: ({ digest, size }: Descriptor) => read(`manifests/${digest}`, ACCEPTED_TYPES, size),
    readBlob: ({ digest, size }: Descriptor) => read(`blobs/${digest}`, '*/*', size),
  };
}

/** Layers of an image in the registry, each downloaded when it is asked for and held nowhere. */
function registryLayers(session: Session, registry: string, layers: readonly Descriptor[]): LayerStore {
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
