import type { Edit } from './edit.js';
import type { Place, SourceText } from './source.js';

/**
 * Gives the edit that puts another value where one stands, inside its quotes if it has some.
 * For values without quotes or backslashes: names, numbers, image references, paths.
 */
export function replaceValue(source: SourceText, at: Place, text: string): Edit {
  const { start, end } = at.span;
  const quote = source.text[start];
  const quoted = end - start >= 2 && (quote === '"' || quote === "'") && source.text[end - 1] === quote;
  return quoted ? { path: source.path, start: start + 1, end: end - 1, text } : { path: source.path, start, end, text };
}
