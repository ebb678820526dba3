/** What a place of a job spec may hold. One description for the reader and, later, for a JSON Schema. */
export type Shape =
  | { readonly kind: 'string' | 'int' | 'bool' | 'any' }
  /** `goType` is the name of the values' type in Bacalhau's messages. */
  | { readonly kind: 'stringMap'; readonly goType: string }
  | { readonly kind: 'list'; readonly item: Shape; readonly goType: string }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** Name of the Go type that Bacalhau reads it into, as its messages say it. */
  readonly goType: string;
  readonly fields: readonly Field[];
}

/** One field; keys are matched without case (`encoding/json`). */
export interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly description: string;
  /** Values that it may have, for editors; `exact` when Bacalhau compares them with their case. */
  readonly values?: readonly string[];
  readonly exact?: boolean;
  /** First release that has it; older ones ignore it in silence. */
  readonly since?: string;
}

const string: Shape = { kind: 'string' };
const int: Shape = { kind: 'int' };
const strings: Shape = { kind: 'list', item: string, goType: '[]string' };

function field(name: string, shape: Shape, description: string): Field {
  return { name, shape, description };
}

/** A field that older releases do not know. */
function added(since: string, newer: Field): Field {
  return { ...newer, since };
}

function listOf(item: ObjectShape): Shape {
  return { kind: 'list', item, goType: `[]*models.${item.goType}` };
}

/** `{Type, Params}`: what the params may be depends on the type and is decoded on a node. */
export const TYPED: ObjectShape = {
  kind: 'object',
  goType: 'SpecConfig',
  fields: [
    field('Type', string, 'Name of the type, in any case.'),
    field('Params', { kind: 'any' }, 'Parameters of the type.'),
  ],
};

/** The same, of a publisher, which may be left blank (`ValidateAllowBlank`). */
export const PUBLISHER: ObjectShape = { ...TYPED };

export const INPUT_SOURCE: ObjectShape = {
  kind: 'object',
  goType: 'InputSource',
  fields: [
    field('Source', TYPED, 'Where the data comes from: ipfs, urlDownload, s3, local or inline.'),
    field('Alias', string, 'A name for the input, unique in the task.'),
    field('Target', string, 'Absolute path in the container.'),
  ],
};

export const RESULT_PATH: ObjectShape = {
  kind: 'object',
  goType: 'ResultPath',
  fields: [
    field('Name', string, 'Name of the folder in the results.'),
    field('Path', string, 'Absolute path in the container whose content is kept.'),
  ],
};

export const RESOURCES: ObjectShape = {
  kind: 'object',
  goType: 'ResourcesConfig',
  fields: [
    field('CPU', string, 'Cores, such as "0.5" or "500m".'),
    field('Memory', string, 'Bytes with a unit, such as "512Mb" (10^6) or "512Mi" (2^20).'),
    field('Disk', string, 'Bytes with a unit; inputs count against it.'),
    field('GPU', string, 'Whole devices, such as "1".'),
  ],
};

const PORT: ObjectShape = {
  kind: 'object',
  goType: 'PortMapping',
  fields: [
    field('Name', string, 'Part of the variables that tell the port to the program.'),
    field('Static', int, 'Port on the node, 1024 to 65535.'),
    field('Target', int, 'Port in the container.'),
    field('HostNetwork', string, 'IP address on the node to listen on.'),
  ],
};

export const NETWORK: ObjectShape = {
  kind: 'object',
  goType: 'NetworkConfig',
  fields: [
    field('Type', string, 'None, Default, Bridge, Host or HTTP.'),
    field('Domains', strings, 'Hosts that mode HTTP lets through; a leading dot means all subdomains.'),
    added('1.6.4', field('Ports', listOf(PORT), 'Ports that modes Host and Bridge open.')),
  ],
};

