import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decode, readBounded, reasonOf } from '../text/read-file.js';

/**
 * Writes the mended text of a file: whole or not at all, under the same mode and owner; of a link, to what it leads
 * to. The file must still be what was read.
 *
 * @param before the text as it was checked
 * @returns why it was not written, as a phrase that completes "FILE was not changed: "
 */
export async function writeMended(path: string, before: string, after: string): Promise<string | undefined> {
  try {
    const file = await realpath(path);
    const { mode, uid, gid } = await stat(file);
    if ((mode & 0o222) === 0) return 'it is read-only';
    const bytes = await readBounded(file);
    if (!bytes.equals(Buffer.from(before))) {
      return decode(bytes).text === before ? 'it is not UTF-8' : 'it was changed since it was read';
    }
    await replaceFile(file, after, { mode: mode & 0o7777, uid, gid });
    return undefined;
  } catch (error) {
    return reasonOf(error, path);
  }
}

/**
 * Writes a script that may be run.
 *
 * @param head how every script of ours begins; a file that begins otherwise is not overwritten
 * @returns why it was not written
 */
export async function writeScript(path: string, text: string, head: string): Promise<string | undefined> {
  try {
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined && !(await readBounded(path)).toString().startsWith(head)) {
      return 'a file of that name is there, and is no script of bacalhau-preflight';
    }
    if (there === undefined) await replaceFile(path, text, { mode: 0o755 });
    else await replaceFile(await realpath(path), text, { mode: 0o755, uid: there.uid, gid: there.gid });
    return undefined;
  } catch (error) {
    return reasonOf(error, path);
  }
}

/** Beside the file, so that the renaming stays within one file system. */
async function replaceFile(
  file: string,
  text: string,
  { mode, uid, gid }: { readonly mode: number; readonly uid?: number; readonly gid?: number },
): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${String(process.pid)}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const made = await stat(temporary);
    const owner = { uid: uid ?? made.uid, gid: gid ?? made.gid };
    if (made.uid !== owner.uid || made.gid !== owner.gid) await chown(temporary, owner.uid, owner.gid);
    await chmod(temporary, mode);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
