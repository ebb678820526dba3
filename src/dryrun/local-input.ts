import { createReadStream, type Dirent, type Stats } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reasonOf } from '../text/read-file.js';
import { CannotStage, type StagedEntry, type StagedInput } from './staged-input.js';

/** What the type of a source makes of its content on a node. */
export interface NodeLayout {
  /** Of `unknown` the content decides: a file is mounted as the Target, a folder as a folder. */
  readonly shape: StagedInput['shape'] | 'unknown';
  /** Name that the only file gets below the Target, where the source decides it. */
  readonly fileName?: string;
  readonly folderMode: number;
  /** Mode of every file, and of every folder within; absent: as they are. */
  readonly modes?: { readonly file: number; readonly folder: number };
}

/** More entries than anybody tries a job with. */
const MOST_ENTRIES = 1_000_000;

/**
 * Prepares a file or folder of the user as the content of an input. Links are given as links, never followed; what is
 * neither file, folder nor link is left out.
 *
 * @throws CannotStage when it is not there, cannot be read, or is a folder where the source gives one file
 */
export async function stageLocal(path: string, layout: NodeLayout): Promise<StagedInput> {
  const found = await statOf(path);
  const description = path;
  if (found.isFile()) {
    const name = layout.fileName ?? basename(path);
    const shape = layout.shape === 'unknown' ? 'file' : layout.shape;
    const entry = fileEntry(path, name, found, layout);
    return {
      description,
      shape,
      folderMode: layout.folderMode,
      total: { files: 1, bytes: found.size },
      entries: () => only(entry),
    };
  }
  if (!found.isDirectory()) throw new CannotStage(`${path} is neither a file nor a folder`);
  if (layout.shape === 'file' || layout.shape === 'file-inside') return onlyFileOf(path, layout);
  return {
    description,
    shape: 'folder',
    folderMode: layout.modes === undefined ? found.mode & 0o7777 : layout.folderMode,
    total: await sizeOf(path),
    entries: (signal) => walk(path, layout, signal),
  };
}

/** A source that gives one file is replaced by a folder only when that holds one file. */
async function onlyFileOf(folder: string, layout: NodeLayout): Promise<StagedInput> {
  const names = await namesIn(folder);
  const [first] = names;
  if (names.length === 1 && first?.isFile() === true) return stageLocal(join(folder, first.name), layout);
  throw new CannotStage(`${folder} is a folder, and this input is one file; name the file`);
}

async function* walk(root: string, layout: NodeLayout, signal: AbortSignal): AsyncGenerator<StagedEntry> {
  let count = 0;
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await namesIn(join(root, folder))) {
      signal.throwIfAborted();
      if (++count > MOST_ENTRIES) throw new CannotStage(`${root} holds more than ${String(MOST_ENTRIES)} files`);
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const full = join(root, path);
      if (entry.isSymbolicLink()) yield { kind: 'link', path, mode: 0o777, to: await readlink(full) };
      else if (entry.isDirectory()) {
        const mode = layout.modes?.folder ?? (await statOf(full)).mode & 0o7777;
        yield { kind: 'folder', path, mode };
        pending.push(path);
      } else if (entry.isFile()) yield fileEntry(full, path, await statOf(full), layout);
    }
  }
}

function fileEntry(full: string, path: string, { size, mode }: Stats, layout: NodeLayout): StagedEntry {
  return {
    kind: 'file',
    path,
    size,
    mode: layout.modes?.file ?? mode & 0o7777,
    open: () => readFile(full, size),
  };
}

/** No more than `size` bytes, since a file may grow while it is read; an empty one is not opened at all. */
async function* readFile(path: string, size: number): AsyncGenerator<Uint8Array> {
  if (size === 0) return;
  const stream: AsyncIterable<Uint8Array> = createReadStream(path, { end: size - 1 });
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw new CannotStage(`cannot read ${path}: ${await reasonOf(error, path)}`);
  }
}

/** Files and bytes below a folder, for a progress bar. */
async function sizeOf(root: string): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await namesIn(folder)) {
      const full = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(full);
      else if (entry.isFile()) {
        files++;
        bytes += (await statOf(full)).size;
      }
      if (files > MOST_ENTRIES) return { files, bytes };
    }
  }
  return { files, bytes };
}

async function namesIn(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new CannotStage(`cannot read ${folder}: ${await reasonOf(error, folder)}`);
  }
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw new CannotStage(`cannot read ${path}: ${await reasonOf(error, path)}`);
  }
}

async function* only(entry: StagedEntry): AsyncGenerator<StagedEntry> {
  yield await Promise.resolve(entry);
}
