import type { Fix } from '../check/rule.js';

/** Whether a fix has edits that may be applied. */
export function isApplicable(fix: Fix | undefined, unsafe: boolean): boolean {
  return fix?.edits !== undefined && fix.edits.length > 0 && (fix.safe || unsafe);
}
