import type { Finding } from '../check/finding.js';
import type { Edit } from '../text/edit.js';
import type { SourceText, Span } from '../text/source.js';

/** A finding whose fix was not applied, and why. */
export interface Left {
  readonly finding: Finding;
  readonly reason: string;
}

export interface Spliced {
  readonly text: string;
  readonly applied: readonly Finding[];
  readonly left: readonly Left[];
}

/** Ranges in which nothing may be changed, and why. */
export interface Guarded extends Span {
  readonly reason: string;
}

/**
 * Applies the fixes of findings to a text: each whole or not at all, and of two that touch the same characters the
 * first. Two that make the same edit are both applied by it. Everything outside the edits stays as it is.
 */
export function splice(source: SourceText, findings: readonly Finding[], guarded: readonly Guarded[]): Spliced {
  const edits: Edit[] = [];
  const applied: Finding[] = [];
  const left: Left[] = [];
  for (const finding of findings) {
    const wanted = finding.fix?.edits ?? [];
    const reason = obstacle(wanted, edits, source, guarded);
    if (reason !== undefined) {
      left.push({ finding, reason });
      continue;
    }
    for (const edit of wanted) if (!edits.some((other) => same(other, edit))) edits.push(edit);
    applied.push(finding);
  }
  return { text: applyEdits(source.text, edits), applied, left };
}

/** Replaces ranges that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: put } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

function obstacle(
  wanted: readonly Edit[],
  edits: readonly Edit[],
  source: SourceText,
  guarded: readonly Guarded[],
): string | undefined {
  for (const [index, edit] of wanted.entries()) {
    if (edit.path !== source.path) return `it changes ${edit.path}`;
    if (edit.start < 0 || edit.end < edit.start || edit.end > source.text.length) return 'its place is not in the text';
    const guard = guarded.find((range) => touches(range, edit));
    if (guard !== undefined) return guard.reason;
    if (edits.some((other) => !same(other, edit) && overlaps(other, edit))) return 'another fix changes the same text';
    if (wanted.slice(0, index).some((other) => overlaps(other, edit))) return 'its own edits overlap';
  }
  return undefined;
}

function same(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

/** An insertion at the edge of another edit overlaps too: which comes first is not for us to say. */
function overlaps(a: Span, b: Span): boolean {
  const isInsertion = a.start === a.end || b.start === b.end;
  return (
    a.start === b.start || (isInsertion ? a.start <= b.end && b.start <= a.end : a.start < b.end && b.start < a.end)
  );
}

function touches(range: Span, edit: Span): boolean {
  return edit.start < range.end && (edit.end > range.start || (edit.start === edit.end && edit.start > range.start));
}
