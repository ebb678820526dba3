import type { JobProblem, JobProblemKind } from '../job/job-spec.js';
import { holdsFor } from '../target/release.js';
import type { Fix, RuleContext, RuleFinding } from './rule.js';

/** Turns what reading found, of one kind, into findings of the rule of that kind. */
export function* findingsOfKind(context: RuleContext, kind: JobProblemKind): Generator<RuleFinding> {
  for (const problem of context.job?.problems ?? []) {
    if (problem.kind !== kind || !holdsFor(context.target.bacalhau, problem)) continue;
    const fix = fixOf(problem, context.source.path);
    const related = [
      ...(problem.related === undefined ? [] : [problem.related]),
      ...(problem.quote === undefined ? [] : [{ message: `Bacalhau says: ${problem.quote}` }]),
    ];
    yield {
      at: problem.at,
      message: sentence(problem.message),
      related,
      ...(problem.stage === undefined ? {} : { stage: problem.stage }),
      ...(problem.severity === undefined ? {} : { severity: problem.severity }),
      ...(fix === undefined ? {} : { fix }),
    };
  }
}

/** Safe: the file is refused, or the key is ignored, as it stands; there is one thing it can mean. */
function fixOf({ at, replacement }: JobProblem, path: string): Fix | undefined {
  if (replacement === undefined) return undefined;
  return { title: `Write ${replacement}`, safe: true, edits: [{ path, ...at.span, text: replacement }] };
}

/** A capital and a full stop; a message that begins with the user's own word keeps it as it is. */
function sentence(text: string): string {
  const begun = /^(?:the|a|an|this|two|no|aliases)\b/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.?]$/.test(begun) ? begun : `${begun}.`;
}
