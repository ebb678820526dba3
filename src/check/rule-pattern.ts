import { matchesGlob } from '../text/glob.js';

/** Whether `group/name`, `group/*` or `*` means a rule. */
export function matchesRule(pattern: string, id: string): boolean {
  return pattern === '*' || matchesGlob(pattern, id);
}
