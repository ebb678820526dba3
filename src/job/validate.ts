import { compareReleases } from '../target/release.js';
import type { Located } from '../text/source.js';
import { bad, blank, missing, shown, start, unknown } from './problem.js';
import { releaseProblems } from './releases.js';
import { networkProblems } from './validate-network.js';
import { resourceProblems } from './validate-resources.js';
import type { Constraint, InputSource, JobProblem, JobSpec, ResultPath, Task } from './job-spec.js';

type Draft = Omit<JobSpec, 'problems'>;

/** The job types, as Bacalhau compares them: in this case only. */
export const JOB_TYPES: readonly string[] = ['batch', 'ops', 'service', 'daemon'];

/**
 * Gives what Bacalhau's client and server refuse in a job that was read without problems of type
 * (`ValidateSubmission`, `Job.Validate`). Both readers of jobs call it.
 *
 * @param release exact release of Bacalhau
 */
export function validateJob(job: Draft, release: string): JobProblem[] {
  const since = (first: string): boolean => compareReleases(release, first) >= 0;
  const problems = [...typeProblems(job, since('1.6.5')), ...job.constraints.flatMap(constraintProblems)];
  const { task } = job;
  if (task === undefined) return problems;
  if (blank(task.name))
    problems.push(
      missing(
        task.name ?? task.at,
        'the task has no Name, and the client refuses the job; any name will do, such as main',
        'missing task name',
      ),
    );
  problems.push(...engineProblems(task));
  if (since('1.6.4')) for (const problem of task.env.flatMap(envProblems)) problems.push(problem);
  problems.push(...endlessProblems(job.type?.value, task));
  const ofPaths = [inputProblems(task.inputs, since('1.5.0')), resultProblems(task.resultPaths, since)];
  for (const problem of ofPaths.flat()) problems.push(problem);
  const others = [
    ...resourceProblems(task.resources),
    ...networkProblems(task.network, release),
    ...timeoutProblems(task, since('1.3.2')),
    ...releaseProblems(job, release),
  ];
  for (const problem of others) problems.push(problem);
  return problems;
}

function typeProblems({ at, name, namespace, type, count, task }: Draft, oneEach: boolean): JobProblem[] {
  const problems: JobProblem[] = serverProblems(name, namespace);
  const oneOf = `one of ${JOB_TYPES.join(', ')}`;
  if (blank(type))
    problems.push(
      missing(type ?? start(at), `the job has no Type, which is ${oneOf}; the client refuses it`, 'missing job type'),
    );
  else if (type !== undefined && !unknown(type) && !JOB_TYPES.some((known) => known === type.value)) {
    const meant = JOB_TYPES.find((known) => known === type.value.trim().toLowerCase());
    const why = meant === undefined ? `it is ${oneOf}` : 'it is written in lower case';
    problems.push(
      bad(type, `${shown(type.value)} is no job type, and the client refuses it: ${why}`, {
        quote: `invalid job type: "${type.value}"`,
        replacement: meant,
      }),
    );
  }
  if (task === undefined)
    problems.push(
      missing(
        start(at),
        'the job has no Tasks, so there is nothing to run, and the client refuses it',
        'missing job tasks',
      ),
    );
  if (count !== undefined && count.value < 0)
    problems.push(
      bad(count, `Count is ${String(count.value)}, and the client takes 0 or more`, {
        quote: 'job count must be >= 0',
      }),
    );
  if (oneEach && count !== undefined && count.value > 1 && (type?.value === 'ops' || type?.value === 'daemon')) {
    const message = `a job of type ${type.value} runs once on every matching node, so its Count cannot be ${String(count.value)}; leave Count out`;
    problems.push(
      bad(count, message, { quote: `${type.value} jobs cannot specify count > 1 as they run on all matching nodes` }),
    );
  }
  return problems;
}

/** Blank names pass the client and are refused by the server; absent ones get a default. */
function serverProblems(name: Located<string> | undefined, namespace: Located<string> | undefined): JobProblem[] {
  const problems: JobProblem[] = [];
  if (name !== undefined && name.value !== '' && blank(name)) {
    problems.push(
      bad(name, 'the job Name holds only blanks: the client takes it, and the server refuses it', {
        stage: 'orchestrator',
        quote: 'missing job name',
      }),
    );
  }
  if (namespace !== undefined && namespace.value !== '' && blank(namespace)) {
    problems.push(
      bad(namespace, 'the Namespace holds only blanks: the client takes it, and the server refuses it', {
        stage: 'orchestrator',
        quote: 'job must be in a namespace',
      }),
    );
  }
  return problems;
}

