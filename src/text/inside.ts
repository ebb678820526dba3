import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * Whether a path, with all its links followed, lies in a folder or below it. Of a file that is not there its folder
 * counts.
 */
export async function liesInside(path: string, folder: string): Promise<boolean> {
  const below = relative(await real(folder), await real(path));
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

async function real(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    const folder = dirname(whole);
    return folder === whole ? whole : join(await real(folder), basename(whole));
  }
}
