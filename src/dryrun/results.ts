import { closeSync, copyFileSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ResultFile } from '../workload/run-evidence.js';
import { CannotRun } from './cannot-run.js';
import { fileErrorText } from './file-error.js';
import { tarEntries, type EntryToRead } from './tar-entries.js';

/** What lies in a folder of results. */
export interface ReadResults {
  readonly files: readonly ResultFile[];
  /** Links, sockets, devices: a node's archive of results drops them. */
  readonly dropped: readonly string[];
  /** Whether reading ended early, at one of the limits. */
  readonly cut: boolean;
}

/** More than a report can say anything about; folders and what is dropped count too. */
const MOST_ENTRIES = 200_000;

/**
 * Reads a folder of results from the tar stream of the engine, and writes its files below `folder` where one is given.
 * That folder was made by this run and holds nothing yet: since no link is ever made in it, nothing can be written
 * elsewhere. Files are the user's own, with the program's permission bits but never without the user's own access.
 * Reading ends at the limits: a sparse file has all the bytes that it says.
 *
 * @throws CannotRun when a file cannot be written, such as on a full disk
 */
export async function readResults(
  tar: NodeJS.ReadableStream,
  options: { readonly folder?: string; readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<ReadResults> {
  const { folder, mostBytes, signal } = options;
  const dropped: string[] = [];
  const files: ResultFile[] = [];
  const byName = new Map<string, ResultFile>();
  const paths = new Map<string, number>();
  let bytes = 0;
  let cut = false;
  const keep = (name: string, file: ResultFile): void => {
    files.push(file);
    byName.set(name, file);
  };
  for await (const entry of tarEntries(tar, signal)) {
    const { name, type, linkname } = entry.header;
    const inside = below(name);
    if (inside === undefined) continue;
    const path = distinct(inside, paths);
    const to = folder === undefined ? undefined : join(folder, path);
    const linked = type === 'link' ? byName.get(linkname) : undefined;
    const size = type === 'file' ? entry.header.size : (linked?.bytes ?? 0);
    bytes += size;
    cut = bytes > mostBytes || paths.size > MOST_ENTRIES;
    if (cut) break;
    if (type === 'directory') {
      if (to !== undefined) written(path, () => mkdirSync(to, { recursive: true }));
    } else if (type === 'file') {
      keep(name, { path, bytes: size });
      if (to !== undefined) await writeEntry(entry, path, to);
    } else if (linked !== undefined) {
      keep(name, { path, bytes: size });
      if (folder !== undefined && to !== undefined) {
        written(path, () => {
          mkdirSync(dirname(to), { recursive: true });
          copyFileSync(join(folder, linked.path), to);
        });
      }
    } else dropped.push(path);
  }
  return { files: files.sort(byPath), dropped: dropped.sort(), cut };
}

/** Does something to the disk; says in one sentence what the disk has against it. */
export function written<T>(path: string, change: () => T): T {
  try {
    return change();
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const reason = isThere ? 'the disk takes its name for that of another one' : fileErrorText(error);
    throw new CannotRun(`cannot write the result ${path}: ${reason}`);
  }
}

async function writeEntry(entry: EntryToRead, path: string, to: string): Promise<void> {
  const mode = (entry.header.mode & 0o777) | 0o600;
  const descriptor = written(path, () => {
    mkdirSync(dirname(to), { recursive: true });
    return openSync(to, 'wx', mode);
  });
  try {
    for await (const chunk of entry) {
      if (!Buffer.isBuffer(chunk)) continue;
      written(path, () => {
        for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
      });
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The path below the folder that the archive is of; undefined for that folder itself, and for a path that leaves it. */
function below(name: string): string | undefined {
  const [, ...parts] = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') || name.includes('\0') ? undefined : parts.join('/');
}

/**
 * Names that are no UTF-8 have marks in place of their bytes, and many of them may look alike.
 *
 * @param taken the paths that were given, each with the number of its last namesake
 */
function distinct(path: string, taken: Map<string, number>): string {
  let number = taken.get(path);
  let name = path;
  if (number !== undefined && path.includes('\ufffd')) {
    while (taken.has(name)) name = `${path}~${String(++number)}`;
    taken.set(path, number);
  }
  taken.set(name, 1);
  return name;
}

function byPath(a: ResultFile, b: ResultFile): number {
  return a.path < b.path ? -1 : 1;
}
