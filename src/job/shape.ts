import { compareReleases } from '../target/release.js';
import { nearest } from '../text/nearest.js';
import { own } from '../text/own.js';
import { shortened } from '../text/shortened.js';
import type { Located, Place } from '../text/source.js';
import type { JobProblem } from './job-spec.js';
import { fits as fitsShape, type Misplaced } from './misplaced.js';
import { shown, unknown } from './problem.js';
import {
  DOCKER_PARAMS,
  INPUT_SOURCE,
  isNeeded,
  JOB,
  TASK,
  type Field,
  type ObjectShape,
  type Shape,
} from './schema.js';
import { entryOf, isNull, typeName, type DataNode, type MapEntry, type MapNode } from './tree.js';

/** Keys that people write in place of the real one, and what Bacalhau does without it. Lower case, by Go type. */
const ALIASES: Readonly<Record<string, Readonly<Record<string, readonly [key: string, effect: string]>>>> = {
  Task: {
    inputs: ['InputSources', 'no input is mounted'],
    inputsource: ['InputSources', 'no input is mounted'],
    outputs: ['ResultPaths', 'no result is kept'],
    results: ['ResultPaths', 'no result is kept'],
    resultspath: ['ResultPaths', 'no result is kept'],
    resultspaths: ['ResultPaths', 'no result is kept'],
    resourcesconfig: ['Resources', 'the defaults of 0.5 CPU and 512 MB apply'],
    environment: ['Env', 'the program gets none of these variables'],
    environmentvariables: ['Env', 'the program gets none of these variables'],
    networkconfig: ['Network', 'the default network applies'],
    timeout: ['Timeouts', 'no timeout applies'],
  },
  InputSource: { targetpath: ['Target', 'the input has no place'], path: ['Target', 'the input has no place'] },
  ResultPath: { target: ['Path', 'the result has no path'] },
  ResourcesConfig: {
    mem: ['Memory', 'the default of 512 MB applies'],
    cpus: ['CPU', 'the default of half a core applies'],
  },
};

/** What is checked against, and where problems go. */
export interface ShapeReading {
  /** Exact Bacalhau release. */
  readonly release: string;
  /** Keys that stand at the wrong level. */
  readonly misplaced: ReadonlyMap<Located<string>, Misplaced>;
  readonly report: (problem: JobProblem) => void;
}

/**
 * Checks a value against a shape as Bacalhau's client does (`UnmarshalJob`, since 1.4): scalars of the wrong type
 * are refused, null is as good as absent except in lists of objects, unknown keys below the top are dropped in silence.
 */
export function checkShape(node: DataNode, shape: Shape, path: string, reading: ShapeReading): void {
  const { report } = reading;
  if (isNull(node) || isUnresolved(node)) return;
  switch (shape.kind) {
    case 'any':
      return;
    case 'string':
    case 'int':
    case 'bool':
      if (!fits(node, shape.kind)) report(wrongType(node, path, shape.kind));
      return;
    case 'stringMap':
      if (node.kind !== 'map') report(wrongType(node, path, `map[string]${shape.goType}`));
      else {
        for (const { key, value } of node.entries) {
          if (!isNull(value) && !isUnresolved(value) && !fits(value, 'string'))
            report(wrongType(value, `${path}.${key.value}`, 'string'));
        }
      }
      return;
    case 'list':
      if (node.kind !== 'list') report(wrongType(node, path, shape.goType));
      else for (const item of node.items) checkItem(item, shape.item, path, reading);
      return;
    case 'object':
      if (node.kind !== 'map') report(wrongType(node, path, `models.${shape.goType}`));
      else checkObject(node, shape, path, reading);
  }
}

function checkItem(item: DataNode, shape: Shape, path: string, reading: ShapeReading): void {
  if (isNull(item) && shape.kind === 'object') {
    reading.report({
      kind: 'bad-value',
      at: item,
      message: `an item of ${path} is empty, and the client crashes on it instead of saying so; remove the item or fill it in`,
    });
    return;
  }
  checkShape(item, shape, path, reading);
}