export const TIMEOUTS: ObjectShape = {
  kind: 'object',
  goType: 'TimeoutConfig',
  fields: [
    field('ExecutionTimeout', int, 'Seconds that one execution may take.'),
    added('1.3.2', field('QueueTimeout', int, 'Seconds to wait for a node; 0 fails at once when none fits.')),
    added('1.3.2', field('TotalTimeout', int, 'Seconds for everything.')),
  ],
};

export const TASK: ObjectShape = {
  kind: 'object',
  goType: 'Task',
  fields: [
    field('Name', string, 'Name of the task; required.'),
    field('Engine', TYPED, 'What runs the task: docker or wasm.'),
    field('Publisher', PUBLISHER, 'Where results go: ipfs, s3, s3managed or local.'),
    field('Env', { kind: 'stringMap', goType: 'models.EnvVarValue' }, 'Environment variables, upper case.'),
    field('Meta', { kind: 'stringMap', goType: 'string' }, 'Free texts.'),
    field('InputSources', listOf(INPUT_SOURCE), 'Data that is mounted into the container.'),
    field('ResultPaths', listOf(RESULT_PATH), 'Folders of the container that are kept.'),
    field('Resources', RESOURCES, 'What the task needs of a node.'),
    field('Network', NETWORK, 'What the task may reach.'),
    field('Timeouts', TIMEOUTS, 'How long the task may take.'),
  ],
};

export const CONSTRAINT: ObjectShape = {
  kind: 'object',
  goType: 'LabelSelectorRequirement',
  fields: [
    field('Key', string, 'Label of a node.'),
    {
      ...field('Operator', string, 'in, notin, exists, !, gt, lt, =, == or !=.'),
      values: ['in', 'notin', 'exists', '!', 'gt', 'lt', '=', '==', '!='],
      exact: true,
    },
    field('Values', strings, 'Values to compare with.'),
  ],
};

/** A job spec, release 1.1 to 1.9 (`pkg/models/job.go` and the types it names). */
export const JOB: ObjectShape = {
  kind: 'object',
  goType: 'Job',
  fields: [
    field('Name', string, 'Name of the job; since 1.8 a job of the same name is replaced.'),
    field('Namespace', string, 'Namespace of the job.'),
    {
      ...field('Type', string, 'batch, ops, service or daemon, in lower case; required.'),
      values: ['batch', 'ops', 'service', 'daemon'],
      exact: true,
    },
    field('Priority', int, 'Jobs with a higher number come first.'),
    field('Count', int, 'How many executions a batch or service job has.'),
    field('Constraints', listOf(CONSTRAINT), 'Labels that a node must have.'),
    field('Meta', { kind: 'stringMap', goType: 'string' }, 'Free texts.'),
    field('Labels', { kind: 'stringMap', goType: 'string' }, 'Labels of the job.'),
    field('Tasks', listOf(TASK), 'What to run; only the first is kept. Required.'),
  ],
};

/** Keys that Bacalhau sets itself and refuses in a spec, even when empty. */
export const SYSTEM_KEYS: readonly string[] = ['ID', 'State', 'Version', 'Revision', 'CreateTime', 'ModifyTime'];

/** Params of the docker engine (`pkg/executor/docker/models`), decoded on a node. */
export const DOCKER_PARAMS: ObjectShape = {
  kind: 'object',
  goType: 'EngineSpec',
  fields: [
    field('Image', string, 'Image reference; required.'),
    field('Entrypoint', strings, "Words that replace the image's ENTRYPOINT and clear its CMD."),
    field('Parameters', strings, "Words that replace the image's CMD."),
    field('EnvironmentVariables', strings, 'KEY=value texts.'),
    field('WorkingDirectory', string, 'Absolute path.'),
  ],
};

/** Params of the wasm engine (`pkg/executor/wasm/models`), decoded on a node. */
export const WASM_PARAMS: ObjectShape = {
  kind: 'object',
  goType: 'EngineSpec',
  fields: [
    field('EntryModule', string, 'Target of the input source that holds the module; required.'),
    field('Entrypoint', string, 'Function to call; _start unless given.'),
    field('Parameters', strings, 'Arguments of the function.'),
    field('ImportModules', strings, 'Targets of the input sources that hold modules to import.'),
  ],
};

