import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { MOST_JSON_BYTES } from '../describe.js';
import { isContentOf } from '../digest.js';
import type { Environment } from '../docker-config.js';
import type { ImageSeen } from '../facts.js';
import { asText, parseJsonObject } from '../json.js';
import { isDigest } from '../reference-grammar.js';
import type { ImageReference } from '../reference.js';
import { cacheFolder, dropEntry, evict, isThere, readEntry, writeEntry, type CacheLimits } from './folder.js';

/**
 * What earlier looks at one repository brought home: manifests and configs by digest, which never change, and what the
 * tag named. Who may pull the image is not among it: only the registry can say that, now.
 *
 * Entries belong to their repository. Else a registry could name a digest that only another one ever served, and what
 * that one gave in confidence would be shown as its own.
 */
export interface ImageCache {
  /** Gives a manifest or config of the repository; one that is not what its digest says is dropped. */
  readonly content: (digest: string) => Promise<Buffer | undefined>;
  /** Whether there is something under a digest, believed or not. */
  readonly has: (digest: string) => Promise<boolean>;
  /** Keeps content under its digest; what does not fit it is not kept. */
  readonly keep: (digest: string, bytes: Buffer) => Promise<void>;
  /** What the tag named when it was last looked at from here. */
  readonly seen: () => Promise<ImageSeen | undefined>;
  readonly keepSeen: (digest: string) => Promise<void>;
  /** How often content came from here. */
  readonly hits: () => number;
  /** Holds the folder to its limits, if this look added to it. */
  readonly close: () => Promise<void>;
}

const LIMITS: CacheLimits = { bytes: 64 * 1024 * 1024, entries: 4000 };
const MOST_TAG_BYTES = 4096;

/** Opens the cache for a reference; undefined when this user has no cache folder that is theirs alone. */
export async function openCache(
  reference: ImageReference,
  env: Environment,
  limits: CacheLimits = LIMITS,
): Promise<ImageCache | undefined> {
  const folder = await cacheFolder(env);
  if (folder === undefined) return undefined;
  const repository = `${reference.registry.toLowerCase()}/${reference.repository}`;
  const contentPath = (digest: string): string => join(folder, `content-${nameFor(`${repository}@${digest}`)}`);
  const tagPath = join(folder, `tag-${nameFor(`${repository}:${reference.tag ?? 'latest'}`)}`);
  let hits = 0;
  let added = false;
  return {
    content: async (digest) => {
      const bytes = await readEntry(contentPath(digest), MOST_JSON_BYTES);
      if (bytes === undefined) return undefined;
      if (isContentOf(bytes, digest)) {
        hits += 1;
        return bytes;
      }
      await dropEntry(contentPath(digest));
      return undefined;
    },
    has: (digest) => isThere(contentPath(digest)),
    keep: async (digest, bytes) => {
      if (bytes.length > MOST_JSON_BYTES || !isContentOf(bytes, digest)) return;
      added = true;
      await writeEntry(contentPath(digest), bytes);
    },
    seen: async () => {
      const bytes = await readEntry(tagPath, MOST_TAG_BYTES);
      const found = bytes === undefined ? undefined : seenOf(bytes);
      if (bytes !== undefined && found === undefined) await dropEntry(tagPath);
      return found;
    },
    keepSeen: async (digest) => {
      added = true;
      await writeEntry(tagPath, JSON.stringify({ digest, at: new Date().toISOString() }));
    },
    hits: () => hits,
    close: async () => {
      if (added) await evict(folder, limits);
    },
  };
}

/** A name for a file: references hold slashes, and may be longer than a file's name. */
function nameFor(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function seenOf(bytes: Buffer): ImageSeen | undefined {
  try {
    const json = parseJsonObject(bytes, 'the cached tag');
    const digest = asText(json.digest);
    const at = asText(json.at);
    if (digest === undefined || !isDigest(digest)) return undefined;
    return at === undefined || Number.isNaN(Date.parse(at)) ? undefined : { digest, at };
  } catch {
    return undefined;
  }
}
