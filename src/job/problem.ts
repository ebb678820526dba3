import { shortened } from '../text/shortened.js';
import type { Located, Place } from '../text/source.js';
import type { JobProblem } from './job-spec.js';

/** Whether a value depends on a template variable that has none. */
export function unknown(value: Located<string>): boolean {
  return value.value.includes('{{');
}

/** A value for quoting in a sentence: in quotes, on one line, and not too long; blanks at its ends are seen. */
export function shown(text: string): string {
  return text !== text.trim() && text.length <= 60 ? JSON.stringify(text) : `"${shortened(text)}"`;
}

/** Whether a text is absent, empty or only blanks. */
export function blank(value: Located<string> | undefined): boolean {
  return value === undefined || value.value.trim() === '';
}

/** The first character of a mapping, for what is missing in it. */
export function start(at: Place): Place {
  return { ...at, span: { start: at.span.start, end: Math.min(at.span.end, at.span.start + 1) } };
}

/** Something that Bacalhau requires and does not find. */
export function missing(at: Place, message: string, quote: string): JobProblem {
  return { kind: 'missing-field', at, message, quote };
}

/** A value that Bacalhau refuses. */
export function bad(
  at: Place,
  message: string,
  more: Partial<Pick<JobProblem, 'quote' | 'stage' | 'severity'>> & { replacement?: string | undefined } = {},
): JobProblem {
  const { replacement, ...rest } = more;
  return { kind: 'bad-value', at, message, ...rest, ...(replacement === undefined ? {} : { replacement }) };
}
