import { own } from '../text/own.js';
import type { Located } from '../text/source.js';
import type { Join, Move } from './job-spec.js';
import {
  DOCKER_PARAMS,
  INPUT_SOURCE,
  isNeeded,
  JOB,
  NETWORK,
  PUBLISHER,
  PUBLISHER_PARAMS,
  RESOURCES,
  SOURCE_PARAMS,
  TASK,
  TIMEOUTS,
  TYPED,
  WASM_PARAMS,
  type ObjectShape,
  type Shape,
} from './schema.js';
import { entryOf, isNull, valueOf, type DataNode, type MapEntry, type MapNode } from './tree.js';
import { JOB_TYPES } from './validate.js';
import { networkModes } from './validate-network.js';

/** What is known of a key that stands in a mapping that has no such key, and in one other it would be right. */
export interface Misplaced extends Move {
  /** Without what is moved here, Bacalhau never runs the job. */
  readonly isNeeded: boolean;
}

/** A mapping that a job has or could have. */
interface Home {
  readonly shape: ObjectShape;
  readonly map: MapNode;
  /** When it is not there yet: its own key, below `map`. */
  readonly below?: { readonly name: string; readonly key?: Located<string> };
  readonly where: string;
  /** Values that its Type may have. */
  readonly types?: readonly string[];
}

/**
 * Finds the keys that stand at the wrong level of a job and can mean one thing only: there is one mapping around or
 * below that takes such a key with such a value, and it has none. Those of a mapping that belong into the same other
 * one are one move. A job with several tasks is left alone, and what an alias or a merge brings is nobody's to move.
 */
export function misplacedKeys(root: MapNode, release: string): ReadonlyMap<Located<string>, Misplaced> {
  const found = new Map<Located<string>, Misplaced>();
  for (const { home, near } of neighbourhoods(root, release)) {
    if (home.below !== undefined) continue;
    for (const moved of movesOf(home, near)) {
      for (const { key } of moved.entries) found.set(key, moved);
    }
  }
  return found;
}

function movesOf(home: Home, near: readonly Home[]): Misplaced[] {
  const groups = new Map<Home, MapEntry[]>();
  for (const entry of home.map.entries) {
    if (fieldOf(home.shape, entry.key.value) !== undefined || !isWithin(entry, home.map)) continue;
    const target = homeOf(entry, near);
    if (target !== undefined) groups.set(target, [...(groups.get(target) ?? []), entry]);
  }
  return [...groups].flatMap(([{ map, shape, below, where }, entries]): Misplaced[] => {
    const names = entries.map(({ key }) => key.value.toLowerCase());
    if (new Set(names).size < names.length) return [];
    const needed = names.some((name) => isNeeded(shape, fieldOf(shape, name)?.name ?? ''));
    const move = { from: home.map, entries, to: map, where, isNeeded: needed };
    return [below === undefined ? move : { ...move, below }];
  });
}

/** The one mapping that an entry can belong into. */
function homeOf({ key, value }: MapEntry, near: readonly Home[]): Home | undefined {
  const takers = near.filter((home) => {
    const field = fieldOf(home.shape, key.value);
    if (field === undefined || !fits(value, field.shape)) return false;
    return field.name !== 'Type' || home.types === undefined || isOneOf(value, home.types);
  });
  const free = takers.filter(({ map, below }) => below !== undefined || entryOf(map, key.value) === undefined);
  const [only, ...others] = free;
  if (only === undefined || others.length > 0) return undefined;
  // Of several that take it, the name of a job, which makes it the same job as another, is too much to guess.
  return takers.length > 1 && only.shape === JOB && key.value.toLowerCase() === 'name' ? undefined : only;
}

function isOneOf(value: DataNode, types: readonly string[]): boolean {
  return value.kind === 'scalar' && types.includes(value.text.trim().toLowerCase());
}

function fieldOf({ fields }: ObjectShape, key: string): ObjectShape['fields'][number] | undefined {
  return fields.find(({ name }) => name.toLowerCase() === key.toLowerCase());
}

