import type { ParseProblem } from './parse.js';

/**
 * What Bacalhau's YAML reader refuses wherever it stands, comments included (go-yaml v2 `readerc.go`): control characters
 * other than tab and line ends, U+FFFE and U+FFFF, and what is no Unicode. JSON goes through the same reader.
 */
const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|[\ud800-\udfff]/u;

/** Says which character of a text makes Bacalhau refuse all of it. A lone U+DC80 to U+DCFF stands for a byte that is no UTF-8. */
export function refusedCharacter(text: string): ParseProblem | undefined {
  const match = REFUSED.exec(text);
  if (match === null) return undefined;
  const code = match[0].charCodeAt(0);
  const span = { start: match.index, end: match.index + 1 };
  if (code === 0) return { span, message: 'the file is binary, not YAML or JSON: it holds a zero byte' };
  const isByte = code >= 0xdc80 && code <= 0xdcff;
  const hex = (isByte ? code - 0xdc00 : code).toString(16).padStart(2, '0');
  return {
    span,
    message: isByte
      ? `the byte 0x${hex} here is no UTF-8, and Bacalhau refuses the file; save it as UTF-8`
      : `the control character 0x${hex} makes Bacalhau refuse the file; leave it out, or write it as an escape in double quotes`,
  };
}

/**
 * Finds an escape for one half of a surrogate pair in the source of a double-quoted text, as JSON writers make them for
 * emoji (`"\ud83d\ude80"`): Bacalhau's YAML reader takes none of them. Gives its offset.
 */
export function surrogateEscape(quoted: string): number | undefined {
  for (const match of quoted.matchAll(/\\(?:u[dD][89a-fA-F][\da-fA-F]{2}|.)/gs)) {
    if (match[0].length === 6) return match.index;
  }
  return undefined;
}

/** YAML takes a lone carriage return for the end of a line, and our parser does not; offsets stay as they are. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r(?!\n)/g, '\n');
}
