import type { RE2JS } from 're2js';

/** Says whether a key is taken: `rest` is what follows the Key of the input without its `*`. */
export type KeyFilter = (rest: string) => boolean;

/** Something that was read from a text, or what is wrong with the text. */
type Compiled<T> = (T & { readonly ok: true }) | { readonly ok: false; readonly problem: string };

/**
 * Reads a Filter as Go does (RE2, unanchored, in linear time).
 *
 * @returns the filter, or what is wrong with it
 */
export async function compileFilter(filter: string | undefined): Promise<Compiled<{ readonly matches: KeyFilter }>> {
  if (filter === undefined) return { ok: true, matches: () => true };
  const compiled = await compilePattern(filter);
  return compiled.ok ? { ok: true, matches: (rest) => compiled.pattern.matcher(rest).find() } : compiled;
}

/**
 * Reads a regular expression as Go does.
 *
 * @returns the expression, or what is wrong with it
 */
export async function compilePattern(text: string): Promise<Compiled<{ readonly pattern: RE2JS }>> {
  const { RE2JS } = await import('re2js');
  try {
    return { ok: true, pattern: RE2JS.compile(text) };
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    return { ok: false, problem: said.replace(/^error parsing regexp: /, '') };
  }
}
