import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeOf, type Environment } from '../docker-config.js';

/** Never through a link, and without waiting where somebody put a pipe. */
const PLAIN_FILE = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Bounds of the folder as a whole; manifests and configs are a few kilobytes each. */
export interface CacheLimits {
  readonly bytes: number;
  readonly entries: number;
}

/**
 * Gives the folder of cached images, mode 0700, below the cache folder of the user (XDG base directories, as for
 * compiled code); undefined when there is none that belongs to this user alone.
 */
export async function cacheFolder(env: Environment): Promise<string | undefined> {
  try {
    const given = env.XDG_CACHE_HOME;
    const base = join(
      given === undefined || given === '' ? join(homeOf(env), '.cache') : given,
      'bacalhau-preflight',
      'images-1',
    );
    await mkdir(base, { recursive: true, mode: 0o700 });
    const { uid, mode } = await stat(base);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    if ((mode & 0o077) !== 0) await chmod(base, 0o700);
    return base;
  } catch {
    return undefined;
  }
}

/** Reads an entry of at most so many bytes and marks it as used; undefined when it is not there or no plain file. */
export async function readEntry(path: string, mostBytes: number): Promise<Buffer | undefined> {
  try {
    const file = await open(path, PLAIN_FILE);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > mostBytes) return undefined;
      const bytes = await file.readFile();
      const now = new Date();
      await utimes(path, now, now);
      return bytes;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** Writes beside and renames, so that two processes at once, or a full disk, leave no half entry. */
export async function writeEntry(path: string, bytes: Buffer | string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}${TEMPORARY}`;
  try {
    await writeFile(temporary, bytes, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined); // without a cache the next run asks again
  }
}

export async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

export async function dropEntry(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true }).catch(() => undefined);
}

const TEMPORARY = '.tmp';
/** Older ones were left by a process that was killed. */
const OLDEST_TEMPORARY_MS = 3600_000;

/** Removes the entries that were not used for longest, until the folder is well within its limits again. */
export async function evict(folder: string, limits: CacheLimits): Promise<void> {
  try {
    const found = await Promise.all((await readdir(folder)).map((name) => entryOf(join(folder, name))));
    const entries = found.flatMap((entry) => entry ?? []).sort((a, b) => b.used - a.used);
    const isTooMuch =
      entries.length > limits.entries || entries.reduce((sum, { size }) => sum + size, 0) > limits.bytes;
    const share = isTooMuch ? 0.8 : 1; // so that not every look has to tidy up
    let bytes = 0;
    for (const [index, { path, size, used }] of entries.entries()) {
      bytes += size;
      const isLeftOver = path.endsWith(TEMPORARY) && Date.now() - used > OLDEST_TEMPORARY_MS;
      if (isLeftOver || index >= limits.entries * share || bytes > limits.bytes * share) await dropEntry(path);
    }
  } catch {
    // another process tidies up at the same time
  }
}

async function entryOf(path: string): Promise<{ path: string; size: number; used: number } | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, size, used: mtimeMs };
  } catch {
    return undefined;
  }
}
