import type { Edit } from './edit.js';
import { lineAt, lineBreakOf, lineEnd, lineIndexAt, lineStart, wholeLines } from './lines.js';
import type { SourceText, Span } from './source.js';

/** A key with its value, both without quotes. */
export interface PlacedEntry {
  readonly key: Span;
  readonly value: Span;
}

/** A mapping, in lines or in braces. */
export interface PlacedMapping {
  readonly span: Span;
  /** In the order of the text; those that an alias or a merge brings stand elsewhere. */
  readonly entries: readonly PlacedEntry[];
}

export interface Moving {
  readonly from: PlacedMapping;
  /** Entries of `from`, in the order of the text. */
  readonly entries: readonly PlacedEntry[];
  readonly to: PlacedMapping;
  /** A key in `to`, and below it the entries go: a new one, or `key` where it stands there without a value. */
  readonly below?: { readonly name: string; readonly key?: Span | undefined } | undefined;
}

/**
 * Gives the edits that take entries of a mapping with their comments and all below them into another mapping, behind
 * its last entry and at its indentation. Quotes, order, comments and line ends stay as they are.
 *
 * @returns undefined where it cannot be said what belongs to them, or how they would stand there
 */
export function moveEntries(source: SourceText, moving: Moving): Edit[] | undefined {
  const { from, to, below } = moving;
  if (below?.key !== undefined && isInBraces(source, to)) return undefined;
  if (![from, to].every((mapping) => !isInBraces(source, mapping) || isWhole(source, mapping))) return undefined;
  const taken = isInBraces(source, from) ? takenFromBraces(source, moving) : takenFromLines(source, moving);
  if (taken === undefined) return undefined;
  const put = isInBraces(source, to) ? putIntoBraces(source, moving, taken) : putBehindLines(source, moving, taken);
  return put === undefined ? undefined : composed(source, taken.ranges, put);
}

/**
 * Gives the edits that make one list item of two that follow each other, by taking the second dash or brace away.
 *
 * @returns undefined where they do not stand alike
 */
export function joinItems(source: SourceText, first: PlacedMapping, second: PlacedMapping): Edit[] | undefined {
  const { text, path } = source;
  if (isInBraces(source, first)) {
    const [last, next] = [ownEntries(first).at(-1), ownEntries(second)[0]];
    if (last === undefined || next === undefined || !isInBraces(source, second)) return undefined;
    const [start, end] = [pairEnd(source, last), pairStart(source, next)];
    const between = /^\s*,?\s*\}(?:\s*,\s*|\s+-\s+)\{(\s*)$/.exec(text.slice(start, end));
    return between === null
      ? undefined
      : [{ path, start, end, text: `,${between[1] === '' ? ' ' : (between[1] ?? '')}` }];
  }
  const [one, other] = [columnOf(source, first.span.start), columnOf(source, second.span.start)];
  if (one?.dash === undefined || other?.dash === undefined || isInBraces(source, second)) return undefined;
  if (one.column !== other.column || one.dash !== other.dash || one.dashes > 1 || other.dashes > 1) return undefined;
  const start = lineStart(source, lineIndexAt(source, second.span.start)) + other.dash;
  return [{ path, start, end: start + 1, text: ' ' }];
}

/** What goes, and what is to stand elsewhere: as pairs in braces, or as lines. */
interface Taken {
  readonly ranges: readonly Span[];
  /** Undefined where only lines of their own will do. */
  readonly pairs: readonly string[] | undefined;
  /** The lines of each entry, without the indentation of its key; none where it does not fit into lines. */
  readonly lines: readonly (readonly string[])[];
}

/** What comes where. */
interface Put {
  readonly at: number;
  readonly text: string;
  /** Replaces up to here. */
  readonly end?: number;
}

/** An insertion that touches what is taken away is one edit with it. */
function composed({ path }: SourceText, ranges: readonly Span[], put: Put): Edit[] | undefined {
  const edits: Edit[] = [];
  const putEnd = put.end ?? put.at;
  let isPut = false;
  for (const { start, end } of ranges) {
    const touches = put.at <= end && putEnd >= start;
    if (touches && (isPut || put.end !== undefined)) return undefined;
    edits.push({ path, start, end, text: touches ? put.text : '' });
    isPut ||= touches;
  }
  if (!isPut) edits.push({ path, start: put.at, end: putEnd, text: put.text });
  return edits;
}

