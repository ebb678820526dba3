import { constants } from 'node:fs';
import { lstat, open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isFileError } from '../docker-config.js';
import { CannotLook } from '../../net/failure.js';
import { fileSource } from './byte-source.js';
import { treePath, type FileTree } from './tree.js';

/** Opens a folder as a tree. Links are not followed: what lies outside of the folder is never read. */
export async function openFolderTree(folder: string): Promise<FileTree> {
  if (!(await stat(folder)).isDirectory()) {
    throw new CannotLook('it is no folder; for a tar file write oci-archive:');
  }
  const root = await realpath(folder);
  let bytesRead = 0;
  const openInside = async (path: string): Promise<FileHandle | undefined> => {
    const inside = treePath(path);
    if (inside === undefined) return undefined;
    const full = join(root, ...inside.split('/'));
    if (!(await isPlainFile(full, root))) return undefined;
    return open(full, constants.O_RDONLY | constants.O_NOFOLLOW);
  };
  const read = async (path: string, maxBytes: number): Promise<Buffer | undefined> => {
    const file = await openInside(path);
    if (file === undefined) return undefined;
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw new CannotLook(`${path} in the layout is ${size} bytes long`);
      const content = await file.readFile();
      bytesRead += content.length;
      return content;
    } finally {
      await file.close();
    }
  };
  const readEach: FileTree['readEach'] = async (paths, visit) => {
    for (const path of paths) {
      const file = await openInside(path);
      if (file === undefined) continue;
      const readAt = async (position: number, length: number): Promise<Buffer> => {
        const { buffer, bytesRead: count } = await file.read(Buffer.alloc(length), 0, length, position);
        bytesRead += count;
        return buffer.subarray(0, count);
      };
      try {
        await visit(path, fileSource(readAt, 0, (await file.stat()).size));
      } finally {
        await file.close();
      }
    }
  };
  return {
    what: 'the layout',
    read,
    sizeOf: () => undefined,
    readEach,
    isSeekable: true,
    bytesRead: () => bytesRead,
    close: () => Promise.resolve(),
  };
}

async function isPlainFile(path: string, root: string): Promise<boolean> {
  try {
    if (!(await lstat(path)).isFile()) return false;
    return (await realpath(path)).startsWith(root.endsWith(sep) ? root : root + sep);
  } catch (error) {
    if (isFileError(error)) return false;
    throw error;
  }
}
