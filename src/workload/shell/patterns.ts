/** What the shell's `${NAME#PATTERN}` and its like take away. */
export type RemoveOperator = '#' | '##' | '%' | '%%';

/**
 * Takes the beginning (`#`) or end (`%`) that matches a pattern off a text, the shortest or the longest one
 * (POSIX shell, 2.6.2). Knows patterns with one `*` at an end, which is what people write (`%.*`, `##*\/`); undefined
 * for others.
 */
export function remove(text: string, operator: RemoveOperator, pattern: string): string | undefined {
  const literal = pattern.replace(/^\*|\*$/, '');
  if (literal === '' || /[*?[\]\\]/.test(literal)) return undefined;
  const longest = operator.length === 2;
  if (operator.startsWith('%')) {
    if (pattern.endsWith('*')) {
      const cut = longest ? text.indexOf(literal) : text.lastIndexOf(literal);
      return cut === -1 ? text : text.slice(0, cut);
    }
    if (!text.endsWith(literal)) return text;
    return pattern.startsWith('*') && longest ? '' : text.slice(0, text.length - literal.length);
  }
  if (pattern.startsWith('*')) {
    const cut = longest ? text.lastIndexOf(literal) : text.indexOf(literal);
    return cut === -1 ? text : text.slice(cut + literal.length);
  }
  if (!text.startsWith(literal)) return text;
  return pattern.endsWith('*') && longest ? '' : text.slice(literal.length);
}
