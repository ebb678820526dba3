import type { SubjectReport } from '../check/finding.js';
import type { Facts } from '../check/rule.js';
import { sizeText } from '../text/size.js';

/** What a node of the target would do with an image. */
export interface NodeAnswer {
  /** `refuse`: it declines or cannot pull; `fail`: the program cannot start; `unknown`: something was not looked at. */
  readonly would: 'run' | 'refuse' | 'fail' | 'unknown';
  /** One sentence each. */
  readonly lines: readonly string[];
}

/** Says it from the findings about the image by itself. */
export function nodeAnswer(facts: Facts, { findings, notChecked }: SubjectReport): NodeAnswer {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning').map(({ message }) => `may: ${message}`);
  if (errors.length > 0) {
    const refuses = errors.some(({ stage }) => stage !== 'run' && stage !== 'results');
    const what = refuses ? 'refuses it' : 'starts it, and it fails';
    return {
      would: refuses ? 'refuse' : 'fail',
      lines: [...errors.map(({ message }) => `${what}: ${message}`), ...warnings],
    };
  }
  const missing = notChecked.map(({ fact, reason }) => `not known: ${fact} (${reason})`);
  if (facts['image.platforms'] === undefined) return { would: 'unknown', lines: [...warnings, ...missing] };
  const config = facts['image.config'];
  const size = config?.size === undefined ? '' : ` (${sizeText(config.size)})`;
  const isRemote = facts['image.platforms'].source === 'registry';
  const runs = isRemote ? `pulls it${size} and runs it` : `would run it, once it is pushed to a registry`;
  return { would: missing.length > 0 ? 'unknown' : 'run', lines: [runs, ...warnings, ...missing] };
}
