import { readConfig } from './config.js';
import { verifyDigest } from './digest.js';
import { CannotLook, reasonOf } from '../net/failure.js';
import type { ImageConfig, ImagePlatforms, ImageSource, PlatformManifest } from './facts.js';
import type { ImageFactName, ImageFacts, MissingImageFacts } from './look-options.js';
import { isImageEntry, parseManifest, type Descriptor, type Manifest } from './manifest.js';
import { osAndArchitecture } from './platform.js';

/** Gives content by its descriptor, at most `descriptor.size` bytes of it; throws `CannotLook`. */
export interface ContentReader {
  readonly source: ImageSource;
  /** The one that gives the content, for reasons: `the registry`. */
  readonly who: string;
  readonly readManifest: (descriptor: Descriptor) => Promise<Buffer>;
  readonly readBlob: (descriptor: Descriptor) => Promise<Buffer>;
}

/** What index, manifest and config say; where one could not be read, why. */
export interface Description {
  readonly platforms: ImagePlatforms | { readonly reason: string };
  readonly config: ImageConfig | { readonly reason: string };
  /** Layers of the image whose config this is, from the lowest; absent where its manifest was not read. */
  readonly layers?: readonly Descriptor[];
}

/** What to find out, and for whom. */
export interface DescribeOptions {
  /** Platforms of the target: the config is read for the first that the image has. */
  readonly platforms: readonly string[];
  /** Reads the config of the image's first platform where it has none of the target's. */
  readonly anyPlatform?: boolean | undefined;
  readonly wantsConfig: boolean;
}

/** Sorts a description into the facts that are wanted and the reasons why others are not there. */
export function factsOf(
  description: Description,
  wanted: ReadonlySet<ImageFactName>,
): { readonly facts: ImageFacts; readonly missing: MissingImageFacts } {
  const { platforms, config } = description;
  const wantsPlatforms = wanted.has('image.platforms');
  const wantsConfig = wanted.has('image.config');
  return {
    facts: {
      ...(wantsPlatforms && !('reason' in platforms) ? { 'image.platforms': platforms } : {}),
      ...(wantsConfig && !('reason' in config) ? { 'image.config': config } : {}),
    },
    missing: {
      ...(wantsPlatforms && 'reason' in platforms ? { 'image.platforms': platforms.reason } : {}),
      ...(wantsConfig && 'reason' in config ? { 'image.config': config.reason } : {}),
      ...(wanted.has('image.files') && 'reason' in config ? { 'image.files': config.reason } : {}),
    },
  };
}

/** Configs and manifests are a few kilobytes; this is what containers-image allows as well. */
export const MOST_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Describes an image from what its reference names. An index answers for the platforms by itself; a single manifest
 * says no platform, so its config is read.
 *
 * @param root the parsed index or manifest, with its digest if it has one (the `index.json` of a layout has none)
 */
export async function describe(
  root: { readonly digest?: string | undefined; readonly manifest: Manifest },
  reader: ContentReader,
  options: DescribeOptions,
): Promise<Description> {
  const { digest, manifest } = root;
  return manifest.kind === 'manifest'
    ? describeSingle(digest, manifest, reader)
    : describeIndex(digest, manifest.manifests, reader, options);
}

async function describeSingle(
  digest: string | undefined,
  manifest: Manifest & { kind: 'manifest' },
  reader: ContentReader,
): Promise<Description> {
  try {
    const config = await configOfManifest(manifest, reader);
    const named = digest === undefined ? {} : { digest };
    const entry: PlatformManifest = { platform: config.platform, ...named, size: storedSize(manifest) };
    return {
      platforms: { source: reader.source, ...named, kind: 'manifest', platforms: [entry] },
      config,
      layers: manifest.layers,
    };
  } catch (error) {
    const reason = reasonOf(error);
    return { platforms: { reason }, config: { reason } };
  }
}

