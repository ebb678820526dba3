import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CiSystem } from './answers.js';

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
