import { resolvePath } from '../../text/posix-path.js';
import type { FileHead, FilesBelow, FoundFile, ImageFiles } from '../facts.js';
import { MOST_BELOW, type CollectedFiles } from './collect.js';
import type { PathRecord } from './path-table.js';

/** As many links are followed as Linux does (`MAXSYMLINKS`). */
const MOST_LINKS = 40;

/**
 * Answers what lies at a path of an image, from what its layers hold. Links are followed inside of the image only:
 * `..` above its root stays at the root.
 *
 * @param isComplete false when lower layers were not read; what is not found may then be there
 */
export function imageFiles(
  collected: CollectedFiles,
  about: Pick<ImageFiles, 'source' | 'platform'>,
  isComplete: boolean,
): ImageFiles {
  return {
    ...about,
    stat: (path) => stat(collected, resolvePath('/', path), isComplete),
    below: (folder) => (isComplete ? filesBelow(collected, resolvePath('/', folder)) : undefined),
  };
}

function stat(collected: CollectedFiles, path: string, isComplete: boolean): FoundFile {
  let current = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const step = walk(collected, current) ?? throughAlias(collected, current);
    if (step === undefined) return { kind: isComplete ? 'absent' : 'unknown' };
    if ('file' in step) return step.file;
    current = step.next;
  }
  return { kind: 'absent' };
}

/** What a walk comes to: a file, or a link on the way and the path that it makes of the rest. */
type Step = { readonly file: FoundFile } | { readonly next: string };

/** Walks down a path from the root; undefined when it leads nowhere. */
function walk(collected: CollectedFiles, path: string): Step | undefined {
  if (path === '/') return { file: { kind: 'folder', path } };
  const direct = collected.table.get(path);
  /** Layers below this one have nothing here: a layer above removed or replaced a folder on the way. */
  let lowest = 0;
  for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
    const isLast = end < 0;
    const here = isLast ? path : path.slice(0, end);
    const record = isLast ? direct : collected.table.get(here);
    if (record === undefined) return undefined;
    lowest = Math.max(lowest, record.removedIn);
    const isThere = record.kind !== 'none' && (record.kind === 'implied' || record.layer >= lowest);
    if (!isThere) return undefined;
    if (record.kind === 'link') {
      // What a layer put below a link of its own or of a lower layer is found at the path that it named.
      if (!isLast && isFileOf(direct) && direct.layer >= Math.max(lowest, record.layer, direct.removedIn)) {
        return { file: fileOf(collected, path, direct) };
      }
      const folder = here.slice(0, Math.max(1, here.lastIndexOf('/')));
      const target = resolvePath(folder, collected.links[record.info] ?? '');
      return { next: isLast ? target : resolvePath(target, path.slice(end + 1)) };
    }
    if (isLast) return { file: fileOf(collected, path, record) };
    if (record.kind !== 'folder' && record.kind !== 'implied') return undefined;
    lowest = Math.max(lowest, record.emptiedIn);
  }
}

function isFileOf(record: PathRecord | undefined): record is PathRecord {
  return record?.kind === 'file' || record?.kind === 'executable';
}

function fileOf({ heads }: CollectedFiles, path: string, { kind, info }: PathRecord): FoundFile {
  switch (kind) {
    case 'folder':
    case 'implied':
      return { kind: 'folder', path };
    case 'file':
      return { kind: 'file', path, executable: false };
    case 'executable': {
      const head: FileHead | undefined = heads[info];
      return { kind: 'file', path, executable: true, ...(head === undefined ? {} : { head }) };
    }
    default:
      return { kind: 'other', path };
  }
}

/** Finds what a layer put below a link, under the path of the folder that the link leads to. */
function throughAlias(collected: CollectedFiles, path: string): Step | undefined {
  for (const alias of collected.aliases) {
    const link = collected.table.get(alias);
    if (link?.kind !== 'link') continue;
    const folder = resolvePath(alias.slice(0, Math.max(1, alias.lastIndexOf('/'))), collected.links[link.info] ?? '');
    if (!path.startsWith(`${folder}/`)) continue;
    const step = walk(collected, alias + path.slice(folder.length));
    if (step !== undefined && 'file' in step) return step;
  }
  return undefined;
}

function filesBelow(collected: CollectedFiles, folder: string): FilesBelow | undefined {
  const paths = collected.below.get(folder);
  if (paths === undefined) return undefined;
  const visible = [...new Set(paths)].filter((path) => isLeaf(walk(collected, path)));
  return { count: Math.min(visible.length, MOST_BELOW), isMore: paths.length > MOST_BELOW, paths: visible };
}

/** A path may be a file in one layer and a folder in a higher one. */
function isLeaf(step: Step | undefined): boolean {
  return step !== undefined && !('file' in step && step.file.kind === 'folder');
}
