/** More alternatives than this are told as one pattern. */
const MOST_ALTERNATIVES = 32;

/**
 * The texts that a brace expansion stands for (Bash manual, 3.5.1): `{a,b}`, `{1..5}`, `{01..10..3}`, `{a..e}`.
 * Undefined when it holds more than plain text, or stands for more than people write out.
 */
export function alternatives(text: string): string[] | undefined {
  const inner = text.slice(1, -1);
  if (/[{}$`"'\\]/.test(inner)) return undefined;
  if (inner.includes(',')) {
    const list = inner.split(',');
    return list.length <= MOST_ALTERNATIVES ? list : undefined;
  }
  return numbers(inner) ?? letters(inner);
}

function numbers(inner: string): string[] | undefined {
  const match = /^(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.-?(\d{1,9}))?$/.exec(inner);
  if (match === null) return undefined;
  const [, from = '', to = '', by] = match;
  const padded = /^-?0\d/.test(from) || /^-?0\d/.test(to);
  const width = padded ? Math.max(from.length, to.length) : 0;
  return range(Number(from), Number(to), Math.max(1, Number(by ?? 1)))?.map((value) =>
    String(value).padStart(width, '0'),
  );
}

function letters(inner: string): string[] | undefined {
  const match = /^([a-z])\.\.([a-z])$/i.exec(inner);
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  return range(from.charCodeAt(0), to.charCodeAt(0), 1)?.map((code) => String.fromCharCode(code));
}

function range(from: number, to: number, step: number): number[] | undefined {
  const count = Math.floor(Math.abs(to - from) / step) + 1;
  if (count > MOST_ALTERNATIVES) return undefined;
  return Array.from({ length: count }, (_, index) => from + Math.sign(to - from) * index * step);
}
