import type { SourceText, Span } from '../text/source.js';
import { endsHere, hereOpenings, type HereDocument, type HereOpening } from './here-documents.js';
import { partOf, spanInFile, type JoinedText } from './joined-text.js';
import { LONGEST_LINE, next, physicalLines, type Cursor, type Line } from './physical-lines.js';

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** Upper case, `FROM`. */
  readonly keyword: string;
  /** From the keyword to the last argument or the end of the last here-document. */
  readonly span: Span;
  readonly keywordSpan: Span;
  /** All that follows the keyword on its logical line: flags and arguments, without the text of here-documents. */
  readonly rest: JoinedText;
  readonly documents: readonly HereDocument[];
}

/** A Dockerfile as a list of instructions. */
export interface Instructions {
  readonly list: readonly Instruction[];
  /** The escape character, a backslash unless `# escape=` says otherwise. */
  readonly escape: string;
  /** Why Docker refuses the file as a whole, and where; the list is empty then. */
  readonly refused?: { readonly span: Span; readonly message: string };
  /** The image after `# syntax=`, which may know instructions of its own. */
  readonly frontend?: string;
}

/**
 * Splits a Dockerfile into instructions, by BuildKit's rules (`frontend/dockerfile/parser`): parser directives,
 * comments, continuation lines by the escape character, here-documents. Never throws; each line is read once.
 */
export function readInstructions(source: SourceText): Instructions {
  const { lines, tooLong } = physicalLines(source.text);
  if (tooLong !== undefined) {
    const message = `a line of more than ${String(LONGEST_LINE)} characters is too long for Docker's builder; the file does not build`;
    return { list: [], escape: '\\', refused: { span: tooLong, message } };
  }
  const text: Cursor = { text: source.text, lines, at: 0 };
  const { escape, frontend, refused } = readDirectives(text);
  if (refused !== undefined) return { list: [], escape, refused };
  const list: Instruction[] = [];
  for (let first = next(text); first !== undefined; first = next(text)) {
    if (first.holds !== 'text') continue;
    const line = logicalLine(first, text, escape);
    if (line.text === '') continue;
    const { keyword, keywordSpan, rest } = splitKeyword(line);
    const openings = canHold(keyword, rest.text) ? hereOpenings(rest) : [];
    const documents = openings.map((opening) => readDocument(text, opening));
    const open = openings[documents.indexOf(undefined)];
    if (open !== undefined) {
      const message = `the here-document has no line ${open.name} that would end it; the file does not build`;
      return { list: [], escape, refused: { span: open.span, message } };
    }
    const end = documents.length > 0 ? (lines[text.at - 1]?.end ?? rest.end) : Math.max(rest.end, keywordSpan.end);
    const span = { start: keywordSpan.start, end };
    list.push({ keyword, span, keywordSpan, rest, documents: documents.filter((document) => document !== undefined) });
  }
  return { list, escape, ...(frontend === undefined ? {} : { frontend }) };
}

/** The instruction that an ONBUILD keeps for the images that are built on this one; undefined when there is none. */
export function keptForLater(instruction: Instruction): Instruction | undefined {
  if (instruction.keyword !== 'ONBUILD' || instruction.rest.text === '') return undefined;
  return { ...instruction, ...splitKeyword(instruction.rest) };
}

function splitKeyword(line: JoinedText): Pick<Instruction, 'keyword' | 'keywordSpan' | 'rest'> {
  const blank = line.text.search(/\s/);
  const end = blank === -1 ? line.text.length : blank;
  const rest = line.text.slice(end);
  return {
    keyword: line.text.slice(0, end).toUpperCase(),
    keywordSpan: spanInFile(line, 0, end),
    rest: partOf(line, end + rest.length - rest.trimStart().length, line.text.length),
  };
}

/** RUN, COPY and ADD take here-documents; a JSON list has none. */
function canHold(keyword: string, rest: string): boolean {
  return ['RUN', 'COPY', 'ADD', 'ONBUILD'].includes(keyword) && !rest.startsWith('[');
}

function readDocument(text: Cursor, opening: HereOpening): HereDocument | undefined {
  const first = text.lines[text.at];
  for (let line = next(text); line !== undefined; line = next(text)) {
    if (!endsHere(opening, text.text.slice(line.start, line.end))) continue;
    return { ...opening, content: { start: first?.start ?? line.start, end: line.start } };
  }
  return undefined;
}

interface Directives {
  readonly escape: string;
  readonly frontend?: string;
  readonly refused?: Instructions['refused'];
}

/** `# escape=`, `# syntax=` and `# check=` count only at the top, before any other comment and any empty line. */
function readDirectives(text: Cursor): Directives {
  const values = new Map<string, string>();
  for (let line = next(text); line !== undefined; line = next(text)) {
    const directive = directiveIn(text.text.slice(line.start, line.end).trim());
    if (directive === undefined) {
      text.at--;
      break;
    }
    const { name, value } = directive;
    const refused = refusal(name, value, values.has(name));
    if (refused !== undefined) return { escape: '\\', refused: { span: line, message: refused } };
    values.set(name, value);
  }
  const frontend = values.get('syntax')?.split(' ', 1)[0];
  return { escape: values.get('escape') ?? '\\', ...(frontend === undefined ? {} : { frontend }) };
}

function refusal(name: string, value: string, isSet: boolean): string | undefined {
  if (isSet) return `${name} is set a second time; the file does not build`;
  return name === 'escape' && value !== '\\' && value !== '`'
    ? 'the escape character can be \\ or `; the file does not build'
    : undefined;
}

function directiveIn(line: string): { name: string; value: string } | undefined {
  const equals = line.indexOf('=');
  if (!line.startsWith('#') || equals === -1) return undefined;
  const name = line.slice(1, equals).trim().toLowerCase();
  const value = line.slice(equals + 1).trim();
  return ['escape', 'syntax', 'check'].includes(name) && value !== '' ? { name, value } : undefined;
}

/** Puts together a logical line from its first line on: comments and empty lines inside it are left out. */
function logicalLine(first: Line, text: Cursor, escape: string): JoinedText {
  const pieces: { at: number; from: number }[] = [];
  const parts: string[] = [];
  let length = 0;
  let end = first.start;
  for (let line: Line | undefined = first; line !== undefined; line = next(text)) {
    if (line !== first && line.holds !== 'text') continue;
    const trimmed = text.text.slice(line.start, line.end).trimEnd();
    // Two escape characters are one that is meant as such.
    const continues = trimmed.endsWith(escape) && !trimmed.endsWith(escape + escape);
    const content = continues ? trimmed.slice(0, -1) : trimmed;
    const lead = length === 0 ? content.length - content.trimStart().length : 0;
    const part = content.slice(lead);
    pieces.push({ at: length, from: line.start + lead });
    parts.push(part);
    length += part.length;
    if (part !== '') end = line.start + content.length;
    if (!continues) break;
  }
  return partOf({ text: parts.join(''), pieces, end }, 0, length);
}
