import { lstat, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { looksLikeDockerfile } from '../dockerfile/recognise.js';
import { looksLikeJobSpec } from '../job/recognise.js';
import { sourceText } from '../text/source.js';
import type { SubjectInput } from './subject.js';

/** Something named by the user that cannot be checked at all; ends in exit code 2. */
export interface UsageProblem {
  readonly path: string;
  readonly message: string;
}

export interface Gathered {
  readonly inputs: readonly SubjectInput[];
  readonly problems: readonly UsageProblem[];
  /** Files looked at and taken while searching folders; 0 and 0 when no folder was named. */
  readonly seen: number;
  readonly taken: number;
}

export interface GatherOptions {
  /** Kind of the named files, instead of recognising it. */
  readonly as?: 'job' | 'dockerfile';
  /** Gives the text of standard input, for the path `-`. */
  readonly readStdin: () => Promise<Buffer>;
}

/** No job spec or Dockerfile comes near this; what is larger is a mistake, and would cost seconds to parse. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * Turns the paths of a command line into subjects: files by content, folders by searching them, `-` for standard
 * input. One bad path never stops the others.
 */
export async function gather(paths: readonly string[], options: GatherOptions): Promise<Gathered> {
  const inputs: SubjectInput[] = [];
  const problems: UsageProblem[] = [];
  let seen = 0;
  let taken = 0;
  for (const path of paths) {
    if (path !== '-' && (await isFolder(path))) {
      const found = await searchFolder(path);
      inputs.push(...found.inputs);
      problems.push(...found.problems);
      seen += found.seen;
      taken += found.inputs.length;
      continue;
    }
    const result =
      path === '-' ? fromBytes(path, await options.readStdin(), options.as) : await fromFile(path, options.as);
    if ('message' in result) problems.push(result);
    else inputs.push(result);
  }
  return { inputs, problems, seen, taken };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function fromFile(path: string, as: GatherOptions['as']): Promise<SubjectInput | UsageProblem> {
  try {
    return fromBytes(path, await readBounded(path), as);
  } catch (error) {
    return { path, message: `cannot read ${path}: ${reasonOf(error)}` };
  }
}

/** Reads one byte more than is allowed, so that a file that grows, or a pipe, is bounded as well. */
async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size <= MAX_FILE_BYTES && size > 0) return await readFile(file);
    const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function fromBytes(path: string, bytes: Buffer, as: GatherOptions['as']): SubjectInput | UsageProblem {
  if (bytes.length > MAX_FILE_BYTES) {
    return { path, message: `${path} is larger than 4 MB, which no job spec or Dockerfile is; it was not read` };
  }
  if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    return { path, message: `${path} is UTF-16, which neither Bacalhau nor Docker reads; save it as UTF-8` };
  }
  const text = bytes.toString('utf8');
  const kind = as ?? recognise(path, text);
  if (kind === undefined) {
    return { path, message: `${path} ${whatItIs(text)} (say which with --as job or --as dockerfile)` };
  }
  return { kind, source: sourceText(path, text) };
}

function whatItIs(text: string): string {
  if (text.trim() === '') return 'is empty: neither a job spec nor a Dockerfile';
  if (text.includes('\0')) return 'is a binary file, neither a job spec nor a Dockerfile';
  return 'is neither a job spec nor a Dockerfile';
}

/** Dockerfile first: its sign is the file's name or first instruction, which no job spec has. */
function recognise(path: string, text: string): 'job' | 'dockerfile' | undefined {
  if (text.includes('\0')) return undefined;
  if (looksLikeDockerfile(path, text)) return 'dockerfile';
  return looksLikeJobSpec(text) ? 'job' : undefined;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Folders that hold other people's files, or no files of a job. */
const SKIPPED_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** Files that may hold a job spec; every other file of a folder is passed over unread. */
const SPEC_NAME = /\.(ya?ml|json)$/i;

type IgnoreRules = readonly { readonly folder: string; readonly ignores: (path: string) => boolean }[];

/** Searches a folder in order of names. `.gitignore` files are respected, links are not followed. */
async function searchFolder(root: string): Promise<Gathered> {
  const inputs: SubjectInput[] = [];
  const problems: UsageProblem[] = [];
  let seen = 0;
  const { default: ignore } = await import('ignore');
  const visit = async (folder: string, relative: string, inherited: IgnoreRules): Promise<void> => {
    const rules = [...inherited];
    try {
      const text = await readFile(join(folder, '.gitignore'), 'utf8');
      const matcher = ignore().add(text);
      rules.push({ folder: relative, ignores: (path) => matcher.ignores(path) });
    } catch {
      // most folders have none
    }
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      problems.push({ path: folder, message: `cannot read ${folder}: ${reasonOf(error)}` });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const inRoot = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const ignored = rules.some((rule) => rule.ignores(below(rule.folder, inRoot) + (entry.isDirectory() ? '/' : '')));
      if (ignored) continue;
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) await visit(path, inRoot, rules);
      } else if (entry.isFile()) {
        seen++;
        const input = await candidate(path);
        if (input !== undefined) inputs.push(input);
      }
    }
  };
  await visit(root, '', []);
  return { inputs, problems, seen, taken: inputs.length };
}

/** The part of a path below a folder; both are relative to the searched root. */
function below(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** Takes a found file only when it is surely a job spec or a Dockerfile; nobody named it, so nothing is said of others. */
async function candidate(path: string): Promise<SubjectInput | undefined> {
  const name = basename(path);
  if (!SPEC_NAME.test(name) && !looksLikeDockerfile(name, '')) return undefined;
  try {
    if ((await lstat(path)).size > MAX_FILE_BYTES) return undefined;
    const result = fromBytes(path, await readBounded(path), undefined);
    return 'message' in result ? undefined : result;
  } catch {
    return undefined;
  }
}
