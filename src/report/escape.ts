/**
 * Makes text that came from outside safe to print: it cannot move the cursor, start a new line, hide or reorder
 * what stands around it. C0 and C1 controls, DEL, line and paragraph separators, bidi controls and invisible
 * format characters are shown as `\x1b` or `\u{202e}`. A tab becomes one blank.
 */
export function escapeForTerminal(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\t') return ' ';
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** As `escapeForTerminal`, for a text of several lines. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeForTerminal).join('\n');
}

/**
 * Makes text from outside safe for the log of a CI service too: a line that is printed by itself is no command to the
 * service (`::error::` at its start on GitHub, `##[…]` anywhere in it on GitHub, `##vso[…]` on Azure).
 */
export function escapeForLog(text: string): string {
  return escapeForTerminal(text)
    .replace(/^(\s*):(?=:)/, '$1\\x3a')
    .replace(/#(?=#(?:\[|vso\[))/gi, '\\x23');
}

/** Gives JSON that is as safe to print: the same document, with escapes where JSON itself wants none. */
export function jsonForTerminal(document: unknown): string {
  const units = (character: string): string =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join('');
  return JSON.stringify(document, undefined, 2).replace(UNSAFE, (character) =>
    character === '\n' ? '\n' : units(character),
  );
}

const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;
