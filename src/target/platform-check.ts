import { compareReleases } from './release.js';
import type { Target } from './target.js';

/** Since this release a node asks for its own platform when it pulls. */
const PULLS_BY_PLATFORM = '1.6.5';

/**
 * Says whether nodes start an image of a wrong platform, which then dies, instead of declining the job: the platform
 * check compares the engine type as written, while the engine is found without regard to case.
 *
 * @param engineType as written in the job; absent for command lines and images alone
 */
export function startsWrongPlatform(engineType: string | undefined, target: Target): boolean {
  return (engineType ?? 'docker') !== 'docker' && compareReleases(target.bacalhau, PULLS_BY_PLATFORM) < 0;
}

/** Gives the reason why a corrected image needs a new tag, as half a sentence about the nodes. */
export function whyNewTag(target: Target): string {
  return compareReleases(target.bacalhau, PULLS_BY_PLATFORM) < 0
    ? 'nodes keep the image that they once pulled under the old one'
    : "nodes remember the old tag's platforms for up to an hour";
}
