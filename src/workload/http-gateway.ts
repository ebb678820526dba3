import { domainCovers } from '../job/domains.js';
import { isVisible } from './visible.js';
import type { NetworkUse } from './workload.js';

/** A use of the network that the gateway of network mode HTTP does not let through. */
export interface ShutUse {
  readonly use: NetworkUse;
  /** Half a sentence. */
  readonly reason: string;
  /** Hosts that the job would have to list. */
  readonly missing: readonly string[];
  /** False when the hosts are only those that the program asks unless it is told otherwise. */
  readonly certain: boolean;
}

/**
 * Finds what the gateway stops: programs that take no notice of `http_proxy`, one by one, and hosts outside the
 * domains, together at their first use; those that are named before those that are only usual. Without any domain
 * there is no gateway, and no container (`createHTTPGateway`).
 */
export function stoppedByGateway(uses: readonly NetworkUse[], domains: readonly string[]): ShutUse[] {
  const direct = uses
    .filter(({ usesProxy }) => !usesProxy)
    .map((use) => ({
      use,
      reason: `${use.program} ignores the proxy of network mode HTTP`,
      missing: [],
      certain: true,
    }));
  if (domains.length === 0) return direct;
  const proxied = uses.filter(({ usesProxy }) => usesProxy);
  const isShut = (host: string): boolean => !domains.some((domain) => domainCovers(domain, host));
  const outside = proxied.filter(({ host }) => host !== undefined && isShut(host));
  // What is only guessed is told when there is nothing better.
  const visible = outside.filter(isVisible);
  const told = visible.length > 0 ? visible : outside;
  const named = together(told, ({ host }) => (host === undefined ? [] : [host]), 'among the Domains of the job', true);
  const asking = proxied.filter((use) => isVisible(use) && use.usualHosts?.some(isShut) === true);
  const usual = together(
    asking,
    ({ usualHosts }) => usualHosts?.filter(isShut) ?? [],
    'among the Domains of the job, and by default it asks there',
    false,
  );
  return [...direct, ...named, ...usual];
}

function together(
  uses: readonly NetworkUse[],
  hostsOf: (use: NetworkUse) => readonly string[],
  where: string,
  certain: boolean,
): ShutUse[] {
  const [use] = uses;
  if (use === undefined) return [];
  const missing = [...new Set(uses.flatMap(hostsOf))];
  return [
    { use, reason: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not ${where}`, missing, certain },
  ];
}
