import { lstat } from 'node:fs/promises';
import { liesInside } from '../text/inside.js';
import type { Config } from '../config/config.js';
import type { ImageFlagValues } from './image-flags.js';

/** Registries that anybody may be sent to: public, and run by nobody who writes job specs. */
const PUBLIC_REGISTRIES = [
  'docker.io',
  'ghcr.io',
  'quay.io',
  'public.ecr.aws',
  'gcr.io',
  'registry.k8s.io',
  'mcr.microsoft.com',
];

/** Takes out named files that are links out of the working directory: `jobs/*.yaml` names what a stranger linked. */
export async function withoutLinksOut(
  paths: readonly string[],
): Promise<{ readonly inside: readonly string[]; readonly outside: readonly string[] }> {
  const inside: string[] = [];
  const outside: string[] = [];
  for (const path of paths) {
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink && !(await liesInside(path, '.'))) {
      outside.push(`${path} is a link out of this folder, which is not followed with --ci-untrusted`);
    } else inside.push(path);
  }
  return { inside, outside };
}

/**
 * What `--ci-untrusted` leaves of flags and configuration, where what is checked is the text of a stranger: public
 * registries and those that a named configuration file allows, no private hosts, no mirrors of this machine.
 */
export function forStrangers<T extends ImageFlagValues>(flags: T, { named, allowed }: Config): T {
  return {
    ...flags,
    credentials: false,
    'allow-host': [],
    'insecure-registry': [],
    'registry-mirror': flags['registry-mirror'] ?? [],
    onlyRegistries: new Set([...PUBLIC_REGISTRIES, ...(named ? (allowed?.registries ?? []) : [])]),
  };
}
