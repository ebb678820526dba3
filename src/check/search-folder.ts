import { lstat, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readBounded, reasonOf } from '../text/read-file.js';

/** What a folder holds; paths begin with the folder as it was named, in order of names. */
export interface FoundFiles {
  readonly files: readonly string[];
  /** The folders that were searched, the named one with them. */
  readonly folders: readonly string[];
  /** Folders that could not be read, with the reason. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

/** Why a file with such a name cannot be opened. */
export const NO_UTF8 = 'its name is not UTF-8; give it another one';

/** Whether the name came out of Node with a replacement character, by which nothing can be opened. */
export function isLostName(path: string): boolean {
  return path.includes('\ufffd');
}

/** Folders that hold other people's files, or no files of a job. */
const SKIPPED_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** The patterns of one `.gitignore`: whether they leave out a path below its folder, take it back in, or say nothing. */
interface IgnoreFile {
  /** Folder of the file, relative to the searched one with `/` behind it; '' for that one and those above. */
  readonly folder: string;
  /** What stands between a folder above and the searched one, with `/` behind it. */
  readonly prefix: string;
  readonly says: (path: string) => 'ignored' | 'kept' | undefined;
}

/**
 * Lists the plain files of a folder and the folders below. `.gitignore` files are respected, those above the folder in
 * the same repository as well; links are not followed.
 */
export async function searchFolder(root: string): Promise<FoundFiles> {
  const files: string[] = [];
  const folders: string[] = [];
  const unread: { path: string; reason: string }[] = [];
  const visit = async (folder: string, inRoot: string, inherited: readonly IgnoreFile[]): Promise<void> => {
    folders.push(folder);
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      unread.push({ path: folder, reason: isLostName(folder) ? NO_UTF8 : await reasonOf(error, folder) });
      return;
    }
    const own = entries.some(({ name }) => name === '.gitignore')
      ? await readIgnoreFile(folder, inRoot, '')
      : undefined;
    const ignoring = own === undefined ? inherited : [...inherited, own];
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = `${inRoot}${entry.name}`;
      if (entry.isDirectory()) {
        if (SKIPPED_FOLDERS.has(entry.name) || isIgnored(`${path}/`, ignoring)) continue;
        await visit(join(folder, entry.name), `${path}/`, ignoring);
      } else if (entry.isFile() && !isIgnored(path, ignoring)) files.push(join(folder, entry.name));
    }
  };
  await visit(root, '', await ignoreFilesAbove(root));
  return { files, folders, unread };
}

/** The file nearest to the path decides, as in git. */
function isIgnored(path: string, ignoring: readonly IgnoreFile[]): boolean {
  for (const file of ignoring.toReversed()) {
    const said = file.says(file.prefix + path.slice(file.folder.length));
    if (said !== undefined) return said === 'ignored';
  }
  return false;
}

/**
 * The `.gitignore` files from the top of the repository down to the folder above this one. None when they leave out the
 * folder itself: who names it wants it searched.
 */
async function ignoreFilesAbove(root: string): Promise<IgnoreFile[]> {
  const start = await realpath(root);
  const above: string[] = [];
  for (let folder = start; !(await exists(join(folder, '.git'))); folder = dirname(folder)) {
    if (dirname(folder) === folder) return []; // no repository at all
    above.unshift(dirname(folder));
  }
  const files: IgnoreFile[] = [];
  for (const folder of above) {
    const prefix = `${relative(folder, start).split(sep).join('/')}/`;
    const file = await readIgnoreFile(folder, '', prefix);
    if (file !== undefined) files.push(file);
  }
  return isIgnored('', files) ? [] : files;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** Reads the `.gitignore` of a folder, where it is a plain file; git follows no link there either. */
async function readIgnoreFile(folder: string, inRoot: string, prefix: string): Promise<IgnoreFile | undefined> {
  const path = join(folder, '.gitignore');
  try {
    if (!(await lstat(path)).isFile()) return undefined;
    const text = (await readBounded(path)).toString('utf8');
    const { default: ignore } = await import('ignore');
    const matcher = ignore({ ignorecase: false }).add(text);
    return {
      folder: inRoot,
      prefix,
      says: (below) => {
        const { ignored, unignored } = matcher.test(below);
        return ignored ? 'ignored' : unignored ? 'kept' : undefined;
      },
    };
  } catch {
    return undefined; // not there, or not to be read: then nothing is left out
  }
}
