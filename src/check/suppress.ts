import { nearest } from '../text/nearest.js';
import { positionAt, type Place, type SourceText } from '../text/source.js';
import type { Finding } from './finding.js';
import type { IgnoreComment } from './ignore-comments.js';
import { matchesRule } from './rule-pattern.js';

/** Who said that a finding is not to be told. */
export interface SuppressedBy {
  readonly by: 'comment' | 'configuration' | 'baseline';
  readonly reason?: string;
}

export interface SuppressedFinding extends SuppressedBy {
  readonly finding: Finding;
}

/** Says for each finding of one text whether the configuration or the baseline takes it out. */
export type Suppressor = (finding: Finding, source: SourceText) => SuppressedBy | undefined;

/** Something about suppressing itself: a comment that matches nothing, or gives no reason. */
export interface IgnoreNote {
  readonly at: Place;
  readonly message: string;
}

export interface SuppressOptions {
  readonly source: SourceText;
  readonly comments: readonly IgnoreComment[];
  readonly suppressor: Suppressor | undefined;
  /** Rules that ran and could look at all they wanted; only of those a comment can be of no use. */
  readonly settled: ReadonlySet<string>;
  /** Ids of all rules. */
  readonly ruleIds: readonly string[];
}

export interface Sifted {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly ignoreNotes: readonly IgnoreNote[];
}

/** Takes out what a comment, the configuration or the baseline says is known. */
export function sift(found: readonly Finding[], options: SuppressOptions): Sifted {
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const used = new Set<string>();
  for (const finding of found) {
    const by = byComment(finding, options, used) ?? options.suppressor?.(finding, options.source);
    if (by === undefined) findings.push(finding);
    else suppressed.push({ finding, ...by });
  }
  return { findings, suppressed, ignoreNotes: options.comments.flatMap((comment) => notesOf(comment, options, used)) };
}

function byComment(
  finding: Finding,
  { source, comments }: SuppressOptions,
  used: Set<string>,
): SuppressedBy | undefined {
  if (finding.at.file !== undefined) return undefined;
  const { line } = positionAt(source, finding.at.span.start);
  for (const comment of comments) {
    if (line < comment.firstLine || line > comment.lastLine) continue;
    const pattern = comment.rules.find((rule) => matchesRule(rule, finding.rule));
    if (pattern === undefined) continue;
    used.add(useKey(comment, pattern));
    return { by: 'comment', ...(comment.reason === undefined ? {} : { reason: comment.reason }) };
  }
  return undefined;
}

function useKey({ at }: IgnoreComment, pattern: string): string {
  return `${String(at.span.start)} ${pattern}`;
}

function notesOf(
  comment: IgnoreComment,
  { settled, ruleIds }: SuppressOptions,
  used: ReadonlySet<string>,
): IgnoreNote[] {
  const note = (message: string): IgnoreNote => ({ at: comment.at, message });
  if (comment.rules.length === 0) {
    return [note('this comment ignores nothing; write bacalhau-preflight ignore=RULE -- REASON')];
  }
  const notes = comment.rules.flatMap((pattern) => {
    if (used.has(useKey(comment, pattern))) return [];
    const meant = ruleIds.filter((id) => matchesRule(pattern, id));
    if (meant.length === 0) {
      const near = nearest(pattern, ruleIds);
      return [note(`there is no rule ${pattern} to ignore${near === undefined ? '' : `; did you mean ${near}?`}`)];
    }
    // A rule that could not look, or that is off, may find something another time.
    return meant.every((id) => settled.has(id)) ? [note(`${pattern} finds nothing here; this ignore can go`)] : [];
  });
  return comment.reason === undefined ? [...notes, note('this ignore gives no reason; write it behind --')] : notes;
}
