import { existsSync, lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The name that is looked for. */
export const CONFIG_NAME = '.bacalhau-preflight.yaml';

/** Names that people give it and that are not looked for. */
const OTHER_NAMES = ['.bacalhau-preflight.yml', '.bacalhau-preflight.json', 'bacalhau-preflight.yaml'];

/**
 * Finds the configuration file: in the folder itself, then in those above, up to the top of the repository, the home
 * folder or the root. The first one counts, also where it turns out that it cannot be read.
 *
 * @param folder an absolute path
 */
export function findConfig(folder: string): string | undefined {
  return foldersFrom(folder)
    .map((at) => join(at, CONFIG_NAME))
    .find((file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined);
}

/** Finds a file in the same folders whose name says that it is meant as a configuration. */
export function misnamedConfig(folder: string): string | undefined {
  return foldersFrom(folder)
    .flatMap((at) => OTHER_NAMES.map((name) => join(at, name)))
    .find((file) => lstatSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/**
 * Finds the top of the repository that a folder lies in; undefined where there is none below the home folder.
 *
 * @param folder an absolute path
 */
export function repositoryTop(folder: string): string | undefined {
  const top = foldersFrom(folder).at(-1);
  return top !== undefined && existsSync(join(top, '.git')) ? top : undefined;
}

function foldersFrom(folder: string): string[] {
  const home = homedir();
  const folders = [folder];
  for (let at = folder; at !== home && at !== dirname(at) && !existsSync(join(at, '.git'));) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}