/** Whether a value is of the kind that a field holds; scalars without quotes pass for texts, which they can become. */
export function fits(value: DataNode, shape: Shape): boolean {
  if (isNull(value)) return false;
  switch (shape.kind) {
    case 'any':
      return true;
    case 'string':
      return value.kind === 'scalar';
    case 'int':
      return value.kind === 'scalar' && typeof value.value === 'number';
    case 'bool':
      return value.kind === 'scalar' && typeof value.value === 'boolean';
    case 'stringMap':
      return value.kind === 'map' && value.entries.every((entry) => entry.value.kind === 'scalar');
    case 'list':
      return value.kind === 'list' && value.items.every((item) => fits(item, shape.item));
    case 'object':
      return value.kind === 'map';
  }
}

/** What an alias or a merge brings stands elsewhere in the text. */
function isWithin({ key, value }: MapEntry, { span }: MapNode): boolean {
  return key.span.start >= span.start && value.span.start >= key.span.end && value.span.end <= span.end;
}

/** Each mapping of a job with those around and below it. */
function neighbourhoods(root: MapNode, release: string): { readonly home: Home; readonly near: readonly Home[] }[] {
  const job: Home = { shape: JOB, map: root, where: 'to the job, at the top beside Tasks', types: JOB_TYPES };
  const tasks = valueOf(root, 'Tasks');
  const [only, ...others] = tasks?.kind === 'list' ? tasks.items : [];
  if (only?.kind !== 'map' || others.length > 0 || !inside(only, root)) return [];
  const task: Home = { shape: TASK, map: only, where: 'to the task, beside Engine' };
  const part = (shape: ObjectShape, name: string, where: string, types?: readonly string[]): Home[] =>
    below(task, { shape, name, where, types });
  const engine = part(TYPED, 'Engine', 'into the Engine', ['docker', 'wasm']);
  const engineParams = engine.flatMap((home) => {
    const shape = { docker: DOCKER_PARAMS, wasm: WASM_PARAMS }[typeOf(home) ?? ''];
    return paramsBelow(home, shape, 'into the Params of the Engine');
  });
  const publisher =
    entryOf(only, 'Publisher') === undefined
      ? []
      : part(PUBLISHER, 'Publisher', 'into the Publisher', Object.keys(PUBLISHER_PARAMS));
  const publisherParams = publisher.flatMap((home) =>
    paramsBelow(home, own(PUBLISHER_PARAMS, typeOf(home) ?? ''), 'into the Params of the Publisher'),
  );
  const resources = part(RESOURCES, 'Resources', 'into Resources');
  const network = part(NETWORK, 'Network', 'into Network', networkModes(release));
  const timeouts = part(TIMEOUTS, 'Timeouts', 'into Timeouts');
  const belowTask = [...engine, ...engineParams, ...resources, ...network, ...timeouts];
  const around = (homes: readonly Home[], near: readonly Home[]): { home: Home; near: readonly Home[] }[] =>
    homes.map((home) => ({ home, near }));
  return [
    { home: job, near: [task, ...belowTask] },
    { home: task, near: [job, ...belowTask, ...publisher] },
    ...around(engine, [...engineParams, task, job]),
    ...around(engineParams, [...engine, task, job]),
    ...around(publisher, [...publisherParams, task]),
    ...around(publisherParams, [...publisher, task]),
    ...around([...resources, ...network, ...timeouts], [task]),
    ...inputNeighbourhoods(only),
  ];
}

function inputNeighbourhoods(task: MapNode): { home: Home; near: readonly Home[] }[] {
  const inputs = valueOf(task, 'InputSources');
  if (inputs?.kind !== 'list' || !inside(inputs, task)) return [];
  return inputs.items.flatMap((item) => {
    if (item.kind !== 'map' || !inside(item, inputs)) return [];
    const input: Home = { shape: INPUT_SOURCE, map: item, where: 'beside Source, in the same list item' };
    const types = Object.keys(SOURCE_PARAMS);
    const source = below(input, { shape: TYPED, name: 'Source', where: 'into Source', types });
    const params = source.flatMap((home) =>
      paramsBelow(home, own(SOURCE_PARAMS, typeOf(home) ?? ''), 'into the Params of the Source'),
    );
    return [
      { home: input, near: [...source, ...params] },
      ...source.map((home) => ({ home, near: [...params, input] })),
      ...params.map((home) => ({ home, near: [...source, input] })),
    ];
  });
}

