import { NO_IO, sumOfIo } from '../stats/stats.js';
import type { ImageName } from './facts.js';
import {
  MAY_BE_ABSENT,
  type ImageFactName,
  type ImageFacts,
  type Look,
  type LookOptions,
  type MissingImageFacts,
} from './look-options.js';

export type { Look, LookOptions } from './look-options.js';

/**
 * Looks at an image where its name says: in a registry, in the local engine, or in a file. Never rejects for what the
 * world does; each wanted fact is there, or its reason is in `missing`. Only what is needed is loaded.
 *
 * Local places have no `image.access` and no `image.seen`, and files no `image.local`: these stay absent without a reason.
 *
 * @param wanted facts to find out; names that are no image facts are passed over
 */
export async function lookAtImage(name: ImageName, wanted: ReadonlySet<string>, options: LookOptions): Promise<Look> {
  const isRemote = name.source === 'registry';
  const facts = new Set(IMAGE_FACTS.filter((fact) => wanted.has(fact) && (isRemote || fact !== 'image.seen')));
  switch (name.source) {
    case 'registry':
      return joined(await Promise.all([lookInRegistry(name, facts, options), lookForLocal(name, facts, options)]));
    case 'docker-daemon': {
      const { lookAtEngine } = await import('./engine/look-engine.js');
      return lookAtEngine(name, facts, options);
    }
    case 'docker-archive':
    case 'oci':
    case 'oci-archive': {
      const { lookAtFile } = await import('./archive/look-file.js');
      return lookAtFile(name, facts, options);
    }
  }
}

const IMAGE_FACTS: readonly ImageFactName[] = [
  'image.access',
  'image.platforms',
  'image.config',
  'image.local',
  'image.files',
  'image.seen',
  'image.base',
];
const NOTHING: Look = { facts: {}, missing: {}, stats: NO_IO };

async function lookInRegistry(
  name: ImageName,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
): Promise<Look> {
  const remote = new Set([...wanted].filter((fact) => fact !== 'image.local'));
  if (remote.size === 0) return NOTHING;
  if (name.reference === undefined) return missingAll(remote, 'not an image reference');
  // What a digest names never changes, so that without network the cache can still tell it.
  if (options.offline) {
    if (name.reference.digest === undefined || options.cache !== true) return missingAll(remote, 'offline');
    const { lookInCache } = await import('./cache/look-cache.js');
    return lookInCache(name.reference, remote, options, 'offline');
  }
  const { registry } = name.reference;
  if (options.onlyRegistries?.has(registry) === false) {
    const others = 'only public registries are, and those under allowed in a file named with --config';
    return missingAll(remote, `${registry} is not asked: with --ci-untrusted ${others}`);
  }
  if (options.signal?.aborted === true) return missingAll(remote, 'the time for looking at images was over');
  const { lookAtRegistry } = await import('./registry/look-registry.js');
  const look = await lookAtRegistry(name.reference, remote, options);
  const config = look.facts['image.config'];
  if (!wanted.has('image.base') || config === undefined) return look;
  const { lookAtBase } = await import('./base.js');
  return joined([look, await lookAtBase(config, options)]);
}

async function lookForLocal(name: ImageName, wanted: ReadonlySet<ImageFactName>, options: LookOptions): Promise<Look> {
  if (!wanted.has('image.local')) return NOTHING;
  const local = new Set<ImageFactName>(['image.local']);
  if (name.reference === undefined) return missingAll(local, 'not an image reference');
  const { lookAtEngine } = await import('./engine/look-engine.js');
  return lookAtEngine(name, local, options);
}

function missingAll(wanted: ReadonlySet<ImageFactName>, reason: string): Look {
  const facts = [...wanted].filter((fact) => !MAY_BE_ABSENT.has(fact));
  return { ...NOTHING, missing: Object.fromEntries(facts.map((fact) => [fact, reason])) };
}

function joined(looks: readonly Look[]): Look {
  let facts: ImageFacts = {};
  let missing: MissingImageFacts = {};
  for (const look of looks) {
    facts = { ...facts, ...look.facts };
    missing = { ...missing, ...look.missing };
  }
  return { facts, missing, stats: sumOfIo(looks.map(({ stats }) => stats)) };
}
