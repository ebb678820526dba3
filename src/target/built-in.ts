import { compareReleases, NEWEST_RELEASE } from './release.js';
import type { Capability, Target } from './target.js';

/** The platform of most nodes, and the one that is checked against unless the user names another. */
export const DEFAULT_PLATFORM = 'linux/amd64';

/**
 * Gives the target of a plain network of one Bacalhau release: what the software decides is yes or no,
 * what operators decide is unknown.
 *
 * @param release an exact release, as `resolveRelease` gives it
 * @param platforms the nodes' platforms; empty means the default
 */
export function builtInTarget(release: string = NEWEST_RELEASE, platforms: readonly string[] = []): Target {
  const since = (first: string): boolean => compareReleases(release, first) >= 0;
  const nodes = platforms.length > 0 ? platforms : [DEFAULT_PLATFORM];
  const minor = release.split('.').slice(0, 2).join('.');
  const unknownSince = (first: string): Capability => (since(first) ? 'unknown' : 'no');
  return {
    name: `Bacalhau ${minor} on ${nodes.join(', ')}`,
    bacalhau: release,
    platforms: nodes,
    // Up to 1.6 a node had to be told to accept networked jobs; from 1.7 it has to be told to reject them.
    networkedJobs: since('1.7.0') ? 'yes' : 'unknown',
    defaultNetwork: since('1.7.0') ? 'Default' : 'None',
    sources: {
      ipfs: 'unknown',
      urldownload: 'yes',
      s3: 'unknown',
      local: unknownSince('1.8.0'),
      localdirectory: 'unknown',
      inline: 'yes',
    },
    publishers: {
      noop: 'yes',
      ipfs: 'unknown',
      s3: 'unknown',
      s3managed: unknownSince('1.8.0'),
      local: 'yes',
    },
    defaultPublisher: 'unknown',
    hubCredentials: 'unknown',
    privateRegistries: [],
    localPaths: 'unknown',
  };
}

/** Gives the target with other platforms; a name that tells the platforms tells the new ones. */
export function withPlatforms(target: Target, platforms: readonly string[]): Target {
  const isPlain = target.name === builtInTarget(target.bacalhau, target.platforms).name;
  return { ...target, platforms, ...(isPlain ? { name: builtInTarget(target.bacalhau, platforms).name } : {}) };
}
