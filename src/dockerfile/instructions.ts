import { DockerfileParser } from 'dockerfile-ast';
import type { SourceText, Span } from '../text/source.js';
import type { JoinedText } from './joined-text.js';

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Upper case, `FROM`. */
  readonly keyword: string;
  /** From the keyword to the last argument or the end of the last here-document. */
  readonly span: Span;
  readonly keywordSpan: Span;
  /** All that follows the keyword on its logical line, without the flags' meaning and without here-documents. */
  readonly rest: JoinedText;
}

/** A Dockerfile as a list of instructions. */
export interface Instructions {
  readonly list: readonly Instruction[];
  /** Why Docker refuses the file as a whole, and where; the list is empty then. */
  readonly refused?: { readonly span: Span; readonly message: string };
  /** Why the file is not read here, although Docker may build it; the list is empty then. */
  readonly unread?: string;
  /** The image after `# syntax=`, which may know instructions of its own. */
  readonly frontend?: string;
}

/**
 * Splits a Dockerfile into instructions, by BuildKit's rules (`frontend/dockerfile/parser`): parser directives,
 * comments, continuation lines by the escape character, here-documents. Never throws.
 */
export function readInstructions(source: SourceText): Instructions {
  const refused = longLine(source);
  if (refused !== undefined) return { list: [], refused };
  const unread = longInstruction(source);
  if (unread !== undefined) return { list: [], unread };
  const parsed = DockerfileParser.parse(source.text);
  const escape = parsed.getEscapeCharacter();
  const offset = ({ line, character }: { line: number; character: number }): number =>
    Math.min((source.lineStarts[line] ?? source.text.length) + character, source.text.length);
  const frontend = parsed
    .getDirectives()
    .find((directive) => directive.getName().toLowerCase() === 'syntax')
    ?.getValue();
  const list = parsed.getInstructions().map((instruction) => {
    const { start, end } = instruction.getRange();
    const keyword = instruction.getInstructionRange();
    const keywordSpan = { start: offset(keyword.start), end: offset(keyword.end) };
    return {
      keyword: instruction.getKeyword(),
      span: { start: offset(start), end: offset(end) },
      keywordSpan,
      rest: joinLines(source.text, keywordSpan.end, escape),
    };
  });
  return { list, ...(frontend === undefined ? {} : { frontend }) };
}

/** BuildKit reads lines with a scanner of this size (`bufio.MaxScanTokenSize`), line end included. */
const LONGEST_LINE = 65_535;

function longLine({ text, lineStarts }: SourceText): Instructions['refused'] {
  for (const [index, start] of lineStarts.entries()) {
    const end = lineStarts[index + 1] ?? text.length;
    if (end - start <= LONGEST_LINE + 2) continue;
    const message = `a line of more than ${String(LONGEST_LINE)} characters is too long for Docker's builder; the file does not build`;
    return { span: { start, end }, message };
  }
  return undefined;
}

/** The time that the parser takes for one instruction grows with the square of its lines. */
const MOST_LINES_JOINED = 5000;

function longInstruction({ text, lineStarts }: SourceText): Instructions['unread'] {
  let first = 0;
  for (const [index, start] of lineStarts.entries()) {
    const end = lineStarts[index + 1] ?? text.length;
    if (!/[\\`]\s*$/.test(text.slice(Math.max(start, end - 80), end))) first = index + 1;
    if (index - first < MOST_LINES_JOINED) continue;
    return `the instruction in line ${String(first + 1)} goes over more than ${String(MOST_LINES_JOINED)} lines`;
  }
  return undefined;
}

/** Puts together a logical line from `start` on: comment lines and empty lines inside it are left out. */
function joinLines(text: string, start: number, escape: string): JoinedText {
  const pieces: { at: number; from: number }[] = [];
  let joined = '';
  let end = start;
  for (let from = start; from <= text.length;) {
    const lineEnd = endOfLine(text, from);
    const line = text.slice(from, lineEnd);
    const next = lineEnd + (text.startsWith('\r\n', lineEnd) ? 2 : 1);
    const skipped = pieces.length > 0 && (line.trim() === '' || line.trimStart().startsWith('#'));
    const trimmed = line.trimEnd();
    const continues = trimmed.endsWith(escape) && (trimmed.length > 0 || pieces.length === 0);
    if (!skipped) {
      const content = continues ? trimmed.slice(0, -1) : trimmed;
      const lead = joined === '' ? content.length - content.trimStart().length : 0;
      if (content.length > lead) {
        pieces.push({ at: joined.length, from: from + lead });
        joined += content.slice(lead);
        end = from + content.length;
      } else if (pieces.length === 0) pieces.push({ at: 0, from: from + content.length });
    }
    if (!skipped && !continues) break;
    from = next;
  }
  const text_ = joined.trimEnd();
  return {
    text: text_,
    pieces: pieces.length > 0 ? pieces : [{ at: 0, from: start }],
    end: Math.min(end, text.length),
  };
}

function endOfLine(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const end = lf === -1 ? text.length : lf;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}
