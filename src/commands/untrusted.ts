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
