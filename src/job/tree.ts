import type { Located, Place } from '../text/source.js';

/** A value of a YAML or JSON text as Go's YAML reader sees it, with its place. */
export type DataNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode extends Place {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The characters of a plain scalar, or the content of a quoted one. */
  readonly text: string;
  /** True for plain scalars, whose type is read from their characters. */
  readonly plain: boolean;
  /** Name of the template variable without a value that it depends on. */
  readonly unresolved?: string;
}

export interface ListNode extends Place {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
}

export interface MapNode extends Place {
  readonly kind: 'map';
  /** In the order of the text; of a key that stands twice, all are here and the last one counts. */
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: Located<string>;
  readonly value: DataNode;
}

/** The name that Bacalhau's messages use for the type of a value (`encoding/json`). */
export function typeName(node: DataNode): 'string' | 'number' | 'bool' | 'null' | 'array' | 'object' {
  if (node.kind === 'list') return 'array';
  if (node.kind === 'map') return 'object';
  if (node.value === null) return 'null';
  if (typeof node.value === 'boolean') return 'bool';
  return typeof node.value === 'number' ? 'number' : 'string';
}

/**
 * Gives the entry of a key, compared without case. Of the same key twice the last one counts; of spellings that
 * differ in case the one that sorts last, because Bacalhau turns YAML into JSON with sorted keys first.
 */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  let index = indexes.get(map);
  if (index === undefined) {
    index = indexOf(map);
    indexes.set(map, index);
  }
  return index.get(key.toLowerCase());
}

/** A hostile mapping has ten thousands of keys, and each may be compared with what else stands there. */
const indexes = new WeakMap<MapNode, ReadonlyMap<string, MapEntry>>();

/** The entries that count, by their keys in lower case. */
function indexOf({ entries }: MapNode): ReadonlyMap<string, MapEntry> {
  const index = new Map<string, MapEntry>();
  for (const entry of entries) {
    const name = entry.key.value.toLowerCase();
    const found = index.get(name);
    if (found === undefined || entry.key.value >= found.key.value) index.set(name, entry);
  }
  return index;
}

/** Gives the value of a key, compared without case; null counts as absent. */
export function valueOf(map: MapNode, key: string): DataNode | undefined {
  const value = entryOf(map, key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}

export function isNull(node: DataNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Gives plain data without places. */
export function plainData(node: DataNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainData);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.value, plainData(value)]));
}
