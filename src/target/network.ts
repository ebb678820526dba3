import { compareReleases } from './release.js';
import type { Target } from './target.js';

/** A job's network mode (`pkg/models/network.go`), lower case; `full` is the older name of `host`. */
export type NetworkMode = 'none' | 'default' | 'host' | 'bridge' | 'http';

interface ModeName {
  readonly mode: NetworkMode;
  readonly since?: string;
}

const MODES: ReadonlyMap<string, ModeName> = new Map([
  ['none', { mode: 'none' }],
  ['full', { mode: 'host' }],
  ['http', { mode: 'http' }],
  ['host', { mode: 'host', since: '1.6.4' }],
  ['bridge', { mode: 'bridge', since: '1.6.4' }],
  ['default', { mode: 'default', since: '1.7.0' }],
]);

/**
 * Gives the network mode that a job asks for. Names are compared without case.
 *
 * @param type the mode's name as written; absent or empty means the mode that the release gives by default
 * @returns undefined when the release knows no mode of that name; Bacalhau then refuses the job
 */
export function networkMode(type: string | undefined, target: Target): NetworkMode | undefined {
  const name = (type ?? '') === '' ? target.defaultNetwork : (type ?? '');
  const known = MODES.get(name.trim().toLowerCase());
  if (known === undefined || !knows(target, known)) return undefined;
  return known.mode;
}

/** Gives the name of the mode with plain outbound access that a release knows: `Bridge`, or `Full` before 1.6.4. */
export function outboundMode(target: Target): 'Bridge' | 'Full' {
  return knows(target, MODES.get('bridge')) ? 'Bridge' : 'Full';
}

/**
 * Says what a node does with networked jobs when its operator decided nothing: up to 1.6 it refuses them
 * (`AcceptNetworkedJobs` is false), from 1.7 it takes them (`RejectNetworkedJobs` is false).
 */
export function takesNetworkedJobsByDefault(target: Target): boolean {
  return compareReleases(target.bacalhau, '1.7.0') >= 0;
}

function knows(target: Target, name: ModeName | undefined): boolean {
  return name !== undefined && (name.since === undefined || compareReleases(target.bacalhau, name.since) >= 0);
}
