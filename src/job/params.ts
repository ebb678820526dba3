import { compareReleases } from '../target/release.js';
import { own } from '../text/own.js';
import type { JobProblem } from './job-spec.js';
import type { Misplaced } from './misplaced.js';
import { shown, unknown } from './problem.js';
import { readPartition, type PartitionParams } from './s3-partition.js';
import { DOCKER_PARAMS, PUBLISHER_PARAMS, SOURCE_PARAMS, WASM_PARAMS, type ObjectShape, type Shape } from './schema.js';
import { described, ignoredKey, isLater, isUnresolved, laterKey, replacementBy, type ShapeReading } from './shape.js';
import type { Located } from '../text/source.js';
import { entryOf, isNull, valueOf, type DataNode, type MapEntry, type MapNode, type ScalarNode } from './tree.js';

/** What parameters are checked against. */
type ParamReading = Omit<ShapeReading, 'report'>;

/** Engines, sources and publishers that exist, by their names in lower case. */
const ENGINES = ['docker', 'wasm'];

/**
 * Gives what a node, or the scheduler, trips over in the parameters of a task: none of it is looked at before a
 * node evaluates its bid, or before the results are published (`DecodeSpec` of each type).
 */
export function paramProblems(task: MapNode, reading: ParamReading): JobProblem[] {
  const problems: JobProblem[] = [];
  const engine = valueOf(task, 'Engine');
  if (engine?.kind === 'map') problems.push(...engineProblems(engine, reading));
  const inputs = valueOf(task, 'InputSources');
  for (const input of inputs?.kind === 'list' ? inputs.items : []) {
    const source = input.kind === 'map' ? valueOf(input, 'Source') : undefined;
    if (source?.kind === 'map') problems.push(...sourceProblems(source, reading));
  }
  const publisher = valueOf(task, 'Publisher');
  if (publisher?.kind === 'map') problems.push(...publisherProblems(publisher, reading));
  return problems;
}

function engineProblems(engine: MapNode, reading: ParamReading): JobProblem[] {
  const type = typeOf(engine);
  if (type === undefined) return [];
  if (!ENGINES.includes(type.name)) return [unknownType(type, 'engine', ENGINES)];
  const params = paramsOf(engine);
  if (type.name === 'wasm') return wasmProblems(engine, type.node, params, reading);
  const problems: JobProblem[] = [];
  const image = params === undefined ? undefined : valueOf(params, 'Image');
  if (image === undefined || (image.kind === 'scalar' && image.text === '')) {
    problems.push({
      kind: 'engine-params',
      at: image ?? entryOf(engine, 'Params')?.key ?? type.node,
      message: "the docker engine's Params name no Image, and nodes refuse the job",
      quote: "invalid docker engine param: 'Image' cannot be empty",
    });
  }
  if (params === undefined) return problems;
  problems.push(...decodeAll(params, DOCKER_PARAMS, 'engine-params', 'Params', reading));
  const folder = valueOf(params, 'WorkingDirectory');
  if (
    folder?.kind === 'scalar' &&
    folder.text !== '' &&
    typeof folder.value === 'string' &&
    !isUnresolved(folder) &&
    !folder.text.startsWith('/')
  ) {
    problems.push({
      kind: 'engine-params',
      at: folder,
      message: `WorkingDirectory ${shown(folder.text)} does not begin with /, and nodes refuse every path that is not absolute`,
      quote: 'must contain absolute path',
    });
  }
  const env = valueOf(params, 'EnvironmentVariables');
  for (const item of env?.kind === 'list' ? env.items : []) {
    if (item.kind === 'scalar' && typeof item.value === 'string' && !isUnresolved(item))
      problems.push(...variableProblems(item, item.text));
    if (item.kind === 'scalar' && /^BACALHAU_/i.test(item.text)) {
      problems.push({
        kind: 'engine-params',
        at: item,
        message: `${item.text.split('=', 1)[0] ?? ''} begins with BACALHAU_, which Bacalhau keeps for itself: nodes refuse the job`,
        quote: 'cannot start with BACALHAU_',
      });
    }
  }
  return problems;
}