/** Params of the sources, by type in lower case; decoded on a node, keys without case. */
export const SOURCE_PARAMS: Readonly<Record<string, ObjectShape>> = {
  ipfs: params([field('CID', string, 'Content identifier of a file or folder.')]),
  urldownload: params([field('URL', string, 'http or https address of one file.')]),
  s3: params([
    field('Bucket', string, 'Name of the bucket; required.'),
    field('Key', string, 'Key of an object, or a prefix that ends in / or *.'),
    field('Filter', string, 'Go regular expression on the key after the prefix.'),
    field('Region', string, 'Region of the bucket.'),
    field('Endpoint', string, 'Address of an S3-compatible service.'),
    field('VersionID', string, 'Version of one object.'),
    field('ChecksumSHA256', string, 'Checksum of one object.'),
    added(
      '1.6.1',
      field(
        'Partition',
        params([
          field('Type', string, 'none, object, regex, substring or date.'),
          field('Pattern', string, 'Go regular expression, for regex.'),
          field('StartIndex', int, 'First character, for substring.'),
          field('EndIndex', int, 'Character after the last, for substring.'),
          field('DateFormat', string, 'Go time layout, for date.'),
        ]),
        'How executions share the objects.',
      ),
    ),
  ]),
  local: localParams(),
  localdirectory: localParams(),
  inline: params([field('URL', string, 'A data: URL.')]),
};

/** Params of the publishers, by type in lower case. */
export const PUBLISHER_PARAMS: Readonly<Record<string, ObjectShape>> = {
  s3: params([
    field('Bucket', string, 'Name of the bucket; required.'),
    field('Key', string, 'Key, with {jobID}, {executionID}, {nodeID}, {date} and {time}; required.'),
    field('Region', string, 'Region of the bucket.'),
    field('Endpoint', string, 'Address of an S3-compatible service.'),
    added('1.6.4', field('Encoding', string, 'gzip or plain.')),
  ]),
  ipfs: params([]),
  local: params([]),
  s3managed: params([]),
  noop: params([]),
};

/** Fields without which the client refuses a job, or every node does, by the mapping that lacks them. */
const NEEDED: ReadonlyMap<ObjectShape | undefined, readonly string[]> = new Map([
  [JOB, ['Type', 'Tasks']],
  [TASK, ['Name', 'Engine']],
  [TYPED, ['Type']],
  [INPUT_SOURCE, ['Source', 'Target']],
  [RESULT_PATH, ['Name', 'Path']],
  [CONSTRAINT, ['Key']],
  [DOCKER_PARAMS, ['Image']],
  [WASM_PARAMS, ['EntryModule']],
  [SOURCE_PARAMS.ipfs, ['CID']],
  [SOURCE_PARAMS.urldownload, ['URL']],
  [SOURCE_PARAMS.s3, ['Bucket']],
  [SOURCE_PARAMS.local, ['SourcePath']],
  [SOURCE_PARAMS.localdirectory, ['SourcePath']],
  [SOURCE_PARAMS.inline, ['URL']],
]);

/** Whether no job without this field is ever run: then to give it one changes nothing that Bacalhau does today. */
export function isNeeded(shape: ObjectShape, name: string): boolean {
  return NEEDED.get(shape)?.includes(name) === true;
}

function params(fields: readonly Field[]): ObjectShape {
  return { kind: 'object', goType: 'Params', fields };
}

function localParams(): ObjectShape {
  return params([
    field('SourcePath', string, 'Path on the node.'),
    field('ReadWrite', { kind: 'any' }, 'Whether the job may write there.'),
    added('1.8.0', field('CreateAs', string, 'dir, file or noCreate.')),
  ]);
}
