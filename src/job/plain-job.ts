import type { EnvEntry, JobSpec, Task, TypedParams } from './job-spec.js';

/**
 * Gives a job as plain data in Bacalhau's own spelling, with the defaults of the client and without what is empty,
 * as `bacalhau job run` takes it in a file.
 */
export function plainJob({
  name,
  namespace,
  type,
  count,
  constraints,
  labels,
  task,
}: JobSpec): Record<string, unknown> {
  return filled({
    Name: name?.value,
    Namespace: namespace?.value ?? 'default',
    Type: type?.value,
    Count: count?.value ?? 1,
    Constraints: constraints.map(({ key, operator, values }) =>
      filled({ Key: key?.value, Operator: operator?.value, Values: values.map(({ value }) => value) }),
    ),
    Labels: entriesOf(labels),
    Tasks: task === undefined ? [] : [plainTask(task)],
  });
}

function plainTask(task: Task): Record<string, unknown> {
  const { docker } = task.engine ?? {};
  const { cpu, memory, disk, gpu } = task.resources;
  const { execution, queue, total } = task.timeouts;
  return filled({
    Name: task.name?.value,
    Engine: filled({
      Type: task.engine?.type?.value,
      Params: filled({
        Image: docker?.image?.value,
        Entrypoint: docker?.entrypoint?.items.map(({ value }) => value),
        Parameters: docker?.parameters?.items.map(({ value }) => value),
        EnvironmentVariables: docker?.environmentVariables.map(({ value }) => value),
        WorkingDirectory: docker?.workingDirectory?.value,
      }),
    }),
    Publisher: typed(task.publisher),
    Env: entriesOf(task.env),
    InputSources: task.inputs.map(({ source, alias, target }) =>
      filled({ Source: typed(source), Alias: alias?.value, Target: target?.value }),
    ),
    ResultPaths: task.resultPaths.map((result) => filled({ Name: result.name?.value, Path: result.path?.value })),
    Resources: filled({ CPU: cpu?.value, Memory: memory?.value, Disk: disk?.value, GPU: gpu?.value }),
    Network: filled({
      Type: task.network?.type?.value.trim(),
      Domains: task.network?.domains.map(({ value }) => value),
    }),
    Timeouts: filled({
      ExecutionTimeout: execution?.value,
      QueueTimeout: queue?.value,
      TotalTimeout: total?.value,
    }),
  });
}

function typed(params: TypedParams | undefined): Record<string, unknown> | undefined {
  if (params === undefined) return undefined;
  const entries = [...params.params].map(([key, { value }]): [string, unknown] => [key, value]);
  return filled({ Type: params.type?.value, Params: Object.fromEntries(entries) });
}

function entriesOf(entries: readonly EnvEntry[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ name, value }) => [name.value, value.value]));
}

/** Without what is empty: to Bacalhau that is the same as not given. */
function filled(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
