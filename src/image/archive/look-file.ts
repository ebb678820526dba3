import { NO_IO } from '../../stats/stats.js';
import { open, stat } from 'node:fs/promises';
import { isFileError } from '../docker-config.js';
import { CannotLook, reasonOf } from '../../net/failure.js';
import type { ImageName } from '../facts.js';
import type { LayerStore } from '../layers/read-layers.js';
import type { ImageFactName, Look, LookOptions } from '../look-options.js';
import { compressionOf } from './decompress.js';
import { lookAtDockerArchive } from './docker-archive.js';
import { openFolderTree } from './folder-tree.js';
import { lookAtLayout } from './layout.js';
import { openTarTree } from './tar-tree.js';
import type { FileTree } from './tree.js';

/** Decompressing runs at some hundred megabytes a second; whoever waits longer had better decompress once. */
const DEFAULT_FILE_MS = 60_000;

/** Reads an image from the archive or folder that its name gives; no more of the file than is needed. */
export async function lookAtFile(
  name: ImageName,
  wanted: ReadonlySet<ImageFactName>,
  options: LookOptions,
): Promise<Look> {
  const path = name.file ?? '';
  const shown = path === '' ? name.text : path;
  let tree: FileTree | undefined;
  const stats = (): Look['stats'] => ({ ...NO_IO, bytesRead: tree?.bytesRead() ?? 0 });
  try {
    tree = await openTree(name, path, options);
    const question = { source: name.source, tag: name.tag, wanted, platforms: options.platforms };
    const read = name.source === 'docker-archive' ? lookAtDockerArchive : lookAtLayout;
    const { facts, missing, inside } = await read(tree, question);
    if (inside !== undefined && wanted.has('image.files')) {
      const { filesFact } = await import('../layers/files-fact.js');
      const files = await filesFact(inside, layerStore(tree), options);
      return { facts: { ...facts, ...files.facts }, missing: files.missing, stats: stats() };
    }
    const [reason] = Object.values(missing);
    if (reason === undefined) return { facts, missing, stats: stats() };
    const problem = `${shown}: ${reason}`;
    const reasons = Object.fromEntries(Object.keys(missing).map((fact) => [fact, problem]));
    return { facts, missing: reasons, problem, stats: stats() };
  } catch (error) {
    const problem = `${shown}: ${isFileError(error) ? fileReason(error) : reasonOf(error)}`;
    const facts = [...wanted].filter((fact) => fact !== 'image.access' && fact !== 'image.local');
    return { facts: {}, missing: Object.fromEntries(facts.map((fact) => [fact, problem])), problem, stats: stats() };
  } finally {
    await tree?.close();
  }
}

function layerStore({ what, isSeekable, readEach }: FileTree): LayerStore {
  return { who: what, oneByOne: isSeekable, readEach };
}

async function openTree(name: ImageName, path: string, options: LookOptions): Promise<FileTree> {
  if (path === '') throw new CannotLook('no file is named');
  if (name.source === 'oci') return openFolderTree(path);
  const found = await stat(path);
  if (found.isDirectory()) throw new CannotLook('it is a folder; for an OCI layout write oci:');
  if (!found.isFile()) throw new CannotLook('it is no plain file');
  const compression = compressionOf(await firstBytesOf(path));
  if (compression === undefined) return openTarTree(path);
  const limit = AbortSignal.timeout(options.totalMs ?? DEFAULT_FILE_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const { openCompressedTree } = await import('./compressed-tree.js');
  return openCompressedTree(path, compression, signal);
}

async function firstBytesOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function fileReason(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'ENOTDIR':
      return 'a part of the path is no folder';
    default:
      return `it cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
  }
}
