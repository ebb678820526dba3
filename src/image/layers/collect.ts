import { isAtOrBelow, resolvePath } from '../../text/posix-path.js';
import type { ByteSource } from '../archive/byte-source.js';
import { readTar, type TarEntry } from '../archive/tar-entries.js';
import { CannotLook } from '../../net/failure.js';
import type { FileHead } from '../facts.js';
import { PathTable, type Kind } from './path-table.js';
import { HEAD_BYTES, readHead } from './file-head.js';

/** What the layers of an image hold, in little memory: paths as hashes, links and what starts programs as they are. */
export interface CollectedFiles {
  readonly table: PathTable;
  /** Targets of symbolic links; the record of a link holds the index. */
  readonly links: readonly string[];
  /** How executables start; their records hold the index, 0 where it is not known. */
  readonly heads: readonly (FileHead | undefined)[];
  /** Links through which a layer put something, as one may that was not made by Docker. */
  readonly aliases: ReadonlySet<string>;
  /** What any layer has below the folders that were asked for, but folders. */
  readonly below: ReadonlyMap<string, readonly string[]>;
}

/** Collects layers, in any order. */
export interface Collector {
  readonly collected: CollectedFiles;
  /**
   * Reads the tar archive of a layer.
   *
   * @param layer its number, from 1 for the lowest
   * @throws CannotLook when it is damaged, or holds more than any image should
   */
  readonly addLayer: (layer: number, source: ByteSource) => Promise<void>;
}

/** Far more than any image has that a node could pull in time; a table of so many takes 160 MB. */
const MOST_PATHS = 4_000_000;
const MOST_LINK_CHARACTERS = 64 * 1024 * 1024;
const MOST_HEADS = 100_000;
const MOST_ALIASES = 100;
/** Paths below one asked folder; of more, "more than" is told. */
export const MOST_BELOW = 1000;
/** Longest path of Linux. */
const MOST_PATH_CHARACTERS = 4096;

/**
 * Opens a collector.
 *
 * @param folders absolute, clean paths whose content is wanted by name
 * @param mostPaths so many entries end in a reason
 */
export function openCollector(folders: readonly string[], mostPaths = MOST_PATHS): Collector {
  const table = new PathTable();
  const links = numbered(MOST_LINK_CHARACTERS);
  const heads = openHeads();
  const aliases = new Set<string>();
  const below = new Map<string, string[]>(folders.map((folder) => [folder, []]));
  const collected: CollectedFiles = { table, links: links.texts, heads: heads.list, aliases, below };
  let entries = 0;

  const put = (path: string, kind: Kind, info: number, layer: number): void => {
    if (kind === 'link' && table.get(path)?.kind === 'implied') addAlias(aliases, path);
    table.put(path, kind, layer, info);
    implyParents(table, path, aliases);
    if (kind === 'folder') return;
    for (const [folder, found] of below) {
      if (path !== folder && isAtOrBelow(path, folder) && found.length <= MOST_BELOW) found.push(path);
    }
  };
  const addEntry = (entry: TarEntry, layer: number): Promise<void> | undefined => {
    entries++;
    if (entries > mostPaths || table.count > mostPaths) {
      throw new CannotLook(`the image has more than ${mostPaths / 1_000_000} million files`);
    }
    if (entry.name.length > MOST_PATH_CHARACTERS) return undefined;
    // An absolute or climbing name stays inside of the image, as where Docker unpacks it.
    const path = resolvePath('/', entry.name);
    if (path === '/' || addWhiteout(table, path, layer)) return undefined;
    switch (entry.type) {
      case '0':
      case '7':
      case 'S':
        if ((entry.mode & 0o111) === 0) {
          put(path, 'file', 0, layer);
          return undefined;
        }
        return headOf(entry).then((head) => put(path, 'executable', heads.numberOf(head), layer));
      case '1': {
        const target = table.get(resolvePath('/', entry.link));
        const isFile = target?.layer === layer && (target.kind === 'file' || target.kind === 'executable');
        if (isFile) put(path, target.kind, target.info, layer);
        else put(path, (entry.mode & 0o111) === 0 ? 'file' : 'executable', 0, layer);
        return undefined;
      }
      case '2':
        put(path, 'link', links.numberOf(entry.link.slice(0, MOST_PATH_CHARACTERS)), layer);
        return undefined;
      case '5':
        put(path, 'folder', 0, layer);
        return undefined;
      default:
        put(path, 'other', 0, layer);
        return undefined;
    }
  };
  return { collected, addLayer: (layer, source) => readTar(source, (entry) => addEntry(entry, layer)) };
}

/** Whiteouts stand for what a layer removes (OCI image spec 1.1, layer.md, "Whiteouts"). Gives false for other paths. */
function addWhiteout(table: PathTable, path: string, layer: number): boolean {
  const start = path.lastIndexOf('/') + 1;
  const name = path.slice(start);
  if (!name.startsWith('.wh.')) return false;
  const folder = path.slice(0, Math.max(1, start - 1));
  const removed = name.slice('.wh.'.length);
  if (name === '.wh..wh..opq') table.empty(folder, layer);
  else if (!name.startsWith('.wh..wh.') && !['', '.', '..'].includes(removed)) {
    table.remove(resolvePath(folder, removed), layer);
  }
  return true;
}

function implyParents(table: PathTable, path: string, aliases: Set<string>): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const parent = path.slice(0, end);
    const before = table.imply(parent);
    if (before === 'link') addAlias(aliases, parent);
    if (before !== 'none') return;
  }
}

function addAlias(aliases: Set<string>, path: string): void {
  if (aliases.size < MOST_ALIASES) aliases.add(path);
}

async function headOf({ content, size, isSparse }: TarEntry): Promise<FileHead | undefined> {
  if (isSparse) return undefined;
  const bytes = await content.read(HEAD_BYTES);
  // A file that was cut off is told by the reader of the archive.
  return bytes.length < Math.min(size, HEAD_BYTES) ? undefined : readHead(bytes);
}

interface NumberedTexts {
  readonly texts: readonly string[];
  readonly numberOf: (text: string) => number;
}

function numbered(mostCharacters: number): NumberedTexts {
  const texts: string[] = [];
  let characters = 0;
  const numberOf = (text: string): number => {
    characters += text.length;
    if (characters > mostCharacters) throw new CannotLook('the image has too many symbolic links');
    return texts.push(text) - 1;
  };
  return { texts, numberOf };
}

interface Heads {
  readonly list: readonly (FileHead | undefined)[];
  /** Gives one number to equal heads, and 0 where there is none or no more room. */
  readonly numberOf: (head: FileHead | undefined) => number;
}

function openHeads(): Heads {
  const list: (FileHead | undefined)[] = [undefined];
  const numbers = new Map<string, number>();
  const numberOf = (head: FileHead | undefined): number => {
    if (head === undefined) return 0;
    const key = JSON.stringify(head);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (list.length > MOST_HEADS) return 0;
    const number = list.push(head) - 1;
    numbers.set(key, number);
    return number;
  };
  return { list, numberOf };
}