/** Variables of the engine that nodes take, and programs do not get as they were meant (`pkg/executor/docker`, 1.9). */
function variableProblems(at: DataNode, text: string): JobProblem[] {
  const warn = (message: string): JobProblem[] => [
    { kind: 'engine-params', at, severity: 'warning', stage: 'run', message },
  ];
  const equals = text.indexOf('=');
  if (text.trim() === '') return [];
  if (equals < 0)
    return warn(
      `the variable ${shown(text.split(/[\s:]/, 1)[0] ?? '')} has no =, so that nodes drop it without a word; write NAME=value`,
    );
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
  if (name !== name.trim())
    return warn(
      `the name of this variable is ${shown(name)}, with a blank in it, so that the program finds no ${name.trim()}; write no blanks around the =`,
    );
  return /^env:\w+$/.test(value)
    ? warn(
        `the program gets the text ${value} itself as ${name}: a node puts its own variable in its place only in the Env of the task`,
      )
    : [];
}

/** Before 1.4 modules were input sources of their own, which the server still turns into targets (`wasm_legacy.go`). */
function wasmProblems(
  engine: MapNode,
  type: DataNode,
  params: MapNode | undefined,
  reading: ParamReading,
): JobProblem[] {
  const module = params === undefined ? undefined : valueOf(params, 'EntryModule');
  if (module?.kind === 'map') return [];
  if (module === undefined || (module.kind === 'scalar' && module.text === '')) {
    return [
      {
        kind: 'engine-params',
        at: module ?? entryOf(engine, 'Params')?.key ?? type,
        message: "the wasm engine's Params name no EntryModule, the Target of the input that holds the module",
        quote: "invalid wasm engine param: 'EntryModule' cannot be nil",
      },
    ];
  }
  return params === undefined ? [] : decodeAll(params, WASM_PARAMS, 'engine-params', 'Params', reading);
}

function sourceProblems(source: MapNode, reading: ParamReading): JobProblem[] {
  const type = typeOf(source);
  if (type === undefined) return [];
  const shape = own(SOURCE_PARAMS, type.name);
  if (shape === undefined) return [unknownType(type, 'source', ['ipfs', 'urlDownload', 's3', 'local', 'inline'])];
  const params = paramsOf(source);
  const at = entryOf(source, 'Params')?.key ?? type.node;
  const problems = params === undefined ? [] : decodeAll(params, shape, 'source-params', 'Params', reading);
  const required = ({ ipfs: 'CID', urldownload: 'URL', s3: 'Bucket', inline: 'URL' } as const)[type.name];
  if (required !== undefined && emptyText(params, required)) {
    const value = params === undefined ? undefined : entryOf(params, required);
    problems.push({
      kind: 'source-params',
      at: value?.key ?? at,
      message: `a source of type ${type.node.text} needs the parameter ${required}, and nodes refuse the job without it`,
    });
  }
  if (params === undefined) return problems;
  const since = (first: string): boolean => compareReleases(reading.release, first) >= 0;
  if (type.name === 's3' && since('1.6.1')) problems.push(...partitionProblems(params));
  if ((type.name === 'local' || type.name === 'localdirectory') && since('1.8.0'))
    problems.push(...oneOf(params, 'CreateAs', ['dir', 'file', 'noCreate'], 'source-params'));
  return problems;
}

