import { copyFileSync, createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { ResultFile } from '../workload/run-evidence.js';

/** What lies in a folder of results. */
export interface ReadResults {
  readonly files: readonly ResultFile[];
  /** Links, sockets, devices: a node's archive of results drops them. */
  readonly dropped: readonly string[];
  /** Whether reading ended early, at one of the limits. */
  readonly cut: boolean;
}

/** More files than a report can say anything about. */
const MOST_FILES = 200_000;

/**
 * Reads a folder of results from the tar stream of the engine, and writes its files below `folder` where one is given.
 * That folder was made by this run and holds nothing yet: since no link is ever made in it, nothing can be written
 * elsewhere. Files are the user's own, with the program's permission bits but never without the user's own access.
 *
 * @throws as node:fs does, such as on a full disk
 */
export async function readResults(
  tar: NodeJS.ReadableStream,
  options: { readonly folder?: string; readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<ReadResults> {
  const files: ResultFile[] = [];
  const dropped: string[] = [];
  const sizes = new Map<string, number>();
  let bytes = 0;
  let cut = false;
  const entries = extract();
  const take = async (): Promise<void> => {
    for await (const entry of entries) {
      const { name, type, size, mode, linkname } = entry.header;
      const path = below(name);
      if (path === undefined || cut) {
        entry.resume();
        continue;
      }
      const to = options.folder === undefined ? undefined : join(options.folder, path);
      if (type === 'directory') {
        if (to !== undefined) mkdirSync(to, { recursive: true });
      } else if (type === 'file') {
        bytes += size;
        cut = bytes > options.mostBytes || files.length >= MOST_FILES;
        if (!cut) {
          files.push({ path, bytes: size });
          sizes.set(name, size);
          if (to !== undefined) {
            mkdirSync(dirname(to), { recursive: true });
            await pipeline(entry, createWriteStream(to, { flags: 'wx', mode: (mode & 0o777) | 0o600 }));
          }
        }
      } else if (type === 'link' && sizes.has(linkname)) {
        files.push({ path, bytes: sizes.get(linkname) ?? 0 });
        const from = below(linkname);
        if (options.folder !== undefined && from !== undefined && to !== undefined) {
          mkdirSync(dirname(to), { recursive: true });
          copyFileSync(join(options.folder, from), to);
        }
      } else dropped.push(path);
      entry.resume();
    }
  };
  await Promise.all([pipeline(tar, entries, { signal: options.signal }), take()]);
  return { files: files.sort(byPath), dropped: dropped.sort(), cut };
}

/** The path below the folder that the archive is of; undefined for that folder itself, and for a path that leaves it. */
function below(name: string): string | undefined {
  const [, ...parts] = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') || name.includes('\0') ? undefined : parts.join('/');
}

function byPath(a: ResultFile, b: ResultFile): number {
  return a.path < b.path ? -1 : 1;
}
