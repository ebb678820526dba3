import type { JobProblem, JobProblemKind, Move } from '../job/job-spec.js';
import type { MapNode } from '../job/tree.js';
import { holdsFor } from '../target/release.js';
import { joinItems, moveEntries, type Moving, type PlacedMapping } from '../text/move.js';
import { shortened } from '../text/shortened.js';
import type { SourceText } from '../text/source.js';
import type { Fix, RuleContext, RuleFinding } from './rule.js';

/** Turns what reading found, of one kind, into findings of the rule of that kind. */
export function* findingsOfKind(context: RuleContext, kind: JobProblemKind): Generator<RuleFinding> {
  for (const problem of context.job?.problems ?? []) {
    if (problem.kind !== kind || !holdsFor(context.target.bacalhau, problem)) continue;
    const fix = fixOf(problem, context.source);
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

/** Safe where the job is refused, or dropped by every node, as it stands, and there is one thing it can mean. */
function fixOf({ at, replacement, move, join, changesJob }: JobProblem, source: SourceText): Fix | undefined {
  const safe = changesJob !== true;
  if (replacement !== undefined) {
    return { title: `Write ${replacement}`, safe, edits: [{ path: source.path, ...at.span, text: replacement }] };
  }
  if (move !== undefined) {
    const edits = moveEntries(source, moving(move));
    const names = move.entries.map(({ key }) => key.value).join(', ');
    return edits === undefined ? undefined : { title: `Move ${shortened(names)} ${move.where}`, safe, edits };
  }
  if (join === undefined) return undefined;
  const edits = joinItems(source, placed(join.first), placed(join.second));
  return edits === undefined ? undefined : { title: 'Make one list item of the two', safe, edits };
}

function moving({ from, entries, to, below }: Move): Moving {
  const all = placed(from);
  const moved = all.entries.filter(({ key }) => entries.some((entry) => entry.key.span === key));
  const target = to === from ? all : placed(to);
  return { from: all, entries: moved, to: target, below: below && { name: below.name, key: below.key?.span } };
}

function placed({ span, entries }: MapNode): PlacedMapping {
  return { span, entries: entries.map(({ key, value }) => ({ key: key.span, value: value.span })) };
}

/** A capital and a full stop; a message that begins with the user's own word keeps it as it is. */
function sentence(text: string): string {
  const begun = /^(?:the|a|an|this|two|no|aliases)\b/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.?]$/.test(begun) ? begun : `${begun}.`;
}