function checkObject(map: MapNode, shape: ObjectShape, path: string, reading: ShapeReading): void {
  for (const { key, value } of map.entries) {
    const known = shape.fields.find(({ name }) => name.toLowerCase() === key.value.toLowerCase());
    if (known === undefined) {
      if (path !== '' && !unknown(key)) reading.report(ignoredKey({ key, value }, map, shape, path, reading.misplaced));
    } else if (isLater(known, reading.release)) reading.report(laterKey(key, known, path, reading.release));
    else checkShape(value, known.shape, path === '' ? known.name : `${path}.${known.name}`, reading);
  }
}

/** Whether a field came with a later release. */
export function isLater({ since }: Field, release: string): boolean {
  return since !== undefined && compareReleases(release, since) < 0;
}

/** A key that a newer Bacalhau knows, and this one drops without a word. */
export function laterKey(at: Place, { name, since = '' }: Field, path: string, release: string): JobProblem {
  const message = `Bacalhau ${release} knows no ${name} in ${path} and ignores it in silence; it came with ${since}`;
  return { kind: 'ignored-key', at, message };
}

/**
 * A key that Bacalhau drops without a word. What would be right in its place is said where it is one thing: a key that
 * the mapping has not, for which the value will do, or a move. Either changes what the job does, unless without it
 * there is no job.
 *
 * @param path where the mapping stands, for the message
 */
export function ignoredKey(
  { key, value }: MapEntry,
  map: MapNode,
  shape: ObjectShape,
  path: string,
  misplaced: ReadonlyMap<Located<string>, Misplaced>,
): JobProblem {
  const name = shortened(key.value);
  const alias = own(ALIASES[shape.goType] ?? {}, key.value.toLowerCase());
  const names = shape.fields.map((field) => field.name);
  const meant = alias?.[0] ?? nearest(key.value, names);
  const move = misplaced.get(key);
  const problem = { kind: 'ignored-key', at: key } as const;
  const replaced = meant === undefined ? {} : replacementBy(meant, value, map, shape);
  const moved = move === undefined || replaced.replacement !== undefined ? {} : { move, changesJob: !move.isNeeded };
  if (alias !== undefined) {
    const message = `${nameOf(shape, path)} has no key ${name}, so Bacalhau ignores it in silence and ${alias[1]}; the key is ${alias[0]}${needsPublisher(alias[0], map) ? ', which needs a Publisher beside it' : ''}`;
    return { ...problem, severity: 'error', message, ...replaced, ...moved };
  }
  const home = move === undefined ? homeOf(key.value, shape) : `${name} belongs ${move.where}`;
  const habit = own(HABITS, shape.goType)?.[key.value.toLowerCase()];
  const hint = meant === undefined || 'move' in moved ? (home ?? habit ?? keysOf(names)) : `did you mean ${meant}?`;
  const message = `${nameOf(shape, path)} has no key ${name}, so Bacalhau ignores it in silence; ${hint}`;
  return { ...problem, message, ...replaced, ...moved };
}

/**
 * A key that stands in the mapping already is not what a misspelt one can become, nor one that takes other values, nor
 * one with which the server refuses the job.
 */
export function replacementBy(
  meant: string,
  value: DataNode,
  map: MapNode,
  shape: ObjectShape,
): Pick<JobProblem, 'replacement' | 'changesJob'> {
  const field = shape.fields.find(({ name }) => name === meant);
  if (field === undefined || entryOf(map, meant) !== undefined || !fitsShape(value, field.shape)) return {};
  return needsPublisher(meant, map) ? {} : { replacement: meant, changesJob: !isNeeded(shape, meant) };
}

/** The server refuses result paths without a publisher. */
function needsPublisher(key: string, map: MapNode): boolean {
  return key === 'ResultPaths' && entryOf(map, 'Publisher') === undefined;
}

function keysOf(names: readonly string[]): string {
  const [only] = names;
  if (only === undefined) return 'it has none';
  return names.length === 1 ? `its only key is ${only}` : `its keys are ${names.join(', ')}`;
}

const PROGRAM = 'the program and its arguments are Entrypoint and Parameters in the Params of the Engine';
const FOLDERS = 'data comes in by InputSources and out by ResultPaths';

