import { matchesGlob } from '../text/glob.js';

/**
 * Says whether nodes let a job mount a path of theirs (`Compute.AllowListedLocalPaths`, `pkg/storage/local`).
 * An entry is a glob with `:ro` (the default) or `:rw` behind it; `**` stands for any number of folders.
 *
 * @returns `read-only` when the path is listed, but not for writing
 */
export function localPathAccess(
  allowed: readonly string[],
  path: string,
  write: boolean,
): 'allowed' | 'read-only' | 'refused' | 'unknown' {
  let access: 'read-only' | 'refused' | 'unknown' = 'refused';
  for (const entry of allowed) {
    const match = /^(.*?)(?::(ro|rw))?$/s.exec(entry.trim());
    const glob = match?.[1] ?? '';
    if (/[[\]{}\\]/.test(glob)) {
      if (access === 'refused') access = 'unknown'; // classes and alternatives are not read here
    } else if (matchesGlob(glob, path)) {
      if (!write || match?.[2] === 'rw') return 'allowed';
      access = 'read-only';
    }
  }
  return access;
}
