import { domainCovers } from '../job/domains.js';
import { isVisible } from './network-uses.js';
import type { NetworkUse } from './workload.js';

/** A use of the network that the gateway of network mode HTTP does not let through. */
export interface ShutUse {
  readonly use: NetworkUse;
  /** Half a sentence. */
  readonly reason: string;
  /** Hosts that the job would have to list. */
  readonly missing: readonly string[];
}

/**
 * Finds what the gateway stops: programs that take no notice of `http_proxy`, one by one, and hosts outside the
 * domains, together at their first use. Without any domain there is no gateway, and no container (`createHTTPGateway`).
 */
export function stoppedByGateway(uses: readonly NetworkUse[], domains: readonly string[]): ShutUse[] {
  const direct = uses
    .filter(({ usesProxy }) => !usesProxy)
    .map((use) => ({ use, reason: `${use.program} ignores the proxy of network mode HTTP`, missing: [] }));
  const outside = uses.filter(
    ({ host, usesProxy }) => usesProxy && host !== undefined && !domains.some((domain) => domainCovers(domain, host)),
  );
  // What is only guessed is told when there is nothing better.
  const visible = outside.filter(isVisible);
  const told = visible.length > 0 ? visible : outside;
  const [first] = told;
  if (first === undefined || domains.length === 0) return direct;
  const missing = [...new Set(told.flatMap(({ host }) => host ?? []))];
  const reason = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not among the Domains of the job`;
  return [...direct, { use: first, reason, missing }];
}
