import { isMap, isScalar, isSeq, type LineCounter, type ParsedNode } from 'yaml';
import { nearest } from '../text/nearest.js';
import type { Position } from '../text/source.js';
import type { Said } from './config.js';

/** A configuration text while it is read. */
export interface Reading {
  readonly lines: LineCounter;
  readonly problems: Said<string>[];
}

/** Where a node begins, in lines and columns. */
export function placeOf(node: ParsedNode, { lines }: Reading): Position {
  const { line, col } = lines.linePos(node.range[0]);
  return { line, column: col };
}

export function fail(node: ParsedNode, message: string, reading: Reading): void {
  reading.problems.push({ value: message, at: placeOf(node, reading) });
}

/** The entries of a mapping whose keys are the user's. Null, which an empty `key:` means, is an empty mapping. */
export function entries(
  node: ParsedNode,
  name: string,
  reading: Reading,
): { readonly key: string; readonly keyNode: ParsedNode; readonly value: ParsedNode }[] {
  if (isScalar(node) && node.value === null) return [];
  if (!isMap<ParsedNode, ParsedNode | null>(node)) {
    fail(node, `${name} is a mapping`, reading);
    return [];
  }
  return node.items.flatMap(({ key, value }) => {
    const text = isScalar(key) ? key.source : undefined;
    if (text === undefined || value === null) {
      fail(key, `${name}: a key and a value belong here`, reading);
      return [];
    }
    return [{ key: text, keyNode: key, value }];
  });
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
export function text(node: ParsedNode, name: string, reading: Reading): Said<string> | undefined {
  const value = isScalar(node) && typeof node.value === 'string' ? node.value.trim() : '';
  if (value !== '') return { value, at: placeOf(node, reading) };
  fail(node, `${name} is a text`, reading);
  return undefined;
}

/** As `text`; a number is taken as it is written, so that the release `1.10` stays what it is. */
export function textOrNumber(node: ParsedNode, name: string, reading: Reading): Said<string> | undefined {
  return isScalar(node) && typeof node.value === 'number'
    ? { value: node.source, at: placeOf(node, reading) }
    : text(node, name, reading);
}

/** One of some words. */
export function oneOf<T extends string>(
  node: ParsedNode,
  words: readonly T[],
  name: string,
  reading: Reading,
): Said<T> | undefined {
  const said = isScalar(node) ? node.source : '';
  const value = words.find((word) => word === said);
  if (value !== undefined) return { value, at: placeOf(node, reading) };
  const meant = nearest(said, words);
  fail(node, `${name} is ${words.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`, reading);
  return undefined;
}

export function yesOrNo(node: ParsedNode, name: string, reading: Reading): boolean | undefined {
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  fail(node, `${name} is true or false`, reading);
  return undefined;
}

/** A list of texts; a text alone is a list of one. */
export function texts(node: ParsedNode, name: string, reading: Reading): Said<string>[] {
  if (!isSeq<ParsedNode>(node)) {
    if (isScalar(node) && typeof node.value === 'string') return [text(node, name, reading) ?? []].flat();
    fail(node, `${name} is a list of texts`, reading);
    return [];
  }
  return node.items.flatMap((item) => text(item, `an item of ${name}`, reading) ?? []);
}

/** The items of a list. */
export function items(node: ParsedNode, name: string, reading: Reading): readonly ParsedNode[] {
  if (isSeq<ParsedNode>(node)) return node.items;
  fail(node, `${name} is a list`, reading);
  return [];
}