function constraintProblems({ at, key, operator, values }: Constraint): JobProblem[] {
  const problems: JobProblem[] = [];
  if (blank(key))
    problems.push(
      missing(
        key ?? at,
        'this constraint has no Key, the name of a node label; the client refuses the job',
        'selector key cannot be blank',
      ),
    );
  const name = operator?.value ?? '';
  if (operator !== undefined && unknown(operator)) return problems;
  if (name === 'in' || name === 'notin') {
    if (values.length === 0)
      problems.push(
        bad(
          operator ?? at,
          `the operator ${name} needs Values to compare with, and there are none; the client refuses the job`,
          {
            quote: 'selector values cannot be empty for In or NotIn operators',
          },
        ),
      );
  } else if (name === 'exists' || name === '!') {
    if (values.length > 0)
      problems.push(
        bad(operator ?? at, `the operator ${name} takes no Values, and there are some; the client refuses the job`, {
          quote: 'selector values must be empty for Exists or DoesNotExist operators',
        }),
      );
  } else if (values.length !== 1) {
    problems.push(
      bad(operator ?? at, oneValue(name, values.length), {
        quote: 'selector values must have exactly one value for other operators',
      }),
    );
  }
  return problems;
}

/** Every operator but four takes one value; one of the four in another case is not recognised. */
function oneValue(name: string, count: number): string {
  if (name === '') return 'this constraint has no Operator, such as =, or no single value; the client refuses the job';
  const lower = name.toLowerCase();
  const hint =
    lower !== name && /^(?:in|notin|exists)$/.test(lower) ? `; operators are written in lower case: ${lower}` : '';
  return `the operator ${shown(name)} takes exactly one value, and here are ${count}; the client refuses the job${hint}`;
}

function engineProblems({ at, engine }: Task): JobProblem[] {
  if (engine === undefined)
    return [
      missing(
        start(at),
        'the task has no Engine, which says what to run; the client refuses the job',
        'invalid engine: nil spec config',
      ),
    ];
  return blank(engine.type)
    ? [
        missing(
          engine.type ?? engine.at,
          'the Engine has no Type, such as docker; the client refuses the job',
          'invalid engine: missing spec type',
        ),
      ]
    : [];
}

/** Rules for names and values of Env, since 1.6.4 (`pkg/models/env_var.go`). */
function envProblems({ name, value }: Task['env'][number]): JobProblem[] {
  const text = name.value;
  const elsewhere = "or put it into the engine's EnvironmentVariables, which take any name and value";
  if (text.includes('{{')) return [];
  if (text === '') return [bad(name, 'this environment variable has no name, and the client refuses the job')];
  if (text !== text.toUpperCase()) {
    return [
      bad(
        name,
        `the variable ${text} is not in upper case, as the client wants names in Env; write ${text.toUpperCase()}, ${elsewhere}`,
        { quote: `environment variable '${text}' must be uppercase` },
      ),
    ];
  }
  if (text.startsWith('BACALHAU_'))
    return [
      bad(name, `the variable ${text} begins with BACALHAU_, which Bacalhau keeps for itself: the client refuses it`),
    ];
  if (!/^\p{L}/u.test(text))
    return [
      bad(
        name,
        `the variable ${text} does not begin with a letter, as the client wants names in Env; rename it, ${elsewhere}`,
        {
          quote: 'must start with a letter',
        },
      ),
    ];
  if (!/^[\p{L}\p{N}_]*$/u.test(text))
    return [
      bad(
        name,
        `the variable ${text} has characters other than letters, digits and _, and the client refuses it; rename it, ${elsewhere}`,
      ),
    ];
  if (value.value === '')
    return [
      bad(name, `the variable ${text} is empty, and the client refuses it; leave it out, ${elsewhere}`, {
        quote: `environment variable '${text}' cannot have empty value`,
      }),
    ];
  return [];
}

