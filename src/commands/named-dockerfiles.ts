import type { Config } from '../config/config.js';
import type { Dockerfile } from '../dockerfile/dockerfile.js';

/** The Dockerfiles that a configuration names for images. */
export interface NamedDockerfiles {
  /** By image name without tag. */
  readonly dockerfiles: ReadonlyMap<string, Dockerfile>;
  /** One line for each that cannot be read. */
  readonly problems: readonly string[];
}

/** Reads the Dockerfiles that the configuration names under `images`. */
export async function namedDockerfiles({ images }: Config): Promise<NamedDockerfiles> {
  const dockerfiles = new Map<string, Dockerfile>();
  const problems: string[] = [];
  if (images.size === 0) return { dockerfiles, problems };
  const { gather } = await import('../check/gather.js');
  const { readDockerfile } = await import('../dockerfile/read.js');
  for (const [name, { value: path }] of images) {
    const found = await gather([path], { as: 'dockerfile', readStdin: () => Promise.resolve(Buffer.alloc(0)) });
    const [input] = found.inputs;
    if (input?.kind === 'dockerfile') dockerfiles.set(name, readDockerfile(input.source));
    for (const { message } of found.problems) problems.push(`${message} (it is to build ${name})`);
  }
  return { dockerfiles, problems };
}
