/** Says whether a key is taken: `rest` is what follows the Key of the input without its `*`. */
export type KeyFilter = (rest: string) => boolean;

/**
 * Reads a Filter as Go does (RE2, unanchored, in linear time).
 *
 * @returns the filter, or what is wrong with it
 */
export async function compileFilter(
  filter: string | undefined,
): Promise<{ readonly ok: true; readonly matches: KeyFilter } | { readonly ok: false; readonly problem: string }> {
  if (filter === undefined) return { ok: true, matches: () => true };
  const { RE2JS } = await import('re2js');
  try {
    const pattern = RE2JS.compile(filter);
    return { ok: true, matches: (rest) => pattern.matcher(rest).find() };
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    return { ok: false, problem: text.replace(/^error parsing regexp: /, '') };
  }
}
