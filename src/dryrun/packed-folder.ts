import { piecesOf, streamSource } from '../image/archive/byte-source.js';
import { decompressed } from '../image/archive/decompress.js';
import { tarEntries, type TarEntry } from '../image/archive/tar-entries.js';
import { CannotLook } from '../net/failure.js';
import { sizeText } from '../text/size.js';
import { refuseSize } from './fetch/fetching.js';
import type { NodeLayout } from './local-input.js';
import type { StagedEntry, StagedInput } from './staged-input.js';

/** A node takes no larger file out of an archive (`pkg/util/targzip`). */
const MOST_FILE_BYTES = 10 * 2 ** 20;
/** More than anybody writes into a job. */
const MOST_ENTRIES = 100_000;
/** Headers and padding of so many entries, beside what is in them. */
const MOST_OVERHEAD_BYTES = MOST_ENTRIES * 2048;

/**
 * Prepares a tar archive in gzip as a folder, the way a node unpacks it (`pkg/util/targzip`): files keep their modes
 * and folders do not, links and the like are left out, and names that lead elsewhere end it. It is read twice, to know
 * what is to come; nothing of it touches this machine's disk.
 *
 * @param asOurs is given what is thrown while the entries are read
 * @throws CannotLook when a node could not unpack it, or it has more than `maxBytes`
 */
export async function stagePacked(
  packed: Buffer,
  layout: NodeLayout,
  maxBytes: number,
  signal: AbortSignal,
  asOurs: (error: unknown) => unknown,
): Promise<StagedInput> {
  let [files, bytes] = [0, 0];
  for await (const entry of unpacked(packed, layout, maxBytes, signal)) {
    if (entry.kind !== 'file') continue;
    files++;
    bytes += entry.size;
    refuseSize(bytes, maxBytes);
  }
  return {
    description: 'inline data, a packed folder',
    shape: 'folder',
    folderMode: layout.folderMode,
    total: { files, bytes },
    async *entries(stop) {
      try {
        yield* unpacked(packed, layout, maxBytes, stop);
      } catch (error) {
        throw asOurs(error);
      }
    },
  };
}

async function* unpacked(
  packed: Buffer,
  layout: NodeLayout,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<StagedEntry> {
  const known = new Map<string, 'file' | 'folder'>([['', 'folder']]);
  const plain = bounded(decompressed(pieces(packed), 'gzip', signal), maxBytes);
  let count = 0;
  try {
    for await (const entry of tarEntries(streamSource(plain))) {
      if (++count > MOST_ENTRIES) throw new CannotLook(`it holds more than ${String(MOST_ENTRIES)} files and folders`);
      const path = checkedPath(entry.name);
      // In old archives a slash at the end is all that tells a folder.
      if (entry.type === '5' || (entry.type === '0' && entry.name.endsWith('/'))) {
        yield* foldersTo(path, known, layout);
      } else if (entry.type === '0') {
        yield fileOf(entry, path, known);
        known.set(path, 'file');
      }
    }
  } finally {
    await plain.return(undefined);
  }
}

/** What Go checks of a name before it joins it to the folder. */
function checkedPath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const isRefused =
    name === '' || name.includes('\\') || name.startsWith('/') || name.includes('../') || parts.includes('..');
  if (isRefused) throw new CannotLook(`a node refuses the name ${JSON.stringify(name)} in it`);
  return parts.join('/');
}

/** A folder with those above it, where they are new. */
function* foldersTo(
  path: string,
  known: Map<string, 'file' | 'folder'>,
  { modes, folderMode }: NodeLayout,
): Generator<StagedEntry> {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    const before = known.get(folder);
    if (before === 'folder' || (before === 'file' && depth === parts.length)) continue;
    if (before === 'file') throw new CannotLook(`${folder} is a file in it, and others lie below it as in a folder`);
    known.set(folder, 'folder');
    yield { kind: 'folder', path: folder, mode: modes?.folder ?? folderMode };
  }
}

function fileOf(
  { size, mode, isSparse, content }: TarEntry,
  path: string,
  known: ReadonlyMap<string, 'file' | 'folder'>,
): StagedEntry {
  const refuse = (why: string): CannotLook => new CannotLook(`${JSON.stringify(path)} ${why}`);
  if (isSparse) throw refuse('is a file with holes, which is not unpacked here');
  if (size > MOST_FILE_BYTES) {
    throw refuse(`has ${sizeText(size)}, and a node takes no file of more than ${sizeText(MOST_FILE_BYTES)} out of it`);
  }
  if (known.get(path) === 'folder') throw refuse('is a file and a folder');
  if (known.get(path.slice(0, Math.max(0, path.lastIndexOf('/')))) !== 'folder') {
    throw refuse('comes before its folder, which a node does not make for it');
  }
  // The bits that Go takes over, less those that the umask of a service takes away.
  return { kind: 'file', path, size, mode: mode & 0o755, open: () => piecesOf(content) };
}

async function* pieces(packed: Buffer): AsyncGenerator<Buffer> {
  const PIECE = 64 * 1024;
  for (let at = 0; at < packed.length; at += PIECE) yield await Promise.resolve(packed.subarray(at, at + PIECE));
}

/** Ends what is larger than an archive can be whose files have no more than `most` bytes. */
async function* bounded(stream: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > most + MOST_OVERHEAD_BYTES)
      throw new CannotLook(`it unpacks to more than the ${sizeText(most)} that --max-input-size allows`);
    yield piece;
  }
}
