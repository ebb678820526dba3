import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileErrorText } from './file-error.js';
import { isGone, processIdentity } from './labels.js';

/** The folder of `--output` while it is filled: what it will hold lies in another one, and moves when all is there. */
export interface OutputFolder {
  /** Where to write. */
  readonly path: string;
  /**
   * Gives what was written its place.
   *
   * @throws as node:fs does, such as on a full disk; then nothing is left
   */
  readonly finish: (exitCode: number | undefined) => void;
  /** Removes it, unless it was finished. */
  readonly discard: () => void;
}

/** What a folder that is being filled is called: `.NAME.PROCESS.preflight`. */
const SUFFIX = '.preflight';

/**
 * Makes the folder for results. A new one is filled beside its place; one that is there is filled within: it may be the
 * working directory of a shell, a mount, or a link. What killed runs have left is removed first.
 *
 * @returns a message when the folder is there and not empty, or cannot be made
 */
export function makeOutputFolder(wanted: string): OutputFolder | { readonly problem: string } {
  try {
    const path = resolve(wanted);
    const filled = isThere(path)
      ? within(realpathSync(path))
      : beside(path, mkdirSync(dirname(path), { recursive: true }));
    return filled ?? { problem: `${wanted} is not empty; name a folder that is new or empty` };
  } catch (error) {
    return { problem: `cannot write results to ${wanted}: ${fileErrorText(error)}` };
  }
}

function beside(path: string, made: string | undefined): OutputFolder {
  const parent = dirname(path);
  sweepIn(parent, basename(path));
  const temporary = makeTemporary(parent, basename(path));
  const discard = (): void => {
    rmSync(temporary, { recursive: true, force: true });
    removeEmpty(parent, made);
  };
  return {
    path: temporary,
    finish: (exitCode) => finishOr(discard, temporary, exitCode, () => renameSync(temporary, path)),
    discard,
  };
}

/** Undefined when something is in the folder that no killed run left there. */
function within(path: string): OutputFolder | undefined {
  for (const folder of [dirname(path), path]) sweepIn(folder, basename(path));
  if (readdirSync(path).length > 0) return undefined;
  const temporary = makeTemporary(path, basename(path));
  const moved: string[] = [];
  const discard = (): void => {
    for (const each of [temporary, ...moved]) rmSync(each, { recursive: true, force: true });
  };
  const move = (): void => {
    if (readdirSync(path).length > 1) throw new Error('something else was put there meanwhile');
    for (const name of readdirSync(temporary)) {
      renameSync(join(temporary, name), join(path, name));
      moved.push(join(path, name));
    }
    rmdirSync(temporary);
    moved.length = 0; // theirs now
  };
  return {
    path: temporary,
    finish: (exitCode) => finishOr(discard, temporary, exitCode, move),
    discard,
  };
}

function finishOr(discard: () => void, folder: string, exitCode: number | undefined, move: () => void): void {
  try {
    if (exitCode !== undefined) writeFileSync(join(folder, 'exitCode'), String(exitCode));
    move();
  } catch (error) {
    discard();
    throw error;
  }
}

function makeTemporary(parent: string, name: string): string {
  const identity = processIdentity(process.pid) ?? String(process.pid);
  const path = join(parent, `.${name}.${identity}${SUFFIX}`);
  mkdirSync(path);
  return path;
}

function isThere(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true && !existsSync(path)) throw new Error('it is a link to something that is gone');
  return found !== undefined;
}

/** Removes the folders that were made to hold the results, the first of which is `made`. */
function removeEmpty(path: string, made: string | undefined): void {
  if (made === undefined) return;
  for (let each = path; each.startsWith(made); each = dirname(each)) {
    try {
      rmdirSync(each);
    } catch {
      return; // something else is in it by now
    }
  }
}

function sweepIn(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith(SUFFIX)) continue;
    const identity = entry.slice(name.length + 2, -SUFFIX.length);
    if (isGone(identity)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
