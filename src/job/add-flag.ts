import type { Edit } from '../text/edit.js';
import type { SourceText } from '../text/source.js';

/** Gives the edit that adds a flag right behind `docker run`; undefined for lines that have no such words. */
export function addFlag({ path, text }: SourceText, flag: string): Edit | undefined {
  const match = /\bbacalhau\s+docker\s+run(?=\s)/.exec(text);
  if (match === null) return undefined;
  const at = match.index + match[0].length;
  return { path, start: at, end: at, text: ` ${flag}` };
}
