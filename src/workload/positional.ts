/**
 * Says whether a shell text uses the words that follow it: `$@`, `$*`, `$0`, `${1}`, `$#`, `shift`, `getopts`.
 * What looks like it in a quoted part counts too: better silent than wrong.
 */
export function usesPositional(text: string): boolean {
  return /\$\{?[#@*\d]|\b(?:shift|getopts)\b|\bfor\s+\w+\s*(?:;|\n|do\b)/.test(text);
}