/** Keys that people know from other formats, in lower case, with what a job has instead. By Go type. */
const HABITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Task: {
    annotations: 'names for a job stand at its top, as Labels: { NAME: value }',
    command: PROGRAM,
    cmd: PROGRAM,
    args: PROGRAM,
    volumes: FOLDERS,
    mounts: FOLDERS,
    ports: 'ports are Network.Ports, with Type Host or Bridge',
  },
  EngineSpec: {
    command: 'its words go into Entrypoint, or into Parameters behind the ENTRYPOINT of the image',
    cmd: 'its words go into Parameters',
    args: 'its words go into Parameters',
    environment: 'variables are texts NAME=value in EnvironmentVariables',
    env: 'variables are texts NAME=value in EnvironmentVariables, or the Env of the task',
    volumes: FOLDERS,
  },
};

/** What a mapping is called in a sentence: by what it is, or by its key. */
function nameOf({ goType }: ObjectShape, path: string): string {
  return own(NAMES, goType) ?? path.slice(path.lastIndexOf('.') + 1);
}

const NAMES: Readonly<Record<string, string>> = {
  Job: 'a job',
  Task: 'a task',
  InputSource: 'an input',
  ResultPath: 'a result path',
  LabelSelectorRequirement: 'a constraint',
  PortMapping: 'a port',
};

/** Says where a key belongs that people write in the wrong place. */
function homeOf(key: string, { goType }: ObjectShape): string | undefined {
  const knows = (shape: ObjectShape): string | undefined =>
    nearest(
      key,
      shape.fields.map(({ name }) => name),
    );
  const home = own(HOMES, goType)?.find(({ shape }) => knows(shape) !== undefined);
  return home === undefined ? undefined : `${knows(home.shape) ?? key} belongs ${home.where}`;
}

/** Places beside or below the one where a key stands, by Go type. */
const HOMES: Readonly<Record<string, readonly { readonly shape: ObjectShape; readonly where: string }[]>> = {
  Task: [
    { shape: JOB, where: 'to the job, at the top beside Tasks' },
    { shape: DOCKER_PARAMS, where: 'into the Params of the Engine' },
  ],
  SpecConfig: [
    { shape: INPUT_SOURCE, where: 'beside Source, in the same list item' },
    { shape: DOCKER_PARAMS, where: 'into Params' },
  ],
  EngineSpec: [{ shape: TASK, where: 'to the task, beside Engine' }],
};

/** Whether a value stands on a template variable without a value, and may be anything. */
export function isUnresolved(node: DataNode): boolean {
  return node.kind === 'scalar' && node.unresolved !== undefined;
}

function fits(node: DataNode, kind: 'string' | 'int' | 'bool'): boolean {
  if (node.kind !== 'scalar') return false;
  if (kind === 'string') return typeof node.value === 'string';
  if (kind === 'bool') return typeof node.value === 'boolean';
  return typeof node.value === 'number' && Number.isInteger(node.value);
}

function wrongType(node: DataNode, path: string, expected: string): JobProblem {
  const found = typeName(node);
  const quotable = expected === 'string' && node.kind === 'scalar';
  return {
    kind: 'wrong-type',
    at: node,
    message: `${path} is ${described(node)} where the client expects ${expectation(expected)}; it refuses the job${wayOut(node, expected)}`,
    quote: `field: '${path}' is invalid type: '${found}' expected: '${expected}'`,
    ...(quotable ? { replacement: `"${node.text}"` } : {}),
  };
}

/** Says what to do about a value of the wrong type, where it can be said. */
function wayOut(node: DataNode, expected: string): string {
  if (expected === 'string') return node.kind === 'scalar' ? ': put it in quotes' : '';
  if (expected === 'int')
    return node.kind === 'scalar' && !node.plain && /^\d+$/.test(node.text) ? ': leave the quotes out' : '';
  return expected.startsWith('[]') && node.kind !== 'list' ? ': begin each item with -, or put [ ] around them' : '';
}

/** Names a value and its type: `the number 1`, `the text "a"`, `a list`. */
export function described(node: DataNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'null';
  if (typeof node.value === 'string') return `the text ${shown(node.text)}`;
  if (typeof node.value === 'number') return `the number ${shortened(node.text)}`;
  const reads = /^(?:true|false)$/i.test(node.text)
    ? ''
    : ` (to Bacalhau's YAML, ${node.text} is ${String(node.value)})`;
  return `the boolean ${node.text}${reads}`;
}

function expectation(expected: string): string {
  if (expected === 'string') return 'a text';
  if (expected === 'int') return 'a whole number';
  if (expected === 'bool') return 'true or false';
  if (expected.startsWith('[]')) return 'a list';
  return 'a mapping';
}
