import { CannotLook } from '../net/failure.js';
import { asCount, asList, asObject, asText, parseJsonObject, type JsonObject } from './json.js';
import { isDigest } from './reference-grammar.js';

/** A pointer to content (OCI image spec 1.1, descriptor.md). */
export interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  /** Bytes; believed only after reading. */
  readonly size: number;
  /** `os/arch[/variant]`, in an index. */
  readonly platform?: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The content itself, as the registry embeds small configs (`data`); not yet verified. */
  readonly data?: Buffer;
}

/** A parsed image index (manifest list) or image manifest, of OCI or Docker media type. */
export type Manifest =
  | { readonly kind: 'index'; readonly manifests: readonly Descriptor[] }
  | { readonly kind: 'manifest'; readonly config: Descriptor; readonly layers: readonly Descriptor[] };

export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** An index of a thousand platforms does not exist; a hostile one does. */
const MOST_ENTRIES = 1000;

/**
 * Parses a manifest or an index.
 *
 * @param mediaType what the source says it is (Content-Type, or the type in a descriptor)
 * @throws CannotLook when it is neither, both, of schema 1, or too large
 */
export function parseManifest(bytes: Buffer, mediaType?: string): Manifest {
  const json = parseJsonObject(bytes, 'the manifest');
  const type = asText(json.mediaType) ?? mediaType?.split(';')[0]?.trim().toLowerCase();
  if (json.schemaVersion === 1 || type?.startsWith('application/vnd.docker.distribution.manifest.v1') === true) {
    throw new CannotLook('the image is in the old schema 1 format, which says no platform and which Docker refuses');
  }
  const isIndex = 'manifests' in json;
  const isManifest = 'config' in json || 'layers' in json;
  if (isIndex && isManifest) throw new CannotLook('the manifest is both an index and a manifest');
  if (isIndex) return { kind: 'index', manifests: descriptors(json.manifests, 'the index') };
  if (isManifest) return { kind: 'manifest', ...parseImage(json) };
  throw new CannotLook(`the manifest is of an unknown kind${type === undefined ? '' : ` (${type.slice(0, 80)})`}`);
}

function parseImage(json: JsonObject): { config: Descriptor; layers: readonly Descriptor[] } {
  const config = descriptor(json.config);
  if (config === undefined) throw new CannotLook('the manifest names no valid config');
  return { config, layers: descriptors(json.layers, 'the manifest') };
}

function descriptors(value: unknown, what: string): Descriptor[] {
  const list = asList(value);
  if (list.length > MOST_ENTRIES) {
    throw new CannotLook(`${what} lists ${list.length} entries, more than the ${MOST_ENTRIES} that are looked at`);
  }
  return list.map((item) => {
    const parsed = descriptor(item);
    if (parsed === undefined) throw new CannotLook(`${what} has an entry without valid digest and size`);
    return parsed;
  });
}

function descriptor(value: unknown): Descriptor | undefined {
  const json = asObject(value);
  const digest = asText(json?.digest);
  const size = asCount(json?.size);
  if (json === undefined || digest === undefined || size === undefined || !isDigest(digest)) return undefined;
  const mediaType = asText(json.mediaType);
  const platform = platformOf(asObject(json.platform));
  const data = asText(json.data);
  return {
    digest,
    size,
    annotations: annotationsOf(json.annotations),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(platform === undefined ? {} : { platform }),
    ...(data === undefined ? {} : { data: Buffer.from(data, 'base64') }),
  };
}

function annotationsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(asObject(value) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Gives `os/arch[/variant]` of an object with these keys (index entry or config); undefined when one is missing. */
export function platformOf(json: JsonObject | undefined): string | undefined {
  const os = asText(json?.os);
  const architecture = asText(json?.architecture);
  const variant = asText(json?.variant);
  if (os === undefined || os === '' || architecture === undefined || architecture === '') return undefined;
  return variant === undefined || variant === '' ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** Whether an index entry is the image of a platform: not an attestation (`unknown/unknown`, BuildKit) or an artefact. */
export function isImageEntry(entry: Descriptor): boolean {
  if (entry.platform === undefined || entry.platform.split('/').slice(0, 2).includes('unknown')) return false;
  if (entry.annotations['vnd.docker.reference.type'] === 'attestation-manifest') return false;
  return entry.mediaType === undefined || [...INDEX_TYPES, ...MANIFEST_TYPES].includes(entry.mediaType);
}
