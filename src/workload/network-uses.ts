import type { NetworkUse } from './workload.js';

/**
 * Gives the uses that need a network outside the container, each word once: several findings about one word
 * say nothing new. Uses of the container's own loopback interface are left out; it is there in every network mode.
 */
export function outsideUses(uses: readonly NetworkUse[]): NetworkUse[] {
  const seen = new Set<string>();
  return uses.filter((use) => {
    if (use.host !== undefined && isOwnHost(use.host)) return false;
    const key = `${use.program} ${String(use.word.at?.span.start ?? -1)} ${use.word.text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isOwnHost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '::1';
}