/** `pkg/s3/partitioning.go`, since 1.6.1. Values of the wrong type are told where all are decoded. */
function partitionProblems(params: MapNode): JobProblem[] {
  const partition = valueOf(params, 'Partition');
  if (partition?.kind !== 'map' || partition.entries.some(({ value }) => isUnresolved(value))) return [];
  const scalar = (key: keyof PartitionParams): ScalarNode['value'] => {
    const node = valueOf(partition, key);
    return node?.kind === 'scalar' ? node.value : null;
  };
  const text = (key: keyof PartitionParams): string => String(scalar(key) ?? '');
  const number = (key: keyof PartitionParams): number => {
    const value = scalar(key);
    return typeof value === 'number' ? value : 0;
  };
  const wrong = (key: keyof PartitionParams | undefined, message: string): JobProblem[] => [
    {
      kind: 'source-params',
      at: (key === undefined ? undefined : valueOf(partition, key)) ?? partition,
      message: `${message}, and nodes refuse the job`,
    },
  ];
  const read = readPartition({
    Type: text('Type'),
    Pattern: text('Pattern'),
    StartIndex: number('StartIndex'),
    EndIndex: number('EndIndex'),
    DateFormat: text('DateFormat'),
  });
  if ('message' in read) return wrong(read.key, read.message);
  if (read.by !== 'regex' || validPattern(read.pattern)) return [];
  return wrong('Pattern', `the Pattern ${shown(read.pattern)} is no valid regular expression`);
}

/** Brackets that do not match are wrong in every dialect; more cannot be said without Go's own reader. */
function validPattern(pattern: string): boolean {
  try {
    new RegExp(pattern.replace(/\(\?[a-zA-Z]+\)/g, '').replaceAll('(?P<', '(?<'));
    return true;
  } catch {
    return false;
  }
}

function publisherProblems(publisher: MapNode, reading: ParamReading): JobProblem[] {
  const type = typeOf(publisher);
  if (type === undefined) return [];
  const shape = own(PUBLISHER_PARAMS, type.name);
  if (shape === undefined) return [unknownType(type, 'publisher', ['ipfs', 's3', 's3managed', 'local', 'noop'])];
  const params = paramsOf(publisher);
  if (type.name !== 's3')
    return (params?.entries ?? []).flatMap(({ key }) => (unknown(key) ? [] : [noParam(key, type)]));
  const at = entryOf(publisher, 'Params')?.key ?? type.node;
  const problems = params === undefined ? [] : decodeAll(params, shape, 'publisher-params', 'Params', reading);
  for (const key of ['Bucket', 'Key']) {
    if (emptyText(params, key)) {
      problems.push({
        kind: 'publisher-params',
        at,
        message: `the s3 publisher has no ${key}: the program runs, and then its results are not published`,
        quote: `invalid s3 params. ${key.toLowerCase()} cannot be empty`,
      });
    }
  }
  if (params !== undefined && compareReleases(reading.release, '1.6.4') >= 0)
    problems.push(...oneOf(params, 'Encoding', ['gzip', 'plain'], 'publisher-params'));
  return problems;
}

/** Publishers other than s3 have no parameters: those that a text gives are never read. */
function noParam(key: MapNode['entries'][number]['key'], { node }: NamedType): JobProblem {
  return {
    kind: 'ignored-key',
    at: key,
    message: `a publisher of type ${node.text} has no parameters, so Bacalhau ignores ${key.value} in silence`,
  };
}

interface NamedType {
  readonly node: DataNode & { readonly text: string };
  readonly name: string;
}

function typeOf(map: MapNode): NamedType | undefined {
  const node = valueOf(map, 'Type');
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.text.trim() === '' || isUnresolved(node))
    return undefined;
  return { node, name: node.text.trim().toLowerCase() };
}

function paramsOf(map: MapNode): MapNode | undefined {
  const params = valueOf(map, 'Params');
  return params?.kind === 'map' ? params : undefined;
}

/** No node ever fits a type that no Bacalhau has. */
function unknownType({ node }: NamedType, what: string, known: readonly string[]): JobProblem {
  const hint =
    /^(url|https?)$/i.test(node.text) && what === 'source'
      ? 'a download is of type urlDownload'
      : `there are ${known.join(', ')}`;
  return {
    kind: 'unknown-type',
    at: node,
    message: `no node has ${what === 'engine' ? 'an' : 'a'} ${what} of type ${shown(node.text)}, so the job is never given to one; ${hint}`,
  };
}

