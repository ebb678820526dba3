import type { DockerfileCommand, DockerfileStage } from '../dockerfile/dockerfile.js';
import type { ImageConfig } from '../image/facts.js';
import type { DockerParams, LocatedList } from '../job/job-spec.js';
import type { Located, Place } from '../text/source.js';
import type { EffectiveCommand, Word } from './workload.js';

/** What decides the command of a container. `configKnown` says whether the image's config was looked at. */
export interface CommandInput {
  readonly docker?: DockerParams;
  readonly dockerfile?: DockerfileStage;
  readonly config?: ImageConfig;
  readonly configKnown: boolean;
}

/** ENTRYPOINT or CMD: its words, or not known. No words mean that there is none. */
type Part = readonly Word[] | 'unknown';

/**
 * Joins the job's Entrypoint and Parameters with the image's ENTRYPOINT and CMD as Bacalhau does since 1.1
 * (`pkg/executor/docker`): the job's Entrypoint takes the place of the image's and clears its CMD, Parameters take
 * the place of CMD. An empty list is the same as none.
 */
export function effectiveCommand(input: CommandInput): EffectiveCommand {
  const image = imageParts(input);
  const entrypoint = jobWords(input.docker?.entrypoint);
  const parameters = jobWords(input.docker?.parameters);
  const workingDir = workingDirectory(input);
  const dir = workingDir === undefined ? {} : { workingDir };
  if (entrypoint.length > 0) {
    const words = [...entrypoint, ...parameters];
    return { words, complete: true, entrypoint: 'job', arguments: parameters.length > 0 ? 'job' : 'none', ...dir };
  }
  const args: Part = parameters.length > 0 ? parameters : image.cmd;
  const known = args === 'unknown' ? [] : args;
  const argsFrom = parameters.length > 0 ? 'job' : nameOf(args);
  if (image.entrypoint === 'unknown') {
    // An ENTRYPOINT that nobody has seen may take these words as its arguments.
    const words = known.map((word): Word => ({ ...word, origin: 'guess' }));
    return { words, complete: false, entrypoint: 'unknown', arguments: argsFrom, ...dir };
  }
  return {
    words: [...image.entrypoint, ...known],
    complete: args !== 'unknown',
    entrypoint: nameOf(image.entrypoint),
    arguments: argsFrom,
    ...dir,
  };
}

function nameOf(part: Part): 'image' | 'none' | 'unknown' {
  if (part === 'unknown') return part;
  return part.length > 0 ? 'image' : 'none';
}

function jobWords(list: LocatedList | undefined): Word[] {
  return (list?.items ?? []).map(subjectWord);
}

function subjectWord(item: Located<string>): Word {
  return { text: item.value, known: true, origin: 'exec', from: 'subject', at: placeOf(item) };
}

function placeOf({ span, pointer }: Place): Place {
  return pointer === undefined ? { span } : { span, pointer };
}

function imageParts({ dockerfile, config, configKnown }: CommandInput): { entrypoint: Part; cmd: Part } {
  const base: { entrypoint: Part; cmd: Part } =
    configKnown && config !== undefined
      ? { entrypoint: config.entrypoint.map(imageWord), cmd: config.cmd.map(imageWord) }
      : { entrypoint: 'unknown', cmd: 'unknown' };
  if (dockerfile === undefined) return base;
  const below = dockerfile.base.value === 'scratch' ? { entrypoint: [], cmd: [] } : base;
  const { entrypoint, cmd } = dockerfile;
  return {
    entrypoint: entrypoint === undefined ? below.entrypoint : dockerfileWords(entrypoint),
    // ENTRYPOINT in a Dockerfile clears the CMD of the base image (Dockerfile reference, "CMD and ENTRYPOINT").
    cmd: cmd !== undefined ? dockerfileWords(cmd) : entrypoint === undefined ? below.cmd : [],
  };
}

function imageWord(text: string): Word {
  return { text, known: true, origin: 'exec', from: 'image' };
}

function dockerfileWords(command: DockerfileCommand): Word[] {
  const words = command.words.map(subjectWord);
  if (command.form === 'exec') return words;
  const at = placeOf(command);
  const shell = command.shell ?? ['/bin/sh', '-c'];
  return [...shell.map((text): Word => ({ text, known: true, origin: 'exec', from: 'subject', at })), ...words];
}

function workingDirectory({ docker, dockerfile, config, configKnown }: CommandInput): string | undefined {
  const candidates = [docker?.workingDirectory?.value, dockerfile?.workingDir?.value, config?.workingDir];
  const given = candidates.find((dir) => dir !== undefined && dir !== '');
  if (given !== undefined) return given.startsWith('/') ? given : undefined;
  return configKnown || dockerfile?.base.value === 'scratch' ? '/' : undefined;
}