function inputProblems(inputs: readonly InputSource[], unique: boolean): JobProblem[] {
  const problems: JobProblem[] = [];
  for (const { at, target, source } of inputs) {
    if (target === undefined || blank(target)) {
      problems.push(
        missing(
          target ?? start(at),
          'this input has no Target, the path where it is mounted, and the client refuses the job; Target stands beside Source, in the same list item',
          'input source is missing a target',
        ),
      );
    }
    if (source === undefined)
      problems.push(
        missing(
          start(at),
          'this input has no Source, which says where the data comes from; the client refuses the job',
          'invalid input source: nil spec config',
        ),
      );
    else if (blank(source.type))
      problems.push(
        missing(
          source.type ?? source.at,
          'the Source of this input has no Type, such as s3; the client refuses the job',
          'invalid input source: missing spec type',
        ),
      );
  }
  if (!unique) return problems;
  return [
    ...problems,
    ...duplicates(
      inputs.map(({ target }) => target),
      (target) => `two inputs have the Target ${shown(target)}, and each needs a place of its own`,
    ),
    ...duplicates(
      inputs.map(({ alias }) => alias),
      (alias) => `two inputs have the Alias ${shown(alias)}, and each needs its own`,
    ),
  ];
}

function resultProblems(results: readonly ResultPath[], since: (release: string) => boolean): JobProblem[] {
  const problems: JobProblem[] = [];
  for (const { at, name, path } of results) {
    if (blank(name))
      problems.push(
        missing(
          name ?? start(at),
          'this result path has no Name, which becomes its folder in the results; the client refuses the job',
          'invalid output: missing name',
        ),
      );
    if (blank(path))
      problems.push(
        missing(
          path ?? start(at),
          'this result path has no Path, the folder in the container to keep; the client refuses the job',
          'invalid output: missing path',
        ),
      );
    else if (path !== undefined && since('1.5.1') && !path.value.startsWith('/') && !unknown(path)) {
      const message = `the result path ${shown(path.value)} does not begin with /, and the client refuses every path that is not absolute`;
      problems.push(bad(path, message, { quote: `result path \`${path.value}\` must be absolute` }));
    }
  }
  if (!since('1.5.0')) return problems;
  return [
    ...problems,
    ...duplicates(
      results.map(({ path }) => path),
      (path) => `two result paths have the Path ${shown(path)}, and each needs its own`,
    ),
    ...duplicates(
      results.map(({ name }) => name),
      (name) => `two result paths have the Name ${shown(name)}, and each needs its own`,
    ),
  ];
}

/** Equal values are refused by the client; those that differ only in blanks around them by the server, which trims. */
function duplicates(
  values: readonly (Located<string> | undefined)[],
  message: (value: string) => string,
): JobProblem[] {
  const first = new Map<string, Located<string>>();
  const problems: JobProblem[] = [];
  for (const value of values) {
    const text = value?.value.trim() ?? '';
    if (value === undefined || text === '' || unknown(value)) continue;
    const earlier = first.get(text);
    if (earlier === undefined) {
      first.set(text, value);
      continue;
    }
    problems.push({
      kind: 'duplicate-value',
      at: value,
      message: message(text),
      ...(earlier.value === value.value ? {} : { stage: 'orchestrator' }),
      related: { at: earlier, message: 'the first one' },
    });
  }
  return problems;
}

/** Jobs of type service and daemon run until they are stopped; their timeouts are not looked at. */
function endlessProblems(type: string | undefined, { timeouts }: Task): JobProblem[] {
  if (type !== 'service' && type !== 'daemon') return [];
  return (
    [
      ['ExecutionTimeout', timeouts.execution],
      ['TotalTimeout', timeouts.total],
    ] as const
  ).flatMap(([name, at]) =>
    at === undefined || at.value <= 0
      ? []
      : [{ kind: 'ignored-key', at, message: `a ${type} runs until it is stopped, so Bacalhau ignores its ${name}` }],
  );
}

/** Seconds are not negative (client); queue and execution fit into the total (server). */
function timeoutProblems({ timeouts: { execution, queue, total } }: Task, hasTotal: boolean): JobProblem[] {
  const problems: JobProblem[] = [];
  for (const [name, timeout] of [
    ['ExecutionTimeout', execution],
    ['QueueTimeout', queue],
    ['TotalTimeout', total],
  ] as const) {
    if (timeout !== undefined && timeout.value < 0)
      problems.push(bad(timeout, `${name} is ${String(timeout.value)}, and the client takes 0 or more seconds`));
  }
  const sum = (execution?.value ?? 0) + (queue?.value ?? 0);
  if (hasTotal && problems.length === 0 && total !== undefined && total.value > 0 && sum > total.value) {
    const message = `ExecutionTimeout and QueueTimeout are ${String(sum)} s together, more than the TotalTimeout of ${String(total.value)} s: the client takes that, and the server refuses it`;
    problems.push(bad(total, message, { stage: 'orchestrator', quote: 'should be less than total timeout' }));
  }
  return problems;
}
