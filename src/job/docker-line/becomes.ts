import type { JobProblem } from '../job-spec.js';
import type { DockerFlag } from './flags.js';

/** Options that mean nothing to a job and lose nothing. */
const NOT_NEEDED = new Set([
  'rm',
  'detach',
  'name',
  'pull',
  'quiet',
  'sig-proxy',
  'attach',
  'label',
  'disable-content-trust',
]);

/**
 * What has no equal because Bacalhau sets only image, variables, entrypoint, command, working directory, mounts, memory,
 * CPU, GPUs and network of a container (`newDockerJobContainer`, release 1.9).
 */
const NO_EQUAL: Readonly<Record<string, string>> = {
  user: 'a user cannot be chosen, so the USER of the image decides',
  privileged: 'a job is never privileged',
  'cap-add': 'a job gets no further capabilities',
  device: 'a job gets no devices but GPUs',
  'shm-size': '/dev/shm stays at 64 MB, which loaders with several workers overrun',
  platform: 'a platform cannot be chosen: the image must have the one of the nodes',
  'env-file': 'the file is not read, so each variable needs its own -e NAME=value',
  'read-only': 'the root of the container stays writable',
  'volumes-from': 'there is no other container to take volumes from',
  tmpfs: 'the folder is an ordinary one in the container',
  interactive: 'a job has no terminal and no standard input',
  tty: 'a job has no terminal and no standard input',
  restart: 'a container is not started again; jobs of type service and daemon get a new execution',
  init: 'the program itself is the first process',
};

/** Says what becomes of one option of `docker run`; undefined when nothing is lost or to be known. */
export function whatBecomes(flag: DockerFlag): JobProblem | undefined {
  const { name, word, value, span } = flag;
  const shown = word.value.startsWith('--') ? `--${name}` : word.value;
  const text = value?.value ?? '';
  const tell = (severity: 'warning' | 'info', message: string): JobProblem => {
    return { kind: 'docker-option', at: { span }, severity, message };
  };
  switch (name) {
    case 'volume':
    case 'mount':
      return aboutMount(flag, tell);
    case 'env':
      if (text.includes('=')) return undefined;
      return tell(
        'warning',
        `${shown} ${text} takes the value from your shell, which a job does not see; write -e ${text}=value`,
      );
    case 'memory':
      return tell(
        'info',
        `${shown} ${text} becomes Memory: ${memoryOf(text) ?? text} (Docker counts in 2^10, so do Ki, Mi and Gi)`,
      );
    case 'gpus':
      if (/^\d+$/.test(text)) return undefined;
      return tell('info', `--gpus ${text} becomes GPU: 1; a job asks for a number of GPUs`);
    case 'network':
    case 'net':
      if (networkMode(text) !== undefined) return undefined;
      return tell(
        'warning',
        `--${name} ${text} names a network of your engine, which no node has; the job gets the default network`,
      );
    case 'publish':
    case 'publish-all':
    case 'expose':
      return tell(
        'warning',
        `${shown} ${text}`.trim() +
          ' opens a port to your machine; a job opens ports of a node, in a spec with Network.Ports and Type Host or Bridge',
      );
    case 'cpus':
    case 'entrypoint':
    case 'workdir':
      return undefined;
    default:
      if (NOT_NEEDED.has(name)) return undefined;
      if (Object.hasOwn(NO_EQUAL, name))
        return tell(mildFor(name), `${shown} has no equal in Bacalhau: ${NO_EQUAL[name] ?? ''}`);
      return tell('warning', `${shown} has no equal in Bacalhau: the container runs without it`);
  }
}

function mildFor(name: string): 'warning' | 'info' {
  return ['interactive', 'tty', 'init', 'tmpfs', 'read-only', 'restart'].includes(name) ? 'info' : 'warning';
}

type Tell = (severity: 'warning' | 'info', message: string) => JobProblem;

function aboutMount(flag: DockerFlag, tell: Tell): JobProblem {
  const mount = mountOf(flag);
  if (mount === undefined) return tell('warning', `${flag.word.value} is not a mount that Docker takes`);
  const { target, from, isResult } = mount;
  if (isResult)
    return tell('info', `This folder becomes a result path: -o ${nameOf(target)}:${target}, and needs a publisher`);
  const what =
    from === ''
      ? 'a volume of your engine'
      : /^[./~$]|\{\{/.test(from)
        ? 'a folder of your machine'
        : `the volume ${from} of your engine`;
  return tell(
    'warning',
    `This mounts ${what}, which no node has: upload it and add an input (-i s3://BUCKET/KEY/:${target}); results are collected with -o NAME:${target}`,
  );
}

/** Where a `-v` or `--mount` lies in the container. */
export interface DockerMount {
  readonly from: string;
  readonly target: string;
  /** Whether people collect results there, by its name. */
  readonly isResult: boolean;
}

/** Gives the mount of an option; undefined when it names none. */
export function mountOf({ name, value }: DockerFlag): DockerMount | undefined {
  if (value === undefined) return undefined;
  const [from, target] = name === 'mount' ? keyValues(value.value) : sourceAndTarget(value.value);
  if (target?.startsWith('/') !== true) return undefined;
  return { from, target, isResult: /^\/(?:outputs?|results?)\/?$/.test(target) };
}

/** A name for the result path at a folder. */
export function nameOf(target: string): string {
  return target.split('/').filter(Boolean).at(-1) ?? 'outputs';
}

/** `[FROM:]TARGET[:OPTIONS]` */
function sourceAndTarget(text: string): [from: string, target?: string] {
  const [first = '', second] = text.split(':');
  return second === undefined ? ['', first] : [first, second];
}

function keyValues(text: string): [from: string, target?: string] {
  const pairs = new Map(
    text.split(',').map((pair): [string, string] => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
  const target = pairs.get('target') ?? pairs.get('dst') ?? pairs.get('destination');
  const from = pairs.get('source') ?? pairs.get('src') ?? '';
  return target === undefined ? [from] : [from, target];
}

/** Docker's `512m`, `2g` in Bacalhau's words; undefined for what Docker does not take. */
export function memoryOf(text: string): string | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = { b: '', k: 'Ki', m: 'Mi', g: 'Gi' }[(match[2] ?? '').toLowerCase()] ?? '';
  return `${match[1] ?? ''}${unit}`;
}

/** The network mode for a `--network` of Docker; undefined for networks with a name. */
export function networkMode(text: string): string | undefined {
  return { none: 'None', host: 'Host', bridge: 'Bridge', default: 'Default' }[text];
}
