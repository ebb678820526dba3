import { own } from '../text/own.js';
import type { Located, Place } from '../text/source.js';
import type {
  Constraint,
  DockerParams,
  Engine,
  EnvEntry,
  InputSource,
  JobSpec,
  LocatedList,
  Network,
  ParamValue,
  Port,
  Resources,
  ResultPath,
  Task,
  Timeouts,
  TypedParams,
} from './job-spec.js';
import { PUBLISHER_PARAMS, SOURCE_PARAMS, type ObjectShape } from './schema.js';
import { isNull, plainData, valueOf, type DataNode, type ListNode, type MapNode } from './tree.js';

type Decoded = Omit<JobSpec, 'source' | 'origin' | 'problems' | 'unresolved'>;

/** Gives the job that a mapping describes. Values of the wrong type are left out: `checkShape` reports them. */
export function decodeJob(root: MapNode): Decoded {
  const tasks = listOf(root, 'Tasks');
  const task = tasks?.items[0];
  return compact({
    at: root,
    name: text(root, 'Name'),
    namespace: text(root, 'Namespace'),
    type: text(root, 'Type'),
    count: integer(root, 'Count'),
    constraints: maps(root, 'Constraints').map(decodeConstraint),
    labels: decodeEnv(mapOf(root, 'Labels')),
    task: task?.kind === 'map' ? decodeTask(task) : undefined,
  });
}

function decodeTask(map: MapNode): Task {
  const engine = mapOf(map, 'Engine');
  const publisher = mapOf(map, 'Publisher');
  const network = mapOf(map, 'Network');
  return compact({
    at: map,
    name: text(map, 'Name'),
    engine: engine === undefined ? undefined : decodeEngine(engine),
    publisher: publisher === undefined ? undefined : decodeTyped(publisher, PUBLISHER_PARAMS),
    env: decodeEnv(mapOf(map, 'Env')),
    inputs: maps(map, 'InputSources').map(decodeInput),
    resultPaths: maps(map, 'ResultPaths').map(decodeResultPath),
    resources: decodeResources(mapOf(map, 'Resources')),
    network: network === undefined ? undefined : decodeNetwork(network),
    timeouts: decodeTimeouts(mapOf(map, 'Timeouts')),
  });
}

function decodeEngine(map: MapNode): Engine {
  const type = text(map, 'Type');
  const params = mapOf(map, 'Params');
  const isDocker = type?.value.toLowerCase() === 'docker';
  return compact({ at: map, type, docker: isDocker ? decodeDocker(params, map) : undefined });
}

function decodeDocker(params: MapNode | undefined, engine: Place): DockerParams {
  if (params === undefined) return { at: engine, environmentVariables: [] };
  return compact({
    at: params,
    image: text(params, 'Image'),
    entrypoint: words(params, 'Entrypoint'),
    parameters: words(params, 'Parameters'),
    environmentVariables: words(params, 'EnvironmentVariables')?.items ?? [],
    workingDirectory: text(params, 'WorkingDirectory'),
  });
}

/** Keys get Bacalhau's own spelling where the type is known; others keep theirs. */
function decodeTyped(map: MapNode, known: Readonly<Record<string, ObjectShape>>): TypedParams {
  const type = text(map, 'Type');
  const fields = type === undefined ? [] : (own(known, type.value.toLowerCase())?.fields ?? []);
  const params = new Map<string, Located<ParamValue>>();
  for (const { key, value } of mapOf(map, 'Params')?.entries ?? []) {
    const field = fields.find(({ name }) => name.toLowerCase() === key.value.toLowerCase());
    params.set(field?.name ?? key.value, located(value, paramValue(value)));
  }
  return compact({ at: map, type, params });
}

function paramValue(node: DataNode): ParamValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainData);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.value, plainData(value)]));
}

function decodeInput(map: MapNode, index: number): InputSource {
  const source = mapOf(map, 'Source');
  return compact({
    at: map,
    index,
    source: source === undefined ? undefined : decodeTyped(source, SOURCE_PARAMS),
    alias: text(map, 'Alias'),
    target: text(map, 'Target'),
  });
}

function decodeResultPath(map: MapNode): ResultPath {
  return compact({ at: map, name: text(map, 'Name'), path: text(map, 'Path') });
}

function decodeEnv(map: MapNode | undefined): EnvEntry[] {
  return (map?.entries ?? []).flatMap(({ key, value }) => {
    if (value.kind !== 'scalar') return [];
    return [{ name: key, value: located(value, value.value === null ? '' : String(value.value)) }];
  });
}

function decodeResources(map: MapNode | undefined): Resources {
  if (map === undefined) return {};
  return compact({
    at: map,
    cpu: text(map, 'CPU'),
    memory: text(map, 'Memory'),
    disk: text(map, 'Disk'),
    gpu: text(map, 'GPU'),
  });
}

function decodeNetwork(map: MapNode): Network {
  return compact({
    at: map,
    type: text(map, 'Type'),
    domains: words(map, 'Domains')?.items ?? [],
    ports: maps(map, 'Ports').map(decodePort),
  });
}

function decodePort(map: MapNode): Port {
  return compact({
    span: map.span,
    pointer: map.pointer,
    name: text(map, 'Name'),
    static: integer(map, 'Static'),
    target: integer(map, 'Target'),
    hostNetwork: text(map, 'HostNetwork'),
  });
}

function decodeTimeouts(map: MapNode | undefined): Timeouts {
  if (map === undefined) return {};
  return compact({
    execution: integer(map, 'ExecutionTimeout'),
    queue: integer(map, 'QueueTimeout'),
    total: integer(map, 'TotalTimeout'),
  });
}

function decodeConstraint(map: MapNode): Constraint {
  return compact({
    at: map,
    key: text(map, 'Key'),
    operator: text(map, 'Operator'),
    values: words(map, 'Values')?.items ?? [],
  });
}

function text(map: MapNode, key: string): Located<string> | undefined {
  const node = valueOf(map, key);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? located(node, node.value) : undefined;
}

function integer(map: MapNode, key: string): Located<number> | undefined {
  const node = valueOf(map, key);
  return node?.kind === 'scalar' && typeof node.value === 'number' ? located(node, node.value) : undefined;
}

function words(map: MapNode, key: string): LocatedList | undefined {
  const list = listOf(map, key);
  if (list === undefined) return undefined;
  const items = list.items.flatMap((node) =>
    node.kind === 'scalar'
      ? [located(node, node.value === null ? '' : typeof node.value === 'string' ? node.value : node.text)]
      : [],
  );
  return compact({ items, span: list.span, pointer: list.pointer });
}

function mapOf(map: MapNode, key: string): MapNode | undefined {
  const node = valueOf(map, key);
  return node?.kind === 'map' ? node : undefined;
}

function listOf(map: MapNode, key: string): ListNode | undefined {
  const node = valueOf(map, key);
  return node?.kind === 'list' ? node : undefined;
}

function maps(map: MapNode, key: string): MapNode[] {
  return (listOf(map, key)?.items ?? []).flatMap((node) => (node.kind === 'map' && !isNull(node) ? [node] : []));
}

function located<T>(node: DataNode, value: T): Located<T> {
  return { value, span: node.span, ...(node.pointer === undefined ? {} : { pointer: node.pointer }) };
}

/** Leaves out keys that are undefined, so that a field is either there or not. */
function compact<T extends object>(object: T): T {
  for (const key of Object.keys(object)) {
    if (Reflect.get(object, key) === undefined) Reflect.deleteProperty(object, key);
  }
  return object;
}