function decodeAll(
  params: MapNode,
  shape: ObjectShape,
  kind: 'engine-params' | 'source-params' | 'publisher-params',
  path: string,
  reading: ParamReading,
): JobProblem[] {
  const problems: JobProblem[] = [];
  for (const { key, value } of params.entries) {
    const field = shape.fields.find(({ name }) => name.toLowerCase() === key.value.toLowerCase());
    if (field === undefined && unknown(key)) continue;
    if (field === undefined) problems.push(unknownParam({ key, value }, params, shape, path, reading.misplaced));
    else if (isLater(field, reading.release)) problems.push(laterKey(key, field, path, reading.release));
    else problems.push(...decodeValue(value, field.shape, kind, field.name));
  }
  return problems;
}

function unknownParam(
  entry: MapEntry,
  params: MapNode,
  shape: ObjectShape,
  path: string,
  misplaced: ReadonlyMap<Located<string>, Misplaced>,
): JobProblem {
  const isLocal = shape.fields.some(({ name }) => name === 'SourcePath') && entry.key.value.toLowerCase() === 'path';
  if (!isLocal) return ignoredKey(entry, params, shape, path, misplaced);
  return {
    kind: 'ignored-key',
    at: entry.key,
    severity: 'error',
    stage: 'node',
    message:
      'Params has no key Path, so Bacalhau ignores it in silence and the source has no path; the key is SourcePath',
    ...replacementBy('SourcePath', entry.value, params, shape),
  };
}

/** Decoding on a node refuses values of the wrong type; null counts as absent, also inside lists. */
function decodeValue(node: DataNode, shape: Shape, kind: JobProblem['kind'], name: string): JobProblem[] {
  if (isNull(node) || isUnresolved(node) || shape.kind === 'any') return [];
  const wrong = (at: DataNode, expected: string): JobProblem => {
    const quotable = expected === 'a text' && at.kind === 'scalar';
    const effect = kind === 'publisher-params' ? 'the results are not published' : 'nodes refuse the job';
    return {
      kind,
      at,
      message: `${name} is ${described(at)} where ${expected} is expected, and ${effect}${quotable ? '; put it in quotes' : ''}`,
      // A node refuses the one job, and publishes nothing of the other, which it has run.
      ...(quotable ? { replacement: `"${at.text}"`, changesJob: kind === 'publisher-params' } : {}),
    };
  };
  if (shape.kind === 'list') {
    if (node.kind !== 'list') {
      const found = wrong(node, 'a list of texts');
      const way = node.kind === 'map' ? 'write each as a text KEY=value' : 'write one word in each item';
      return [
        node.kind === 'map' && name !== 'EnvironmentVariables'
          ? found
          : { ...found, message: `${found.message}; ${way}` },
      ];
    }
    return node.items.flatMap((item) => decodeValue(item, shape.item, kind, `an item of ${name}`));
  }
  if (shape.kind === 'object')
    return node.kind === 'map'
      ? node.entries.flatMap(({ key, value }) => {
          const field = shape.fields.find((known) => known.name.toLowerCase() === key.value.toLowerCase());
          return field === undefined ? [] : decodeValue(value, field.shape, kind, field.name);
        })
      : [wrong(node, 'a mapping')];
  if (shape.kind === 'string')
    return node.kind === 'scalar' && typeof node.value === 'string' ? [] : [wrong(node, 'a text')];
  if (shape.kind === 'int')
    return node.kind === 'scalar' && typeof node.value === 'number' ? [] : [wrong(node, 'a whole number')];
  return [];
}

function emptyText(params: MapNode | undefined, key: string): boolean {
  const node = params === undefined ? undefined : valueOf(params, key);
  return node === undefined || (node.kind === 'scalar' && node.text === '');
}

function oneOf(params: MapNode, key: string, known: readonly string[], kind: JobProblem['kind']): JobProblem[] {
  const node = valueOf(params, key);
  if (
    node?.kind !== 'scalar' ||
    node.text === '' ||
    isUnresolved(node) ||
    known.some((value) => value.toLowerCase() === node.text.toLowerCase())
  )
    return [];
  return [
    {
      kind,
      at: node,
      message: `${key} is ${known.join(' or ')}, and not ${shown(node.text)}: ${kind === 'publisher-params' ? 'the results are not published' : 'nodes refuse the job'}`,
    },
  ];
}
