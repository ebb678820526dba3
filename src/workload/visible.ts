import type { Origin } from './workload.js';

/** Says whether a use stands in the command itself, not in code of which only some calls are understood, or behind an unknown. */
export function isVisible({ origin }: { readonly origin: Origin }): boolean {
  return origin !== 'script' && origin !== 'guess';
}
