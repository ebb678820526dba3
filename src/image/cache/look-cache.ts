import { CannotLook, reasonOf } from '../../net/failure.js';
import { NO_IO } from '../../stats/stats.js';
import { describe, factsOf, type ContentReader } from '../describe.js';
import { MAY_BE_ABSENT, type ImageFactName, type Look, type LookOptions } from '../look-options.js';
import { parseManifest } from '../manifest.js';
import type { ImageReference } from '../reference.js';
import { openCache } from './cache.js';

/**
 * Tells what the cache holds of an image that is named by its digest, for when the registry cannot be asked. What
 * depends on the registry's word, such as who may pull the image, stays missing.
 *
 * @param reason why the registry is not asked
 */
export async function lookInCache(
  reference: ImageReference,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
  reason: string,
): Promise<Look> {
  const missing = Object.fromEntries(
    [...wanted].filter((fact) => !MAY_BE_ABSENT.has(fact)).map((fact) => [fact, reason]),
  );
  const nothing: Look = { facts: {}, missing, stats: NO_IO };
  const cache = await openCache(reference, options.env);
  const { digest } = reference;
  const bytes = digest === undefined ? undefined : await cache?.content(digest);
  if (cache === undefined || digest === undefined || bytes === undefined) return nothing;
  const read = async ({ digest: part }: { readonly digest: string }): Promise<Buffer> => {
    const content = await cache.content(part);
    if (content === undefined) throw new CannotLook(reason);
    return content;
  };
  const reader: ContentReader = { source: 'registry', who: 'the cache', readManifest: read, readBlob: read };
  try {
    const root = { digest, manifest: parseManifest(bytes) };
    const { platforms, anyPlatform } = options;
    const wantsConfig = wanted.has('image.config');
    const found = factsOf(await describe(root, reader, { platforms, anyPlatform, wantsConfig }), wanted);
    const rest = [...wanted].filter((fact) => fact === 'image.access' || fact === 'image.files');
    const unknown = Object.fromEntries(rest.map((fact) => [fact, reason]));
    return {
      facts: found.facts,
      missing: { ...found.missing, ...unknown },
      stats: { ...NO_IO, cacheHits: cache.hits() },
    };
  } catch (error) {
    return { ...nothing, missing: { ...missing, 'image.platforms': reasonOf(error) } };
  }
}
