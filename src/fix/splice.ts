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
  const taken = new EditsByPlace();
  const guards = guardsOf(guarded);
  const applied: Finding[] = [];
  const left: Left[] = [];
  for (const finding of findings) {
    const wanted = finding.fix?.edits ?? [];
    const reason = obstacle(wanted, taken, source, guards);
    if (reason !== undefined) {
      left.push({ finding, reason });
      continue;
    }
    for (const edit of wanted) taken.add(edit);
    applied.push(finding);
  }
  return { text: applyEdits(source.text, taken.all()), applied, left };
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
  taken: EditsByPlace,
  source: SourceText,
  guards: Guards,
): string | undefined {
  for (const [index, edit] of wanted.entries()) {
    if (edit.path !== source.path) return `it changes ${edit.path}`;
    if (edit.start < 0 || edit.end < edit.start || edit.end > source.text.length) return 'its place is not in the text';
    const guard = guardOf(edit, guards);
    if (guard !== undefined) return guard.reason;
    if (taken.meets(edit)) return 'another fix changes the same text';
    if (wanted.slice(0, index).some((other) => overlaps(other, edit))) return 'its own edits overlap';
  }
  return undefined;
}

/** Edits that do not overlap, found by their place: a file may have thousands. */
class EditsByPlace {
  /** In the order of the text. */
  private readonly edits: Edit[] = [];

  add(edit: Edit): void {
    const index = this.indexOf(edit.start);
    const there = this.edits[index];
    if (there === undefined || !same(there, edit)) this.edits.splice(index, 0, edit);
  }

  /** Whether an edit touches another than itself. */
  meets(edit: Edit): boolean {
    const index = this.indexOf(edit.start);
    for (let next = Math.max(0, index - 1); next < this.edits.length; next++) {
      const other = this.edits[next];
      if (other === undefined || other.start > edit.end) return false;
      if (!same(other, edit) && overlaps(other, edit)) return true;
    }
    return false;
  }

  all(): readonly Edit[] {
    return this.edits;
  }

  /** Index of the first edit that begins at an offset or behind it. */
  private indexOf(offset: number): number {
    let low = 0;
    let high = this.edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.edits[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** In the order of their starts; `furthest` is the one that ends last of those so far. */
type Guards = readonly { readonly start: number; readonly furthest: Guarded }[];

function guardsOf(guarded: readonly Guarded[]): Guards {
  let furthest: Guarded | undefined;
  return [...guarded]
    .sort((a, b) => a.start - b.start)
    .map((range) => {
      furthest = furthest === undefined || range.end > furthest.end ? range : furthest;
      return { start: range.start, furthest };
    });
}

/** The guarded range that an edit reaches into; an insertion at its edge does not. */
function guardOf(edit: Span, guards: Guards): Guarded | undefined {
  let low = 0;
  let high = guards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((guards[middle]?.start ?? 0) < edit.end) low = middle + 1;
    else high = middle;
  }
  const before = guards[low - 1]?.furthest;
  return before !== undefined && edit.start < before.end ? before : undefined;
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
