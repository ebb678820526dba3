import type { Located, Place, SourceText } from '../text/source.js';
import { part, type Word } from './command-line/words.js';
import { memoryOf, mountOf, nameOf, networkMode, whatBecomes } from './docker-line/becomes.js';
import { dockerWords, type DockerFlag } from './docker-line/flags.js';
import type { JobProblem, JobSpec, Resources, ResultPath } from './job-spec.js';

/**
 * Reads a `docker run …` line into the Bacalhau job that comes nearest to it; what becomes of each option, and what is
 * gone, is in its `problems`. Never throws. All places are in the line.
 *
 * @param words the words behind `docker run`
 */
export function readDockerLine(
  source: SourceText,
  at: Place,
  words: readonly Word[],
  before: readonly JobProblem[],
): Omit<JobSpec, 'unresolved'> {
  const { flags, image, command } = dockerWords(words);
  const last = (...names: string[]): Located<string> | undefined =>
    flags.filter(({ name }) => names.includes(name)).at(-1)?.value;
  const start = { span: { start: at.span.start, end: at.span.start } };
  const entrypoint = last('entrypoint');
  const name = last('name');
  const workdir = last('workdir');
  const network = last('network', 'net');
  const mode = network === undefined ? undefined : networkMode(network.value);
  return {
    source,
    origin: 'command',
    at,
    ...(name === undefined ? {} : { name }),
    type: { value: 'batch', ...start },
    constraints: [],
    labels: [],
    task: {
      at,
      name: { value: 'main', ...start },
      engine: {
        at,
        type: { value: 'docker', ...start },
        docker: {
          at,
          ...(image === undefined ? {} : { image: part(image, 0) }),
          ...(entrypoint === undefined || entrypoint.value === ''
            ? {}
            : { entrypoint: { items: [entrypoint], span: entrypoint.span } }),
          ...parametersOf(command),
          environmentVariables: flags.flatMap(({ name: flag, value }) =>
            flag === 'env' && value?.value.includes('=') === true ? [value] : [],
          ),
          ...(workdir === undefined ? {} : { workingDirectory: workdir }),
        },
      },
      env: [],
      inputs: [],
      resultPaths: flags.flatMap(resultOf),
      resources: resourcesOf(last),
      ...(network === undefined || mode === undefined
        ? {}
        : { network: { at: network, type: { ...network, value: mode }, domains: [], ports: [] } }),
      timeouts: {},
    },
    problems: [...before, ...problemsOf(at, flags, image)],
  };
}

function problemsOf(at: Place, flags: readonly DockerFlag[], image: Word | undefined): JobProblem[] {
  if (image === undefined) {
    return [{ kind: 'docker-option', at, severity: 'error', message: 'the line names no image' }];
  }
  const message =
    'This line is for Docker; it was read as the Bacalhau job that comes nearest to it (--print-job prints it)';
  const read: JobProblem = { kind: 'docker-option', at: firstWord(at), severity: 'info', message };
  const seen = new Set<string>();
  const told = flags.flatMap((flag) => {
    const problem = whatBecomes(flag);
    const key = `${String(problem?.at.span.start)} ${problem?.message ?? ''}`;
    if (problem === undefined || seen.has(key)) return [];
    seen.add(key);
    return [problem];
  });
  return [read, ...told];
}

function firstWord({ span }: Place): Place {
  return { span: { start: span.start, end: Math.min(span.end, span.start + 'docker'.length) } };
}

function parametersOf(words: readonly Word[]): { parameters?: { items: Located<string>[]; span: Place['span'] } } {
  const [first] = words;
  const end = words.at(-1)?.span.end;
  if (first === undefined || end === undefined) return {};
  return { parameters: { items: words.map((word) => part(word, 0)), span: { start: first.span.start, end } } };
}

function resultOf(flag: DockerFlag): ResultPath[] {
  if (flag.value === undefined || (flag.name !== 'volume' && flag.name !== 'mount')) return [];
  const mount = mountOf(flag);
  if (mount?.isResult !== true) return [];
  const { span } = flag.value;
  return [{ at: flag.value, name: { value: nameOf(mount.target), span }, path: { value: mount.target, span } }];
}

function resourcesOf(last: (...names: string[]) => Located<string> | undefined): Resources {
  const [cpu, memory, gpus] = [last('cpus'), last('memory'), last('gpus')];
  return {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory: { ...memory, value: memoryOf(memory.value) ?? memory.value } }),
    ...(gpus === undefined ? {} : { gpu: { ...gpus, value: /^\d+$/.test(gpus.value) ? gpus.value : '1' } }),
  };
}
