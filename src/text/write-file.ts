import { chmod, chown, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Mode and owner of a file; what is left out is as for every new file of this user. */
export interface Ownership {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Writes a whole file or nothing. A link is followed, mode and owner of a file that is there are kept. What is no
 * file, such as a pipe or /dev/stdout, is written to as it is.
 *
 * @throws the error of the file system
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const there = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (there === undefined) return replaceFile(path, text, {});
  if (!there.isFile()) return writeFile(path, text);
  const { mode, uid, gid } = there;
  return replaceFile(await realpath(path), text, { mode: mode & 0o7777, uid, gid });
}

/**
 * Puts a text in the place of a file, or makes one. It is written beside the file, so that the renaming stays within
 * one file system.
 *
 * @throws the error of the file system; then the file is as it was
 */
export async function replaceFile(file: string, text: string, { mode, uid, gid }: Ownership): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${String(process.pid)}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode === undefined ? 0o666 : 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const made = await stat(temporary);
    const owner = { uid: uid ?? made.uid, gid: gid ?? made.gid };
    if (made.uid !== owner.uid || made.gid !== owner.gid) await chown(temporary, owner.uid, owner.gid);
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
