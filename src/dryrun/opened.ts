import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** More are not looked at: then it is not known. */
const MOST_ENTRIES = 20_000;

/**
 * Says whether a program has read anything of a volume, by the access times of what lies there: when it was filled,
 * each was set to the time of the last change. Folders count when they were listed.
 *
 * @param mountpoint where the engine has the volume
 * @returns undefined where that cannot be seen: the engine runs elsewhere, or the disk keeps no access times
 */
export async function wasOpened(mountpoint: string): Promise<boolean | undefined> {
  try {
    if (!(await keepsAccessTimes(mountpoint))) return undefined;
    let count = 0;
    const pending = [mountpoint];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      // Looked at before it is listed, which is an access too.
      const { atimeMs, mtimeMs, isFolder } = await timesOf(path);
      // It was set to a whole second; the clock never is: one that was written to was opened too.
      if (atimeMs > mtimeMs || mtimeMs % 1000 !== 0) return true;
      if (++count > MOST_ENTRIES) return undefined;
      if (isFolder) for (const name of await readdir(path)) pending.push(join(path, name));
    }
    return false;
  } catch {
    return undefined; // no such folder here, or not ours to look at
  }
}

async function timesOf(path: string): Promise<{ atimeMs: number; mtimeMs: number; isFolder: boolean }> {
  const found = await lstat(path);
  return { atimeMs: found.atimeMs, mtimeMs: found.mtimeMs, isFolder: found.isDirectory() };
}

/** Mount options stand in the sixth field of mountinfo, the mount point in the fifth (proc(5)). */
async function keepsAccessTimes(path: string): Promise<boolean> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map((line) => line.split(' '));
  let longest = '';
  let keeps = false;
  for (const [, , , , point = '', options = ''] of mounts) {
    const holds = path === point || path.startsWith(point === '/' ? '/' : `${point}/`);
    if (!holds || point.length < longest.length) continue;
    longest = point;
    keeps = !options.split(',').includes('noatime');
  }
  return keeps;
}
