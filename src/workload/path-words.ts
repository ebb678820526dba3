import { resolvePath } from '../text/posix-path.js';
import { namesOutputs } from './folders.js';
import { withGaps } from './gaps.js';
import type { PathUse, Word } from './workload.js';

/**
 * Gives the absolute path that a word names. Undefined for standard input and output, devices, addresses, numbers, and what
 * stands on a folder or a variable that is not known. Unknown parts after a known folder become `*`.
 */
export function pathOf(given: string, cwd: string | undefined): string | undefined {
  const text = withGaps(given);
  if (text === '' || text === '-' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return undefined;
  if (!text.startsWith('/') && (cwd === undefined || /^-?\d+(?:\.\d+)?%?$/.test(text))) return undefined;
  // Without a known first folder nothing can be said of the place.
  if (/^(?:\/?[^/]*…)/.test(text) && (text.startsWith('/') || cwd === undefined || text.startsWith('…')))
    return undefined;
  const path = resolvePath(cwd ?? '/', text.replaceAll('…', '*'));
  return path === '/dev' || path.startsWith('/dev/') || path.startsWith('/proc/') ? undefined : path;
}

/** Makes a use of a path; undefined when the path is not known. `outputs` in a folder that is not known is guessed to be /outputs. */
export function pathUse(
  given: { readonly word: Word; readonly path?: string },
  by: string,
  cwd: string | undefined,
  guess = false,
): PathUse | undefined {
  const text = given.path ?? given.word.text;
  const guessed = cwd === undefined && namesOutputs(text);
  const path = pathOf(text, guessed ? '/' : cwd);
  if (path === undefined) return undefined;
  return { path, word: given.word, origin: given.word.origin, by, guess: guess || guessed };
}

/** Characters of which paths are made, where they stand inside other text. */
const PATH = /(?:^|[\s'"`=(,:[{])(\/(?:[\w.@%+*?~-]+\/?)+)/g;

/**
 * Absolute paths inside a text of an unknown language: after a blank, a quote, a bracket or `=`. `//` starts none, so
 * that neither `http://…` nor a comment is taken for a path.
 */
export function pathsInText(text: string): string[] {
  const paths: string[] = [];
  for (const match of text.matchAll(PATH)) if (match[1] !== undefined) paths.push(match[1]);
  return paths;
}
