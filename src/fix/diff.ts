import { createTwoFilesPatch } from 'diff';
import type { Mended } from './mend.js';

/**
 * Gives the unified diff of mended texts, as `patch -p1` and `git apply` take it; empty when nothing changed.
 *
 * @param names the files that are changed, by the path that was named, where these differ: a link is not what changes
 */
export function unifiedDiff(mended: readonly Mended[], names: ReadonlyMap<string, string> = new Map()): string {
  return [...new Set(mended)]
    .filter(({ before, after }) => before.source.text !== after.source.text)
    .map(({ before, after }) => {
      const path = (names.get(before.source.path) ?? before.source.path).replace(/^(?:\.?\/)+/, '');
      // A command line has no line end of its own; of a file that lacks one, that is worth telling.
      const end = before.kind === 'command' ? '\n' : '';
      const [old, now] = [before.source.text + end, after.source.text + end];
      const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, old, now, '', '', { context: 3 });
      return patch.replace(/^=+\n/, '').replace(/^((?:---|\+\+\+) .*?)\t*$/gm, '$1');
    })
    .join('');
}
