import type { DockerfileCommand, DockerfileStage } from '../dockerfile/dockerfile.js';
import type { ImageConfig } from '../image/facts.js';
import type { DockerParams, LocatedList } from '../job/job-spec.js';
import { resolvePath } from '../text/posix-path.js';
import { hasVariable } from './gaps.js';
import type { EffectiveCommand, Origin, Word } from './workload.js';

/** What decides the command. At most one of `dockerfile` and `config` is given. */
export interface CommandInput {
  readonly docker?: DockerParams;
  readonly dockerfile?: DockerfileStage;
  readonly config?: ImageConfig;
  /** False when the image has a config that could not be learned. */
  readonly configKnown: boolean;
}

/** What the image brings along; `unknown` where it could not be seen. */
export interface ImageCommand {
  readonly entrypoint: readonly Word[] | 'unknown';
  readonly cmd: readonly Word[] | 'unknown';
  /** Absolute. */
  readonly workingDir?: string;
}

/**
 * Puts ENTRYPOINT, CMD and the job together as Bacalhau does since 1.1 (`pkg/executor/docker`, which hands both lists
 * to Docker): Parameters replace CMD, Entrypoint replaces ENTRYPOINT and clears CMD, an empty list counts as none.
 */
export function effectiveCommand(input: CommandInput): EffectiveCommand {
  const image = imageCommand(input);
  const workingDir = workingDirectory(input, image);
  const entrypoint = wordsOf(input.docker?.entrypoint, 'exec');
  const parameters = wordsOf(input.docker?.parameters, 'exec');
  const where = workingDir === undefined ? {} : { workingDir };
  if (entrypoint.length > 0) {
    return {
      words: [...entrypoint, ...parameters],
      complete: true,
      entrypoint: 'job',
      arguments: parameters.length > 0 ? 'job' : 'none',
      ...where,
    };
  }
  if (image.entrypoint === 'unknown') {
    // Whether the first word is the program depends on the ENTRYPOINT that could not be seen.
    const words = parameters.length > 0 ? parameters : image.cmd === 'unknown' ? [] : image.cmd;
    return {
      words: words.map((word) => ({ ...word, origin: 'guess' as const })),
      complete: false,
      entrypoint: 'unknown',
      arguments: parameters.length > 0 ? 'job' : kindOf(image.cmd),
      ...where,
    };
  }
  if (parameters.length > 0) {
    return {
      words: [...image.entrypoint, ...parameters],
      complete: true,
      entrypoint: kindOf(image.entrypoint),
      arguments: 'job',
      ...where,
    };
  }
  return {
    words: [...image.entrypoint, ...(image.cmd === 'unknown' ? [] : image.cmd)],
    complete: image.cmd !== 'unknown',
    entrypoint: kindOf(image.entrypoint),
    arguments: kindOf(image.cmd),
    ...where,
  };
}

/** Gives what the image itself would run, from its config or from the Dockerfile that makes it. */
export function imageCommand({ dockerfile, config, configKnown }: CommandInput): ImageCommand {
  if (dockerfile !== undefined) return dockerfileCommand(dockerfile);
  if (!configKnown || config === undefined) return { entrypoint: 'unknown', cmd: 'unknown' };
  return {
    entrypoint: config.entrypoint.map(imageWord),
    cmd: config.cmd.map(imageWord),
    workingDir: resolvePath('/', config.workingDir),
  };
}

/** What the stage does not say comes from its base, which is not looked at; an ENTRYPOINT clears the base's CMD. */
function dockerfileCommand(stage: DockerfileStage): ImageCommand {
  const inherited = stage.fromScratch === true ? [] : 'unknown';
  const { entrypoint, cmd } = stage;
  const workingDir = stage.workingDir?.value ?? (stage.fromScratch === true ? '/' : undefined);
  return {
    entrypoint: entrypoint === undefined ? inherited : execWords(entrypoint),
    cmd: cmd === undefined ? (entrypoint === undefined ? inherited : []) : execWords(cmd),
    ...(workingDir?.startsWith('/') === true ? { workingDir } : {}),
  };
}

/** Shell form runs as SHELL with the text as one more word (Dockerfile reference, "Shell form"). */
function execWords(command: DockerfileCommand): Word[] {
  const words = command.words.map(({ value, span }) => word(value, 'exec', { at: { span } }));
  if (command.form === 'exec' || words.length === 0) return words;
  const shell = command.shell?.map(({ value, span }) => word(value, 'exec', { at: { span } }));
  return [...(shell ?? ['/bin/sh', '-c'].map(imageWord)), ...words];
}

function workingDirectory({ docker }: CommandInput, image: ImageCommand): string | undefined {
  const own = docker?.workingDirectory?.value;
  return own?.startsWith('/') === true ? resolvePath('/', own) : image.workingDir;
}

function wordsOf(list: LocatedList | undefined, origin: Origin): Word[] {
  return (list?.items ?? []).map(({ value, span, pointer }) =>
    word(value, origin, { at: { span, ...(pointer === undefined ? {} : { pointer }) } }),
  );
}

/** A template variable that was given no value stands in the text as it was written; the program sees another. */
function word(text: string, origin: Origin, place: Pick<Word, 'at'>): Word {
  return { text, known: !hasVariable(text), origin, from: 'subject', ...place };
}

function imageWord(text: string): Word {
  return { text, known: true, origin: 'spec', from: 'image' };
}

function kindOf(words: readonly Word[] | 'unknown'): 'image' | 'none' | 'unknown' {
  if (words === 'unknown') return 'unknown';
  return words.length > 0 ? 'image' : 'none';
}