function isInBraces({ text }: SourceText, { span }: PlacedMapping): boolean {
  return text[span.start] === '{';
}

function ownEntries({ span, entries }: PlacedMapping): PlacedEntry[] {
  return entries.filter(({ key }) => key.start >= span.start && key.end <= span.end);
}

/** Whether each entry in braces has a value of its own there, and ends with it. */
function isWhole(source: SourceText, mapping: PlacedMapping): boolean {
  return ownEntries(mapping).every((entry) => {
    const { key, value } = entry;
    return value.start > key.end && value.end < mapping.span.end && pairEnd(source, entry) > value.start;
  });
}

/** Where a mapping or key begins on its line: only blanks, or a list's dashes, may stand before it. */
function columnOf(
  source: SourceText,
  offset: number,
): { readonly column: number; readonly dash?: number; readonly dashes: number } | undefined {
  const start = lineStart(source, lineIndexAt(source, offset));
  const before = source.text.slice(start, offset);
  const match = /^( *)((?:- +)*)["']?$/.exec(before);
  if (match === null) return undefined;
  const [, blanks = '', dashes = ''] = match;
  const column = blanks.length + dashes.length;
  const count = dashes.split('-').length - 1;
  return count === 0 ? { column, dashes: 0 } : { column, dash: blanks.length + dashes.lastIndexOf('-'), dashes: count };
}

/** Last line of an entry in lines, without comments behind it. */
function lastLineOf(source: SourceText, { key, value }: PlacedEntry): number {
  let end = key.end;
  if (value.start >= key.end) {
    end = value.end;
    while (end > key.end && /\s/.test(source.text[end - 1] ?? '')) end--;
  }
  return lineIndexAt(source, Math.max(key.end, end));
}

/** Trailing line breaks count where the text of a block says `+`, and nothing may be put behind or taken from those. */
const KEEPS_BREAKS = /[|>][1-9]?\+[1-9]?[ \t]*(?:#.*)?$/;
const BLOCK_TEXT = /[|>][-+1-9]*[ \t]*(?:#.*)?$/;

function isDelicate(source: SourceText, first: number, last: number): boolean {
  const isLast = lineEnd(source, last) === source.text.length;
  for (let index = first; index <= last; index++) {
    const line = lineAt(source, index);
    if (KEEPS_BREAKS.test(line) || (isLast && BLOCK_TEXT.test(line))) return true;
  }
  return false;
}

function takenFromLines(source: SourceText, { from, entries }: Moving): Taken | undefined {
  const own = ownEntries(from);
  const taken = new Set(entries);
  // A key without anything below it is no mapping any more.
  if (own.length === entries.length) return undefined;
  const blocks: Block[] = [];
  for (const entry of entries) {
    const block = blockOf(source, entry);
    if (block === undefined || block.first <= (blocks.at(-1)?.last ?? -1)) return undefined;
    blocks.push(block);
  }
  const [head] = blocks;
  const ranges: Span[] = [];
  let rest = blocks;
  if (head?.isBehindDash === true) {
    // It gives its place to the first entry that stays.
    const next = own.find((entry) => !taken.has(entry));
    if (next === undefined) return undefined;
    const until = lineIndexAt(source, next.key.start);
    const gone = blocks.filter(({ first }) => first < until);
    for (let index = head.first; index < until; index++) {
      const isTaken = gone.some(({ first, last }) => first <= index && index <= last);
      if (!isTaken && lineAt(source, index).trim() !== '') return undefined;
    }
    ranges.push({ start: pairStart(source, head.entry), end: pairStart(source, next) });
    rest = blocks.slice(gone.length);
  }
  for (const { first, last } of rest) {
    const range = wholeLines(source, first, last);
    const before = ranges.at(-1);
    // Neighbours go together.
    if (before?.end === range.start) ranges[ranges.length - 1] = { start: before.start, end: range.end };
    else ranges.push(range);
  }
  return { ranges, lines: blocks.map(({ lines }) => lines), pairs: pairsOf(blocks.map(({ lines }) => lines)) };
}

/** An entry in lines: the comments above it, and what is below it. */
interface Block {
  readonly entry: PlacedEntry;
  readonly isBehindDash: boolean;
  /** Indexes of lines. */
  readonly first: number;
  readonly last: number;
  /** Without the indentation of the key. */
  readonly lines: readonly string[];
}

function blockOf(source: SourceText, entry: PlacedEntry): Block | undefined {
  const place = columnOf(source, entry.key.start);
  if (place === undefined) return undefined;
  const { column } = place;
  const isBehindDash = place.dash !== undefined;
  const keyLine = lineIndexAt(source, entry.key.start);
  let last = lastLineOf(source, entry);
  if (isDelicate(source, keyLine, last)) return undefined;
  while (isCommentAt(source, last + 1, (at) => at > column)) last++;
  let first = keyLine;
  if (!isBehindDash) {
    while (isCommentAt(source, first - 1, (at) => at === column)) first--;
    // At the very top it may be about the whole file.
    if (first === 0) first = keyLine;
  }
  const lines = linesOf(source, first, last, column);
  return lines === undefined ? undefined : { entry, isBehindDash, first, last, lines };
}

function isCommentAt(source: SourceText, index: number, fits: (column: number) => boolean): boolean {
  if (index < 0 || index >= source.lineStarts.length) return false;
  const match = /^( *)#/.exec(lineAt(source, index));
  return match !== null && fits(match[1]?.length ?? 0);
}

/** Lines without the first `column` characters; undefined when one of them is not indented so far. */
function linesOf(source: SourceText, first: number, last: number, column: number): string[] | undefined {
  const lines: string[] = [];
  for (let index = first; index <= last; index++) {
    const line = lineAt(source, index);
    if (line.trim() === '') lines.push(line.slice(column));
    else if (/^ *(?:- *)*$/.test(line.slice(0, column))) lines.push(line.slice(column));
    else return undefined;
    if (/^\s*\t/.test(line)) return undefined;
  }
  return lines;
}

/** Entries of one line each, without comments, could stand in braces too. */
function pairsOf(lines: Taken['lines']): string[] | undefined {
  const pairs = lines.flatMap((text) => (text.length === 1 ? text : []));
  const simple = /^(?:"[^"\\]*"|'[^']*'|[\w.-]+): +(?:"[^"\\]*"|'[^']*'|[\w./][\w./:@-]*[\w./@-]|[\w/])\s*$/;
  return pairs.length === lines.length && pairs.every((pair) => simple.test(pair))
    ? pairs.map((pair) => pair.trim())
    : undefined;
}

function takenFromBraces(source: SourceText, { from, entries }: Moving): Taken | undefined {
  const { text } = source;
  const own = ownEntries(from);
  const taken = new Set(entries);
  const ranges: Span[] = [];
  for (let index = 0; index < own.length; index++) {
    const first = own[index];
    if (first === undefined || !taken.has(first)) continue;
    let last = first;
    const previous = own[index - 1];
    for (let next = own[index + 1]; next !== undefined && taken.has(next); next = own[++index + 1]) last = next;
    const following = own[index + 1];
    const start =
      following === undefined && previous !== undefined ? pairEnd(source, previous) : pairStart(source, first);
    const end = following === undefined ? pairEnd(source, last) : pairStart(source, following);
    const rest = text.slice(pairEnd(source, last), end) + text.slice(start, pairStart(source, first));
    if (!/^[\s,]*$/.test(rest)) return undefined;
    ranges.push({ start, end });
  }
  const pairs = entries.map((entry) => text.slice(pairStart(source, entry), pairEnd(source, entry)));
  const isOneLine = pairs.every((pair) => !/[\r\n]/.test(pair));
  const lines = isOneLine ? entries.map((entry) => [blockPair(source, entry)]) : [];
  return { ranges, pairs, lines };
}

function blockPair(source: SourceText, entry: PlacedEntry): string {
  const colon = source.text.indexOf(':', entry.key.end);
  const value = source.text.slice(colon + 1, pairEnd(source, entry)).trim();
  return `${source.text.slice(pairStart(source, entry), colon).trimEnd()}: ${value}`;
}

function pairStart({ text }: SourceText, { key }: PlacedEntry): number {
  return isQuote(text[key.start - 1]) && text[key.start - 1] === text[key.end] ? key.start - 1 : key.start;
}

function pairEnd({ text }: SourceText, { value }: PlacedEntry): number {
  return isQuote(text[value.start - 1]) && text[value.start - 1] === text[value.end] ? value.end + 1 : value.end;
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}

/** White space that begins the line of an offset. */
function indentAt(source: SourceText, offset: number): string {
  return /^[ \t]*/.exec(lineAt(source, lineIndexAt(source, offset)))?.[0] ?? '';
}

/** What goes over several lines keeps its steps; in braces no white space at the begin of a line means anything. */
function reindented(pair: string, from: string, to: string): string {
  return pair.replace(/(\r\n|[\r\n])([ \t]*)/g, (whole: string, eol: string, indent: string) =>
    indent.startsWith(from) ? eol + to + indent.slice(from.length) : whole,
  );
}

function putIntoBraces(source: SourceText, { from, to, below, entries }: Moving, taken: Taken): Put | undefined {
  const { pairs } = taken;
  if (pairs === undefined || pairs.length === 0) return undefined;
  const { text } = source;
  const last = ownEntries(to).at(-1);
  const isQuoted = /^\{\s*"/.test(text.slice(to.span.start, to.span.end)) || /^\ufeff?\s*\{\s*"/.test(text);
  const inner = pairs.join(', ');
  const put = below === undefined ? inner : `${isQuoted ? JSON.stringify(below.name) : below.name}: { ${inner} }`;
  if (last === undefined) {
    const inside = text.slice(to.span.start + 1, to.span.end - 1);
    return inside.trim() === '' ? { at: to.span.start + 1, end: to.span.end - 1, text: ` ${put} ` } : undefined;
  }
  const lead = /^\{(\s*)/.exec(text.slice(to.span.start, last.key.start))?.[1] ?? '';
  // Each on its line where the others stand so.
  const between = /[\r\n]/.test(lead) ? lead : ' ';
  const old = indentAt(source, entries[0]?.key.start ?? from.span.start);
  const indent = between === ' ' ? indentAt(source, to.span.start) : between.replace(/^.*[\r\n]/s, '');
  const added = below === undefined ? pairs.join(`,${between}`) : put;
  return { at: pairEnd(source, last), text: `,${between}${reindented(added, old, indent)}` };
}

function putBehindLines(source: SourceText, { to, below, entries }: Moving, { lines }: Taken): Put | undefined {
  const [first] = ownEntries(to);
  const last = ownEntries(to).at(-1);
  if (first === undefined || last === undefined || lines.length < entries.length) return undefined;
  const place = columnOf(source, first.key.start);
  if (place === undefined) return undefined;
  const eol = lineBreakOf(source);
  const indented = (depth: number): string[] =>
    lines.flatMap((text) => text.map((line) => (line === '' ? '' : ' '.repeat(depth) + line)));
  const asText = (all: readonly string[]): string => all.map((line) => eol + line).join('');
  if (below?.key !== undefined) {
    const index = lineIndexAt(source, below.key.start);
    const end = lineEnd(source, index);
    if (!/^["']?[ \t]*:[ \t]*(?:#.*)?$/.test(source.text.slice(below.key.end, end))) return undefined;
    return { at: end, text: asText(indented(place.column + 2)) };
  }
  const lastLine = lastLineOf(source, last);
  if (isDelicate(source, lineIndexAt(source, last.key.start), lastLine)) return undefined;
  const column = ' '.repeat(place.column);
  const put = below === undefined ? indented(place.column) : [`${column}${below.name}:`, ...indented(place.column + 2)];
  return { at: lineEnd(source, lastLine), text: asText(put) };
}
