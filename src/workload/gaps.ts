/** A template variable without a value, as the readers of jobs leave it in the text. */
const ACTION = /\{\{[^{}]*\}\}/;

/** Whether a text holds a template variable without a value: the program sees something else there. */
export function hasVariable(text: string): boolean {
  return ACTION.test(text);
}

/** Gives a text with `…` where such a variable stands, as in every word with parts that are not known. */
export function withGaps(text: string): string {
  return text.includes('{{') ? text.split(ACTION).join('…') : text;
}

/** Gives a text with the variables of the user's own shell as they were written: `{{$NAME}}` stands for `$NAME`. */
export function asWritten(text: string): string {
  return text.replace(/\{\{(\$[^{}]*)\}\}/g, '$1');
}
