import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The name that is looked for. */
export const CONFIG_NAME = '.bacalhau-preflight.yaml';

/**
 * Finds the configuration file: in the folder itself, then in those above, up to the top of the repository, the home
 * folder or the root. The first one counts.
 *
 * @param folder an absolute path
 */
export function findConfig(folder: string): string | undefined {
  const home = homedir();
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, CONFIG_NAME);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
    if (at === home || at === dirname(at) || existsSync(join(at, '.git'))) return undefined;
  }
}
