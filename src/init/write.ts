import { lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decode, readBounded, reasonOf } from '../text/read-file.js';
import { writeWhole } from '../text/write-file.js';
import type { PlannedFile } from './plan.js';

/** What stands where a file would be written: nothing, just that text, or something else. */
export type Found =
  { readonly is: 'nothing' } | { readonly is: 'same' } | { readonly is: 'other'; readonly text: string };

/** Looks at what stands there; what cannot be read is something else with no text. Never throws. */
export async function foundAt(folder: string, { path, text }: PlannedFile): Promise<Found> {
  const file = join(folder, path);
  try {
    await lstat(file);
  } catch {
    return { is: 'nothing' }; // if it is there and cannot be looked at, writing fails and is told
  }
  try {
    const there = decode(await readBounded(file)).text;
    return there === text ? { is: 'same' } : { is: 'other', text: there };
  } catch {
    return { is: 'other', text: '' };
  }
}

/**
 * Writes a file whole or not at all, and the folders that it needs.
 *
 * @returns why it was not written
 */
export async function writePlanned(folder: string, { path, text }: PlannedFile): Promise<string | undefined> {
  const file = join(folder, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeWhole(file, text);
    return undefined;
  } catch (error) {
    return reasonOf(error, file);
  }
}
