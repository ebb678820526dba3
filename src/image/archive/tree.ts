import type { ByteSource } from './byte-source.js';

/** Files of an archive or a folder, by their path with `/` and without leading `./`. */
export interface FileTree {
  /** For reasons: `the archive`, `the layout`. */
  readonly what: string;
  /**
   * Reads a file; undefined when there is none of that path.
   *
   * @throws CannotLook when it is longer than allowed, no plain file, or cannot be read
   */
  readonly read: (path: string, maxBytes: number) => Promise<Buffer | undefined>;
  /** Bytes of a file; undefined when it is not there or is no plain file. */
  readonly sizeOf: (path: string) => number | undefined;
  /**
   * Hands out the content of several files, each once, in the order that costs the tree least. Paths that are not there
   * are passed over.
   *
   * @throws CannotLook when the tree is damaged
   */
  readonly readEach: (
    paths: ReadonlySet<string>,
    visit: (path: string, content: ByteSource) => Promise<void>,
  ) => Promise<void>;
  /** False when one file costs reading all of them. */
  readonly isSeekable: boolean;
  /** Bytes read from the disk so far. */
  readonly bytesRead: () => number;
  readonly close: () => Promise<void>;
}

/** Gives a path as trees spell it; undefined when it is absolute or leaves the archive. */
export function treePath(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}
