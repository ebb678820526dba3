import { realpath, stat } from 'node:fs/promises';
import { decode, readBounded, reasonOf } from '../text/read-file.js';
import { replaceFile } from '../text/write-file.js';

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
