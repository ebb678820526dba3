import { compareReleases } from '../target/release.js';
import { nearest } from '../text/nearest.js';
import { own } from '../text/own.js';
import { shortened } from '../text/shortened.js';
import type { Place } from '../text/source.js';
import { shown, unknown } from './problem.js';
import type { JobProblem } from './job-spec.js';
import { DOCKER_PARAMS, INPUT_SOURCE, JOB, TASK, type Field, type ObjectShape, type Shape } from './schema.js';
import { entryOf, isNull, typeName, type DataNode, type MapNode } from './tree.js';

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
      if (path !== '' && !unknown(key))
        reading.report(onlyFitting(onlyOnce(ignoredKey(key, key.value, shape, path), map), value, shape, map));
    } else if (isLater(known, reading.release)) reading.report(laterKey(key, known, path, reading.release));
    else checkShape(value, known.shape, path === '' ? known.name : `${path}.${known.name}`, reading);
  }
}

/** A key that stands in the mapping already is not what a misspelt one can become. */
export function onlyOnce(problem: JobProblem, map: MapNode): JobProblem {
  const { replacement, ...rest } = problem;
  if (replacement === undefined) return problem;
  return entryOf(map, replacement) === undefined ? problem : rest;
}

/**
 * A key is not mended when the job would be refused with it: for the type of its value, or, as result paths, for want
 * of a publisher.
 */
function onlyFitting(problem: JobProblem, value: DataNode, shape: ObjectShape, map: MapNode): JobProblem {
  const { replacement, ...rest } = problem;
  const field = shape.fields.find(({ name }) => name === replacement);
  if (field === undefined) return problem;
  if (field.name === 'ResultPaths' && entryOf(map, 'Publisher') === undefined)
    return { ...rest, message: `${rest.message}, which needs a Publisher beside it` };
  const expected = {
    list: 'list',
    object: 'map',
    stringMap: 'map',
    any: value.kind,
    string: 'scalar',
    int: 'scalar',
    bool: 'scalar',
  };
  return isNull(value) || expected[field.shape.kind] === value.kind ? problem : rest;
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

/** A key that Bacalhau drops without a word. */
export function ignoredKey(at: Place, key: string, shape: ObjectShape, path: string): JobProblem {
  const alias = own(ALIASES[shape.goType] ?? {}, key.toLowerCase());
  const names = shape.fields.map(({ name }) => name);
  if (alias !== undefined) {
    const [meant, effect] = alias;
    const message = `${nameOf(shape, path)} has no key ${key}, so Bacalhau ignores it in silence and ${effect}; the key is ${meant}`;
    return { kind: 'ignored-key', at, severity: 'error', message, replacement: meant };
  }
  const meant = nearest(key, names);
  const home = meant === undefined ? homeOf(key, shape) : undefined;
  const habit = own(HABITS, shape.goType)?.[key.toLowerCase()];
  const hint = home ?? habit ?? (meant === undefined ? keysOf(names) : `did you mean ${meant}?`);
  return {
    kind: 'ignored-key',
    at,
    message: `${nameOf(shape, path)} has no key ${shortened(key)}, so Bacalhau ignores it in silence; ${hint}`,
    ...(meant === undefined ? {} : { replacement: meant }),
  };
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
