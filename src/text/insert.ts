import type { Edit } from './edit.js';
import type { SourceText, Span } from './source.js';

/** A value to write into a document. */
export type Plain = string | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * Gives the edit that adds an entry behind the last one of a mapping, with the file's own indentation, quotes and line
 * ends: in lines or in braces, YAML or JSON.
 *
 * @param map where the mapping stands, from its first key or its brace on
 * @returns undefined where it cannot be said how
 */
export function addEntry(source: SourceText, map: Span, key: string, value: Plain): Edit | undefined {
  if (source.text[map.start] === '{') {
    const quoted = /^\{\s*"/.test(source.text.slice(map.start, map.end)) || isJson(source);
    return addInBrackets(source, map, flowEntry(key, value, quoted));
  }
  const indent = columnOf(source, map.start);
  if (indent === undefined || !/^[^\s#]/.test(source.text.slice(map.start))) return undefined;
  const lines = blockEntry(key, value).map((line) => indent + line);
  return addLines(source, map, lines);
}

/**
 * Gives the edit that adds a mapping behind another item of a list.
 *
 * @param item where that item stands
 */
export function addItem(source: SourceText, item: Span, value: Readonly<Record<string, Plain>>): Edit | undefined {
  const { path, text } = source;
  if (text[item.start] === '{') {
    const quoted = /^\{\s*"/.test(text.slice(item.start, item.end)) || isJson(source);
    const dash = /(?:^|[\r\n])([ \t]*-[ \t]+)$/.exec(text.slice(0, item.start))?.[1];
    if (dash !== undefined) return addLines(source, item, [dash + flow(value, quoted)]);
    return text[item.end - 1] === '}'
      ? { path, start: item.end, end: item.end, text: `, ${flow(value, quoted)}` }
      : undefined;
  }
  const lead = /(?:^|[\r\n])([ ]*)-([ ]+)$/.exec(text.slice(0, item.start));
  if (lead === null) return undefined;
  const [, before = '', after = ' '] = lead;
  const entries = Object.entries(value).flatMap(([key, part]) => blockEntry(key, part));
  const lines = entries.map((line, index) => before + (index === 0 ? '-' : ' ') + after + line);
  return addLines(source, item, lines);
}

/** Behind the line on which a value in lines ends. */
function addLines(source: SourceText, { start, end }: Span, lines: readonly string[]): Edit | undefined {
  const { path, text } = source;
  const last = start + text.slice(start, end).trimEnd().length;
  const rest = /^[^\r\n]*/.exec(text.slice(last))?.[0] ?? '';
  // Only a comment or the quote of the value may stand behind it.
  if (!/^["'\]}]*[ \t]*(?:#.*)?$/.test(rest)) return undefined;
  const at = last + rest.length;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { path, start: at, end: at, text: lines.map((line) => eol + line).join('') };
}

/** Behind the last value of what stands in brackets. */
function addInBrackets(source: SourceText, { start, end }: Span, entry: string): Edit | undefined {
  const { path, text } = source;
  const inner = text.slice(start + 1, end - 1);
  if (text[end - 1] !== '}' || /(?:^|\s)#/.test(inner)) return undefined;
  const at = start + 1 + inner.trimEnd().length;
  if (inner.trim() === '') return { path, start: start + 1, end: end - 1, text: entry };
  const lead = /^\s*/.exec(inner)?.[0] ?? '';
  const between = /[\r\n]/.test(lead) ? lead : /[\s]/.test(inner) ? ' ' : '';
  const comma = inner.trimEnd().endsWith(',') ? '' : ',';
  return { path, start: at, end: at, text: comma + between + entry };
}

/** What stands in front of a place on its line, as blanks; undefined when that cannot be copied. */
function columnOf({ text }: SourceText, offset: number): string | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const before = text.slice(lineStart, offset).replace(/^\ufeff/, '');
  return /^[ -]*$/.test(before) ? ' '.repeat(before.length) : undefined;
}

function isJson({ text }: SourceText): boolean {
  return /^\ufeff?\s*\{\s*"/.test(text);
}

function blockEntry(key: string, value: Plain): string[] {
  if (typeof value === 'string') return [`${key}: ${scalar(value)}`];
  if (isList(value)) {
    return [`${key}:`, ...value.map((item) => `  - ${typeof item === 'string' ? scalar(item) : flow(item, false)}`)];
  }
  return [
    `${key}:`,
    ...Object.entries(value).flatMap(([name, part]) => blockEntry(name, part).map((line) => `  ${line}`)),
  ];
}

function flowEntry(key: string, value: Plain, quoted: boolean): string {
  return `${quoted ? JSON.stringify(key) : key}: ${flow(value, quoted)}`;
}

function flow(value: Plain, quoted: boolean): string {
  if (typeof value === 'string') return quoted ? JSON.stringify(value) : scalar(value);
  if (isList(value)) return `[${value.map((item) => flow(item, quoted)).join(', ')}]`;
  const entries = Object.entries(value).map(([key, part]) => flowEntry(key, part, quoted));
  return quoted ? `{${entries.join(', ')}}` : `{ ${entries.join(', ')} }`;
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** Without quotes where every reader of YAML takes it for a text. */
function scalar(text: string): string {
  const plain = /^[A-Za-z/][\w./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
