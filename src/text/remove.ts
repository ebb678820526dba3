import type { Edit } from './edit.js';
import { lineAt, lineIndexAt, lineStart, wholeLines } from './lines.js';
import type { SourceText, Span } from './source.js';

/**
 * Gives the edit that takes a key with its value out of a mapping: its lines, or its part between commas.
 *
 * @param key where the key stands, without quotes
 * @returns undefined where it cannot be said what belongs to it
 */
export function removeEntry(source: SourceText, key: Span): Edit | undefined {
  const { text, path } = source;
  const keyLine = lineIndexAt(source, key.start);
  const before = text.slice(lineStart(source, keyLine), key.start);
  if (/^\ufeff?\s*\{/.test(text)) return removeFromJson(source, key);
  if (!/^ *["']?$/.test(before)) return undefined;
  const indent = before.replace(/["']$/, '').length;
  let last = keyLine;
  // What is indented further belongs to it, and a list may stand at the column of its key.
  for (let next = keyLine + 1; next < source.lineStarts.length; next++) {
    const line = lineAt(source, next);
    const column = line.length - line.trimStart().length;
    if (line.trim() === '' || (line.trim().startsWith('#') && column <= indent)) continue;
    if (column < indent || (column === indent && !/^\s*-(?:\s|$)/.test(line))) break;
    last = next;
  }
  return { path, ...wholeLines(source, keyLine, last), text: '' };
}

/** One entry of a JSON object, with the comma behind it, or the one before it when it is the last. */
function removeFromJson({ text, path }: SourceText, key: Span): Edit | undefined {
  const open = key.start - 1;
  if (text[open] !== '"') return undefined;
  let depth = 0;
  for (const match of text.slice(key.end + 1).matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    const at = key.end + 1 + match.index;
    const [token] = match;
    if (depth === 0 && token === ',') {
      const blank = /^\s*/.exec(text.slice(at + 1))?.[0].length ?? 0;
      return { path, start: open, end: at + 1 + blank, text: '' };
    }
    if (depth === 0 && (token === '}' || token === ']')) {
      const value = text.slice(0, at).trimEnd().length;
      const comma = text.slice(0, open).trimEnd();
      return { path, start: comma.endsWith(',') ? comma.length - 1 : open, end: value, text: '' };
    }
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
  }
  return undefined;
}
