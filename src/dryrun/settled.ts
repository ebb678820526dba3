import type { NotStartedCause, RunEvidence } from '../workload/run-evidence.js';

/** Rules that foresee what a run has shown: whether the program finds its inputs, and what becomes of its files. */
const SETTLED_BY_END = [
  'output/lost',
  'output/non-root-user',
  'input/non-root-user',
  'input/missing',
  'network/no-access',
];

const SETTLED_BY_CAUSE: Partial<Readonly<Record<NotStartedCause, string>>> = {
  'image-platform': 'image/platform',
  'no-command': 'command/nothing-to-run',
  'no-domains': 'network/http-domains',
  memory: 'job/tiny-memory',
};

/** And what becomes of an input, where that could be seen. */
const SETTLED_BY_ACCESS = 'input/unused';

/** Gives the rules that need not guess any more: a rule of the group `run` tells what was seen instead. */
export function settledByRun(run: RunEvidence | undefined): ReadonlySet<string> {
  if (run?.ended === 'exited') {
    const isSeen = run.inputs.every(({ opened }) => opened !== undefined);
    return new Set([...SETTLED_BY_END, ...(isSeen ? [SETTLED_BY_ACCESS] : [])]);
  }
  const cause = run?.notStarted?.cause;
  const rule = cause === undefined ? undefined : SETTLED_BY_CAUSE[cause];
  return new Set(rule === undefined ? [] : [rule]);
}
