import type { ImageConfig, ImagePlatforms, LocalImage } from './facts.js';
import type { ImageReference } from './reference.js';
import { digestsIn } from './repo-digests.js';

/** How an image of the local engine stands to the one of the same name in the registry. */
export type Sameness = 'same' | 'moved' | 'never-pushed' | 'unknown';

/**
 * Compares by digest. The engine knows a registry's image by the digests it was pulled or pushed with, and gives as ID
 * the digest of the config, or of the index or manifest with the containerd store.
 *
 * Digests of other repositories can only prove sameness: one image has another digest after a copy that compresses anew
 * or leaves out platforms.
 *
 * @returns `moved` when the engine's image was in this repository once but is not what the tag names there now,
 *   `never-pushed` when it has not been there at all
 */
export function compareWithRegistry(
  reference: ImageReference,
  local: LocalImage & { readonly present: true },
  registry: ImagePlatforms,
  config: ImageConfig | undefined,
): Sameness {
  const digests = [registry.digest, config?.digest, ...registry.platforms.map(({ digest }) => digest)];
  const known = new Set(digests.filter((digest) => digest !== undefined));
  if (known.size === 0) return 'unknown';
  const all = local.repoDigests.map((entry) => entry.slice(entry.indexOf('@') + 1));
  if (known.has(local.id) || all.some((digest) => known.has(digest))) return 'same';
  if (digestsIn(reference, local.repoDigests).length > 0) return 'moved';
  // Only the ID is left to compare; it means something when it could be the digest of the same platform's config.
  return config?.digest !== undefined && config.platform === local.platform ? 'never-pushed' : 'unknown';
}
