import { isAtOrBelow } from '../text/posix-path.js';
import { isSystemPath, topFolder } from './folders.js';
import { liesIn, touches } from './path-uses.js';
import { meantFolder, type MeantFolder } from './result-folder.js';
import type { PathUse, Workload } from './workload.js';

/** What becomes of what a job writes. */
export interface Kept {
  /** Absolute folders that are collected. */
  readonly collected: readonly string[];
  /** Folders of the node that are mounted for writing. */
  readonly mounted: readonly string[];
  /** Whether the job ends by itself; one that does not keeps files of its own. */
  readonly ends: boolean;
}

/** A write into a folder that nobody collects. */
export interface LostWrite {
  readonly use: PathUse;
  readonly folder: string;
  /** Undefined for a folder that is not called as people call results. */
  readonly meant: MeantFolder | undefined;
}

/** Finds what is written where nothing is collected, one use for each folder: what is seen before what is guessed. */
export function lostWrites(workload: Workload, kept: Kept): LostWrite[] {
  const seen = inOrder(workload.writes.filter(({ guess }) => !guess));
  const guesses = [...workload.writes, ...workload.mentions].filter(({ guess }) => guess);
  const lost = new Map<string, LostWrite>();
  for (const use of [...seen, ...guesses]) {
    const meant = meantFolder(use, workload.command);
    if (meant === undefined && (use.guess || !kept.ends || isScratch(workload, use))) continue;
    const folder = meant?.path ?? topFolder(use.path);
    if (lost.has(folder) || isKept(use, meant, kept.collected) || kept.mounted.some((path) => liesIn(use, path)))
      continue;
    // Read again, most likely to be brought to where results are collected.
    if (kept.collected.length > 0 && workload.reads.some((read) => touches(read, use.path))) continue;
    lost.set(folder, { use, folder, meant });
  }
  return [...lost.values()];
}

function isKept(use: PathUse, meant: MeantFolder | undefined, collected: readonly string[]): boolean {
  // A folder `outputs` in a working directory that is not known may be any that is called so.
  if (meant?.certain === false && collected.some((path) => path.endsWith('/outputs'))) return true;
  return collected.some((path) => liesIn(use, path) || isAtOrBelow(path, use.path));
}

/** What makes a folder says less than what writes into it. */
function inOrder(writes: readonly PathUse[]): PathUse[] {
  return [...writes.filter(({ by }) => by !== 'mkdir'), ...writes.filter(({ by }) => by === 'mkdir')];
}

/** Files in the working directory, of the system, or read again are not meant as results. */
function isScratch({ reads, mentions }: Workload, use: PathUse): boolean {
  const relative = !/^(?:[^/]*=)?\//.test(use.word.text);
  return relative || isSystemPath(use.path) || [...reads, ...mentions].some((other) => touches(other, use.path));
}
