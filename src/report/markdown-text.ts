import { escapeForTerminal } from './escape.js';

/** What cuts a word in two for everything that looks for mentions and bare links, and is not shown. */
const CUT = '<!-- -->';

/**
 * Makes text from outside safe within a line of Markdown: it is shown as it is, and is no markup, no HTML, no link,
 * no mention and no reference to an issue.
 */
export function markdownText(text: string): string {
  return escapeForTerminal(text)
    .trimStart()
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_[\](){}#|~$!]/g, '\\$&')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^(?:[-+=]|\d+(?=\\?[.)]))/, `${CUT}$&`)
    .replace(/@|:\/\/|www\.|\\#(?=\d)/gi, (found) => found.slice(0, -1) + CUT + found.slice(-1));
}

/** Gives a code span that shows the text and nothing else, whatever backticks are in it. */
export function codeSpan(text: string): string {
  const shown = escapeForTerminal(text);
  const fence = '`'.repeat(longestRun(shown) + 1);
  const gap = shown.startsWith('`') || shown.endsWith('`') || shown.trim() === '' ? ' ' : '';
  return `${fence}${gap}${shown}${gap}${fence}`;
}

/** Gives a fenced block of code, whatever fences are in it. */
export function codeBlock(text: string, language = ''): string {
  const lines = text.split('\n').map(escapeForTerminal);
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
