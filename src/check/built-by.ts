import { basename, dirname, resolve } from 'node:path';
import type { Dockerfile } from '../dockerfile/dockerfile.js';
import { pulledReference } from '../image/pulled.js';
import { familiarRepository, parseReference } from '../image/reference.js';
import type { Place } from '../text/source.js';
import type { ImagePart } from './rule.js';
import type { Subject } from './subject.js';

/** The Dockerfile that builds the image of a job. */
export interface BuiltBy {
  readonly dockerfile: Dockerfile;
  /** False when only names say so. */
  readonly certain: boolean;
}

/** What is known of the Dockerfiles of a run. */
export interface KnownDockerfiles {
  /** By image name without tag, as the user's configuration says. */
  readonly named: ReadonlyMap<string, Dockerfile>;
  /** Those that are checked in this run, by the name that their path gives to what they build. */
  readonly called: ReadonlyMap<string, readonly Dockerfile[]>;
}

/** Makes the Dockerfiles of a run ready to be found by the image that they build. */
export function knownDockerfiles(
  named: ReadonlyMap<string, Dockerfile>,
  checked: readonly Dockerfile[],
): KnownDockerfiles {
  const called = new Map<string, Dockerfile[]>();
  for (const dockerfile of checked) {
    const name = nameOf(dockerfile.source.path);
    const same = name === undefined ? undefined : called.get(name);
    if (same !== undefined) same.push(dockerfile);
    else if (name !== undefined) called.set(name, [dockerfile]);
  }
  return { named, called };
}

/**
 * Finds the Dockerfile that builds an image: the one that is configured for it, else the only one whose folder or
 * ending is called like the last part of the image's name (`wordcount/Dockerfile`, `Dockerfile.wordcount`).
 */
export function builtBy({ job, image }: Pick<Subject, 'job' | 'image'>, known: KnownDockerfiles): BuiltBy | undefined {
  // The job's own name for it, also where the user gave another image to look at.
  const named = job?.task?.engine?.docker?.image?.value;
  const parsed = named === undefined ? undefined : parseReference(named);
  const reference = parsed?.ok === true ? parsed.reference : pulledReference(image);
  if (reference === undefined) return undefined;
  const repository = familiarRepository(reference);
  for (const [name, dockerfile] of known.named) {
    const key = parseReference(name);
    if (key.ok && familiarRepository(key.reference) === repository) return { dockerfile, certain: true };
  }
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  const called = known.called.get(last) ?? [];
  const [dockerfile] = called;
  return dockerfile === undefined || called.length > 1 ? undefined : { dockerfile, certain: false };
}

/** The name that a path gives to what the Dockerfile builds, lower case. */
function nameOf(path: string): string | undefined {
  if (path === '-') return undefined;
  const file = basename(path).toLowerCase();
  const [, ending, begin] =
    /^(?:dockerfile|containerfile)[._-](.+)$|^(.+)\.(?:dockerfile|containerfile)$/.exec(file) ?? [];
  const folder = basename(dirname(resolve(path))).toLowerCase();
  return ending ?? begin ?? folder;
}

/** Gives the line of the Dockerfile that decides a part of the image, as something related to a finding. */
export function buildPlace(
  { dockerfile, certain }: BuiltBy,
  part: ImagePart,
): readonly { readonly message: string; readonly at: Place }[] {
  const { final, source } = dockerfile;
  if (final === undefined) return [];
  const { span, what } = {
    platform: () =>
      final.platform === undefined
        ? { span: final.base.span, what: 'the image stands on this base' }
        : { span: final.platform.span, what: 'FROM fixes the platform here' },
    user: () =>
      final.user === undefined
        ? { span: final.base.span, what: 'USER comes with this base' }
        : { span: final.user.span, what: 'USER is set here' },
    command: () => {
      const command = final.entrypoint ?? final.cmd;
      return command === undefined
        ? { span: final.base.span, what: 'the command comes with this base' }
        : { span: command.span, what: 'the command of the image is set here' };
    },
  }[part]();
  const message = certain ? what : `${what}, if this Dockerfile builds the image, as its name suggests`;
  return [{ message: `${message}.`, at: { span, file: source } }];
}
