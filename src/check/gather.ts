import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { looksLikeDockerfile } from '../dockerfile/recognise.js';
import { looksLikeJobSpec } from '../job/recognise.js';
import { sourceText } from '../text/source.js';
import { decode, MAX_FILE_BYTES, readBounded, readHead, reasonOf } from '../text/read-file.js';
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
  /** Says whether a file is wanted, by its path; the others are passed over unread. */
  readonly isWanted?: (path: string) => Promise<boolean>;
}

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
      const found = await fromFolder(path, options.isWanted);
      for (const input of found.inputs) inputs.push(input);
      for (const problem of found.problems) problems.push(problem);
      seen += found.seen;
      taken += found.inputs.length;
      continue;
    }
    if (path !== '-' && (await options.isWanted?.(path)) === false) continue;
    const result =
      path === '-' ? fromBytes(path, await options.readStdin(), options.as) : await fromFile(path, options.as);
    if ('message' in result) problems.push(result);
    else inputs.push(result);
  }
  return { inputs, problems, seen, taken };
}

/** Whether a folder is there, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
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
    return { path, message: `cannot read ${path}: ${await reasonOf(error, path)}` };
  }
}

function fromBytes(path: string, bytes: Buffer, as: GatherOptions['as']): SubjectInput | UsageProblem {
  if (bytes.length > MAX_FILE_BYTES) {
    return { path, message: `${path} is larger than 1 MB, which no job spec or Dockerfile is; it was not read` };
  }
  const { text, isUtf16 } = decode(bytes);
  const kind = as ?? recognise(path, text);
  if (kind === undefined) {
    return { path, message: `${path} ${whatItIs(text)} (say which with --as job or --as dockerfile)` };
  }
  if (isUtf16 && kind === 'dockerfile') {
    return { path, message: `${path} is UTF-16, which Docker does not read; save it as UTF-8` };
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

async function fromFolder(root: string, isWanted: GatherOptions['isWanted']): Promise<Gathered> {
  const inputs: SubjectInput[] = [];
  const { searchFolder } = await import('./search-folder.js');
  const { files, unread } = await searchFolder(root);
  const problems = unread.map(({ path, reason }) => ({ path, message: `cannot read ${path}: ${reason}` }));
  for (const path of files) {
    if ((await isWanted?.(path)) === false) continue;
    const found = await candidate(path);
    if (found === undefined) continue;
    if ('message' in found) problems.push(found);
    else inputs.push(found);
  }
  return { inputs, problems, seen: files.length, taken: inputs.length };
}

/** Files that may hold a job spec; every other file of a folder is passed over unread. */
const SPEC_NAME = /\.(ya?ml|json)$/i;

/**
 * Takes a found file only when it is surely a job spec or a Dockerfile; nobody named it, so nothing is said of others.
 * One that cannot be opened may be either, and one that begins like a job spec and is too large is one: that is said.
 */
async function candidate(path: string): Promise<SubjectInput | UsageProblem | undefined> {
  const name = basename(path);
  if (!SPEC_NAME.test(name) && !looksLikeDockerfile(name, '')) return undefined;
  try {
    const found = await lstat(path);
    // it may have been replaced since the folder was listed
    if (!found.isFile()) return undefined;
    if (found.size > MAX_FILE_BYTES) return await tooLarge(path);
    const result = fromBytes(path, await readBounded(path), undefined);
    return 'message' in result ? undefined : result;
  } catch (error) {
    const { isLostName, NO_UTF8 } = await import('./search-folder.js');
    const reason = isLostName(path) ? NO_UTF8 : await reasonOf(error, path);
    return reason.startsWith('permission') || reason === NO_UTF8
      ? { path, message: `cannot read ${path}: ${reason}` }
      : undefined;
  }
}

/** Bytes of a large file that tell what it is meant as. */
const HEAD_BYTES = 64 * 1024;

async function tooLarge(path: string): Promise<UsageProblem | undefined> {
  const kind = recognise(path, decode(await readHead(path, HEAD_BYTES)).text);
  if (kind === undefined) return undefined;
  const what = kind === 'job' ? 'a job spec' : 'a Dockerfile';
  return { path, message: `${path} begins like ${what} and is larger than 1 MB; it was not read` };
}