async function describeIndex(
  digest: string | undefined,
  manifests: readonly Descriptor[],
  reader: ContentReader,
  options: DescribeOptions,
): Promise<Description> {
  const entries = manifests.filter(isImageEntry);
  const chosen = chooseEntry(entries, options.platforms) ?? (options.anyPlatform === true ? entries[0] : undefined);
  let config: Description['config'] = { reason: whyNoEntry(entries, options.platforms) };
  let sizes = new Map<string, number>();
  let layers: Pick<Description, 'layers'> = {};
  if (chosen !== undefined && options.wantsConfig) {
    try {
      const child = await childManifest(chosen, reader, 1);
      sizes = new Map([[chosen.digest, storedSize(child)]]);
      config = await configOfManifest(child, reader);
      layers = { layers: child.layers };
    } catch (error) {
      config = { reason: reasonOf(error) };
    }
  }
  const platforms = entries.map((entry) => platformManifest(entry, sizes.get(entry.digest)));
  const named = digest === undefined ? {} : { digest };
  return { platforms: { source: reader.source, ...named, kind: 'index', platforms }, config, ...layers };
}

function platformManifest(entry: Descriptor, size: number | undefined): PlatformManifest {
  return { platform: entry.platform ?? '', digest: entry.digest, ...(size === undefined ? {} : { size }) };
}

function whyNoEntry(entries: readonly Descriptor[], wanted: readonly string[]): string {
  return entries.length === 0 ? 'the index names no platform' : `the image is not there for ${wanted.join(' or ')}`;
}

/** The first target platform that the image has, exactly or else without the variant. */
function chooseEntry(entries: readonly Descriptor[], wanted: readonly string[]): Descriptor | undefined {
  for (const platform of wanted) {
    const exact = entries.find((entry) => entry.platform === platform);
    const similar = entries.find((entry) => osAndArchitecture(entry.platform ?? '') === osAndArchitecture(platform));
    const found = exact ?? similar;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Reads the manifest of an index entry; the entry may be an index itself, once. */
async function childManifest(
  entry: Descriptor,
  reader: ContentReader,
  levels: number,
): Promise<Manifest & { kind: 'manifest' }> {
  const bytes = await reader.readManifest(entry);
  verifyContent(bytes, entry, reader.who);
  const manifest = parseManifest(bytes, entry.mediaType);
  if (manifest.kind === 'manifest') return manifest;
  const [first] = manifest.manifests.filter((child) => child.platform === undefined || isImageEntry(child));
  if (levels === 0 || first === undefined) throw new CannotLook('an index lies inside an index inside an index');
  return childManifest(first, reader, levels - 1);
}

async function configOfManifest(
  manifest: Manifest & { kind: 'manifest' },
  reader: ContentReader,
): Promise<ImageConfig> {
  const { config } = manifest;
  if (config.size > MOST_JSON_BYTES) throw new CannotLook(`the image config is ${config.size} bytes long`);
  const bytes = embedded(config) ?? (await reader.readBlob(config));
  verifyContent(bytes, config, reader.who);
  const size = manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
  const layers = manifest.layers.map((layer) => ({ digest: layer.digest, size: layer.size }));
  return readConfig(bytes, { source: reader.source, digest: config.digest, size, layers });
}

function verifyContent(bytes: Buffer, { digest, size }: Descriptor, who: string): void {
  verifyDigest(bytes, digest, who);
  if (bytes.length !== size) throw new CannotLook(`${who} says ${size} bytes for what has ${bytes.length}`);
}

/** Content that the descriptor carries, if it is all of it. */
function embedded(descriptor: Descriptor): Buffer | undefined {
  return descriptor.data?.length === descriptor.size && descriptor.size > 0 ? descriptor.data : undefined;
}

function storedSize(manifest: Manifest & { kind: 'manifest' }): number {
  return manifest.layers.reduce((sum, layer) => sum + layer.size, manifest.config.size);
}