interface Part {
  readonly shape: ObjectShape | undefined;
  readonly name: string;
  readonly where: string;
  readonly types?: readonly string[] | undefined;
}

/** A mapping below another one, there or not; none where something else stands in its place. */
function below({ map }: Home, { shape, name, where, types }: Part): Home[] {
  if (shape === undefined) return [];
  const more = types === undefined ? { where } : { where, types };
  const entry = entryOf(map, name);
  if (entry === undefined) return [{ shape, map, below: { name }, ...more }];
  if (isNull(entry.value)) return [{ shape, map, below: { name, key: entry.key }, ...more }];
  return entry.value.kind === 'map' && inside(entry.value, map) ? [{ shape, map: entry.value, ...more }] : [];
}

/** Params can only be made below what is there itself. */
function paramsBelow(home: Home, shape: ObjectShape | undefined, where: string): Home[] {
  return home.below === undefined ? below(home, { shape, name: 'Params', where }) : [];
}

function typeOf({ map, below: absent }: Home): string | undefined {
  const type = absent === undefined ? valueOf(map, 'Type') : undefined;
  return type?.kind === 'scalar' ? type.text.trim().toLowerCase() : undefined;
}

function inside({ span }: DataNode, outer: DataNode): boolean {
  return span.start >= outer.span.start && span.end <= outer.span.end;
}

/** Fields of an item that must all be there, and stand apart where a dash too many was written. */
const HALVES: readonly { readonly list: string; readonly one: string; readonly other: string }[] = [
  { list: 'InputSources', one: 'Source', other: 'Target' },
  { list: 'ResultPaths', one: 'Name', other: 'Path' },
];

/**
 * Finds list items of the first task that are halves of one: `- Target:` below the item with the Source. Only where
 * every half has its other half next to it, and there is one way to pair them.
 */
export function splitItems(root: MapNode): ReadonlyMap<MapNode, Join> {
  const found = new Map<MapNode, Join>();
  const tasks = valueOf(root, 'Tasks');
  const task = tasks?.kind === 'list' ? tasks.items[0] : undefined;
  if (task?.kind !== 'map') return found;
  for (const { list, one, other } of HALVES) {
    const items = valueOf(task, list);
    if (items?.kind !== 'list') continue;
    for (const run of runsOfHalves(items.items, one, other)) {
      for (let index = 0; index + 1 < run.length; index += 2) {
        const [first, second] = [run[index], run[index + 1]];
        if (first === undefined || second === undefined || !areHalves(first, second, one)) continue;
        found.set(first, { first, second });
        found.set(second, { first, second });
      }
    }
  }
  return found;
}

/** Halves that follow each other, where all of them can be paired. */
function runsOfHalves(items: readonly DataNode[], one: string, other: string): MapNode[][] {
  const runs: MapNode[][] = [[]];
  for (const item of items) {
    const isHalf = item.kind === 'map' && (entryOf(item, one) === undefined) !== (entryOf(item, other) === undefined);
    if (isHalf) runs.at(-1)?.push(item);
    else runs.push([]);
  }
  return runs.filter(
    (run) =>
      run.length % 2 === 0 &&
      run.every((item, index) => {
        const mate = run[index % 2 === 0 ? index + 1 : index - 1];
        return mate !== undefined && areHalves(item, mate, one);
      }),
  );
}

function areHalves(a: MapNode, b: MapNode, one: string): boolean {
  if ((entryOf(a, one) === undefined) === (entryOf(b, one) === undefined)) return false;
  return a.entries.every(({ key }) => entryOf(b, key.value) === undefined);
}
