import type { EnvEntry } from '../job/job-spec.js';
import { isSecretName } from '../job/secret.js';
import type { SourceText } from '../text/source.js';
import { effectiveCommand, type CommandInput } from './effective-command.js';
import type { Value } from './shell/scope.js';
import { readSteps } from './steps.js';
import { readUses } from './uses.js';
import { variableUses } from './variable-uses.js';
import type { ProgramCall, Workload } from './workload.js';
import { programName } from './wrappers.js';

/** What a workload is read from. */
export interface WorkloadInput extends CommandInput {
  /** The checked file, for exact places inside texts of a shell and of code. */
  readonly source?: SourceText;
  /** `Env` of the task. */
  readonly env?: readonly EnvEntry[];
}

/** Reads what the container will run and what that visibly does. Never throws, and looks at nothing outside. */
export function readWorkload(input: WorkloadInput): Workload {
  const command = effectiveCommand(input);
  const { steps, opaque } = readSteps(command, environment(input), input.source);
  const uses = readUses(steps, input.source);
  const calls = steps.flatMap(({ words }): ProgramCall[] => {
    const [first] = words;
    return first === undefined ? [] : [{ program: programName(first), words, origin: first.origin }];
  });
  const named = variableUses(input);
  return {
    command,
    calls,
    ...uses,
    reads: [...uses.reads, ...named.reads],
    writes: [...uses.writes, ...named.writes],
    opaque: [...opaque, ...uses.opaque],
  };
}

/** Variables of the container: the image's, then the task's, then the engine's, the later over the earlier. */
function environment({ config, dockerfile, env, docker }: WorkloadInput): Map<string, Value> {
  const pairs = [
    ...(config?.env ?? []),
    ...(dockerfile?.env ?? []).map(({ value }) => value),
    ...(env ?? []).map(({ name, value }) => `${name.value}=${value.value}`),
    ...(docker?.environmentVariables ?? []).map(({ value }) => value),
  ];
  const variables = new Map<string, Value>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const name = pair.slice(0, equals);
    const text = pair.slice(equals + 1);
    // `env:NAME` is replaced by a variable of the node since 1.6.4. A secret must not get into a message.
    const known = !text.startsWith('env:') && !text.includes('$') && !isSecretName(name);
    variables.set(name, known ? { text, known, guess: false } : { text: '…', known, guess: false });
  }
  return variables;
}
