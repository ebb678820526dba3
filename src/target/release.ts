/**
 * Exact Bacalhau releases that can be checked against, oldest first: every minor since 1.3 by its last patch,
 * and the patches that changed what a job may say.
 */
export const RELEASES = [
  '1.3.0',
  '1.3.1',
  '1.3.2',
  '1.4.0',
  '1.5.0',
  '1.5.1',
  '1.5.2',
  '1.6.0',
  '1.6.1',
  '1.6.4',
  '1.6.5',
  '1.7.0',
  '1.8.0',
  '1.9.0',
  '1.9.3',
] as const;

/** The release that is checked against unless the user names another. */
export const NEWEST_RELEASE = '1.9.3';

/** Compares two releases number by number; negative when `a` is older. Missing parts count as 0. */
export function compareReleases(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Says whether something that is true from `since` to `until` (both inclusive) holds for a release.
 * `until: '1.6'` includes every patch of 1.6.
 */
export function holdsFor(release: string, range: { readonly since?: string; readonly until?: string }): boolean {
  if (range.since !== undefined && compareReleases(release, range.since) < 0) return false;
  if (range.until === undefined) return true;
  const parts = range.until.split('.').length;
  return compareReleases(release.split('.').slice(0, parts).join('.'), range.until) <= 0;
}

/** Gives the exact release that a user means (`1.6` is its last patch), or undefined when there is none such. */
export function resolveRelease(text: string): string | undefined {
  const wanted = text.replace(/^v/, '');
  if (!/^\d+\.\d+(\.\d+)?$/.test(wanted)) return undefined;
  if (wanted.split('.').length === 2) {
    const patches = RELEASES.filter((release) => release.startsWith(`${wanted}.`));
    return patches.at(-1);
  }
  // A patch that changed nothing is as good as the known one before it, within its minor.
  const minor = wanted.split('.').slice(0, 2).join('.');
  const known = RELEASES.filter((release) => release.startsWith(`${minor}.`));
  return known.length > 0 ? wanted : undefined;
}
