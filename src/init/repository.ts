import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CiSystem } from './answers.js';

/**
 * Finds the top of the repository that a folder lies in; undefined where there is none below the home folder.
 *
 * @param folder an absolute path
 */
export function repositoryTop(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === homedir() || at === dirname(at)) return undefined;
  }
}

/** Tells which CI system a repository has: by the files of one, else by where it is pushed to. */
export function usualCi(folder: string): CiSystem {
  const has = (path: string): boolean => existsSync(join(folder, path));
  if (has('.gitlab-ci.yml')) return 'gitlab';
  if (has('.github')) return 'github';
  const remotes = gitConfig(folder);
  if (/^[ \t]*url[ \t]*=.*gitlab/m.test(remotes)) return 'gitlab';
  return /^[ \t]*url[ \t]*=.*github\.com/m.test(remotes) ? 'github' : 'none';
}

function gitConfig(folder: string): string {
  try {
    return readFileSync(join(folder, '.git', 'config'), 'utf8');
  } catch {
    return ''; // no repository, or a work tree whose .git is a file
  }
}
