/** A part of a value that somebody or something should have replaced by the real one. */
export interface Unfilled {
  /**
   * - `template`: a Go template action whose variable has no value
   * - `variable`: `$NAME`, `${NAME}`, `$(…)`, `%NAME%`: Bacalhau expands none of them in a job
   * - `placeholder`: a word such as `<cid>`, `your-bucket` or `...` of an example
   */
  readonly kind: 'template' | 'variable' | 'placeholder';
  readonly text: string;
  /** Offset in the value. */
  readonly start: number;
}

const TEMPLATE = /\{\{[^{}]*\}\}/;
/** The last one is no percent-encoded character (`%C3%A4`, `%20`). */
const VARIABLES = [/\$\{[^{}]*\}/, /\$\([^()]*\)/, /\$[A-Za-z_]\w*/, /%[A-Za-z_]\w*%(?![0-9A-Fa-f]{2})/];
/** Three dots stand for a whole part or for the rest: elsewhere they occur in real addresses (`compare/a...b`). */
const PLACEHOLDERS = [
  /<[^<>]*>/,
  /(?<=^|\/)\.{3}(?=\/|$)|\.{3}$|…/,
  // In the middle of a name it is a word of it (`know-your-customer`).
  /(?<=^|[^\w-]|(?:with|to|of)-)your[-_]\w+(?:[-_]\w+)*/i,
  /\b(?:change|replace|fill)[-_]?me(?:[-_]in)?\b/i,
  /\bx{4,}\b/i,
];

/** Gives the first part of a value that was left to fill in, or undefined. Linear in the length of the value. */
export function unfilledPart(value: string): Unfilled | undefined {
  return (
    first(value, 'template', [TEMPLATE]) ??
    first(value, 'variable', VARIABLES) ??
    first(value, 'placeholder', PLACEHOLDERS)
  );
}

/** Says what is wrong with it, as the end of a sentence that names the value. */
export function whyUnfilled({ kind, text }: Unfilled): string {
  return kind === 'variable' ? `Bacalhau does not expand ${text} here` : `${text} was left to fill in`;
}

function first(value: string, kind: Unfilled['kind'], patterns: readonly RegExp[]): Unfilled | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(value);
    if (match !== null) return { kind, text: match[0], start: match.index };
  }
  return undefined;
}
