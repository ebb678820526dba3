import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type ParsedNode } from 'yaml';
import { nearest } from '../text/nearest.js';
import type { Position } from '../text/source.js';
import type { Said } from './config.js';

/** A configuration text while it is read. */
export interface Reading {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly problems: Said<string>[];
  /** How many aliases were followed. */
  aliases: number;
}

/** Nobody writes more, and each may stand for a large part of the text. */
const MOST_ALIASES = 100;

/** Where a node begins, in lines and columns. */
export function placeOf(node: ParsedNode, { lines }: Reading): Position {
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}

export function fail(node: ParsedNode, message: string, reading: Reading): void {
  reading.problems.push({ value: message, at: placeOf(node, reading) });
}

/** What a node is, or what its alias stands for; undefined, and a problem, for an alias of nothing. */
export function followed(node: ParsedNode, reading: Reading): ParsedNode | undefined {
  if (!isAlias(node)) return node;
  if (++reading.aliases > MOST_ALIASES) {
    if (reading.aliases === MOST_ALIASES + 1) fail(node, `more than ${String(MOST_ALIASES)} aliases`, reading);
    return undefined;
  }
  const meant = nodeWithAnchor(reading.document.contents, node.source, node.range[0]);
  if (meant === undefined) fail(node, `there is no anchor &${node.source} above`, reading);
  return meant;
}

/** The last node before an offset that has an anchor: a later one of the same name takes its place. */
function nodeWithAnchor(root: ParsedNode | null, anchor: string, before: number): ParsedNode | undefined {
  let found: ParsedNode | undefined;
  const pending: (ParsedNode | null)[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === null || isAlias(node) || node.range[0] >= before) continue;
    if (node.anchor === anchor && node.range[0] >= (found?.range[0] ?? 0)) found = node;
    if (isMap<ParsedNode, ParsedNode | null>(node)) {
      for (const { key, value } of node.items) pending.push(key, value);
    } else if (isSeq<ParsedNode>(node)) for (const item of node.items) pending.push(item);
  }
  return found;
}

interface Entry {
  readonly key: string;
  readonly keyNode: ParsedNode;
  readonly value: ParsedNode;
}

/** The entries of a mapping whose keys are the user's. Null, which an empty `key:` means, is an empty mapping. */
export function entries(written: ParsedNode, name: string, reading: Reading): Entry[] {
  const node = followed(written, reading);
  if (node === undefined || (isScalar(node) && node.value === null)) return [];
  if (!isMap<ParsedNode, ParsedNode | null>(node)) {
    fail(written, `${name} is a mapping`, reading);
    return [];
  }
  const merged: Entry[] = [];
  const own = node.items.flatMap(({ key, value }): Entry[] => {
    if (isMergeKey(key) && value !== null) {
      for (const entry of mergedEntries(value, name, reading)) merged.push(entry);
      return [];
    }
    const text = isScalar(key) ? key.source : undefined;
    if (text === undefined || value === null) {
      fail(key, `${name}: a key and a value belong here`, reading);
      return [];
    }
    return [{ key: text, keyNode: key, value }];
  });
  // Of two merged mappings the first counts, and what is written here counts more than both.
  const known = new Set(own.map(({ key }) => key));
  const taken = merged.filter(({ key }) => !known.has(key) && known.add(key));
  return [...taken, ...own];
}

/** `<<`, which YAML 1.1 defines and editors and most readers know. */
function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

function mergedEntries(value: ParsedNode, name: string, reading: Reading): Entry[] {
  const node = followed(value, reading);
  if (node === undefined) return [];
  return isSeq<ParsedNode>(node)
    ? node.items.flatMap((item) => entries(item, name, reading))
    : entries(node, name, reading);
}

/** The values of a mapping with known keys; every other key is a problem. */
export function fields<K extends string>(
  node: ParsedNode,
  keys: readonly K[],
  name: string,
  reading: Reading,
): Partial<Record<K, ParsedNode>> {
  const found: Partial<Record<K, ParsedNode>> = {};
  for (const { key, keyNode, value } of entries(node, name, reading)) {
    const known = keys.find((candidate) => candidate === key);
    if (known !== undefined) found[known] = value;
    else {
      const meant = nearest(key, keys);
      const hint = meant === undefined ? `known are ${keys.join(', ')}` : `did you mean ${meant}?`;
      fail(keyNode, `unknown key ${key} in ${name}; ${hint}`, reading);
    }
  }
  return found;
}

/** A text that is not empty. */
export function text(written: ParsedNode, name: string, reading: Reading): Said<string> | undefined {
  const node = followed(written, reading);
  if (node === undefined) return undefined;
  const value = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
  if (value !== '') return { value, at: placeOf(written, reading) };
  fail(written, `${name} is a text`, reading);
  return undefined;
}

/** As `text`; a number is taken as it is written, so that the release `1.10` stays what it is. */
export function textOrNumber(written: ParsedNode, name: string, reading: Reading): Said<string> | undefined {
  const node = followed(written, reading);
  if (node === undefined) return undefined;
  return isScalar(node) && typeof node.value === 'number'
    ? { value: node.source, at: placeOf(written, reading) }
    : text(node, name, reading);
}

/** One of some words. */
export function oneOf<T extends string>(
  written: ParsedNode,
  words: readonly T[],
  name: string,
  reading: Reading,
): Said<T> | undefined {
  const node = followed(written, reading);
  if (node === undefined) return undefined;
  const said = isScalar(node) ? node.source : '';
  const value = words.find((word) => word === said);
  if (value !== undefined) return { value, at: placeOf(written, reading) };
  const meant = nearest(said, words);
  fail(written, `${name} is ${words.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`, reading);
  return undefined;
}

export function yesOrNo(written: ParsedNode, name: string, reading: Reading): boolean | undefined {
  const node = followed(written, reading);
  if (node === undefined) return undefined;
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  fail(written, `${name} is true or false`, reading);
  return undefined;
}

/** A list of texts; a text alone is a list of one. */
export function texts(written: ParsedNode, name: string, reading: Reading): Said<string>[] {
  const node = followed(written, reading);
  if (node === undefined) return [];
  if (!isSeq<ParsedNode>(node)) {
    if (isScalar(node) && typeof node.value === 'string') return [text(node, name, reading) ?? []].flat();
    fail(written, `${name} is a list of texts`, reading);
    return [];
  }
  return node.items.flatMap((item) => text(item, `an item of ${name}`, reading) ?? []);
}

/** The items of a list. */
export function items(written: ParsedNode, name: string, reading: Reading): readonly ParsedNode[] {
  const node = followed(written, reading);
  if (node === undefined) return [];
  if (isSeq<ParsedNode>(node)) return node.items;
  fail(written, `${name} is a list`, reading);
  return [];
}
