import { NO_IO } from '../stats/stats.js';
import type { ImageBase, ImageConfig } from './facts.js';
import type { Look, LookOptions } from './look-options.js';
import { parseReference } from './reference.js';

/** What the labels of an image say of its base (OCI image spec 1.1, annotations, `org.opencontainers.image.base.*`). */
const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';

const NOTHING: Look = { facts: {}, missing: {}, stats: NO_IO };

/**
 * Asks for the base that an image's labels name, to see whether it has moved since the image was built. An image without
 * these labels has no fact, and none is missing.
 *
 * The name is a stranger's text: no credentials go there, and its registry must have a public address.
 */
export async function lookAtBase(config: ImageConfig, options: LookOptions): Promise<Look> {
  const { [NAME]: name, [DIGEST]: digest } = config.labels;
  const parsed = name === undefined ? undefined : parseReference(name);
  const isPinned = parsed?.ok === true && parsed.reference.digest !== undefined;
  if (name === undefined || digest === undefined || parsed?.ok !== true || isPinned) return NOTHING;
  const { registry } = parsed.reference;
  if (options.onlyRegistries?.has(registry) === false) return NOTHING;
  const { lookAtRegistry } = await import('./registry/look-registry.js');
  const asStranger = { ...options, credentials: false, trustsReference: false };
  const look = await lookAtRegistry(parsed.reference, new Set(['image.platforms']), asStranger);
  const platforms = look.facts['image.platforms'];
  if (platforms?.digest === undefined) {
    const reason = `the base ${name}: ${look.missing['image.platforms'] ?? 'it could not be asked for'}`;
    return { ...look, facts: {}, missing: { 'image.base': reason } };
  }
  // Builders write the digest of the index or that of the manifest that they took from it.
  const digests = [platforms.digest, ...platforms.platforms.flatMap((one) => one.digest ?? [])];
  const base: ImageBase = { name, digest, now: platforms.digest, isCurrent: digests.includes(digest) };
  return { ...look, facts: { 'image.base': base }, missing: {} };
}
