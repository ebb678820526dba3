import { isAtOrBelow } from '../text/posix-path.js';
import type { PathUse, Workload } from './workload.js';

/** The folders of a path before its first wildcard: what is certain of it. */
export function certainPart(path: string): string {
  const wildcard = path.search(/[*?[{]/);
  if (wildcard < 0) return path;
  const slash = path.lastIndexOf('/', wildcard);
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** Whether a use may lie at, below or above a folder: reading a parent reads what is in it. */
export function touches(use: PathUse, folder: string): boolean {
  const path = certainPart(use.path);
  return isAtOrBelow(path, folder) || isAtOrBelow(folder, path);
}

/** Whether a use lies at or below a folder, as far as its path is certain. */
export function liesIn(use: PathUse, folder: string): boolean {
  return isAtOrBelow(certainPart(use.path), folder);
}

/** Every path that the workload names, whatever it does with it. */
export function allUses({ reads, writes, mentions }: Workload): PathUse[] {
  return [...reads, ...writes, ...mentions];
}

/** Who uses a path, to begin a sentence with. */
export function userOf({ by }: PathUse): string {
  return by === '<' || by === '>' ? 'The shell' : by.replace(/^the /, 'The ');
}
