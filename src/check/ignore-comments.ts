import { Lexer } from 'yaml';
import { positionAt, type Place, type SourceText } from '../text/source.js';

/** `# bacalhau-preflight ignore=RULE[,RULE] -- REASON`, with the lines that it is about. */
export interface IgnoreComment {
  readonly at: Place;
  /** Ids, or `group/*`. Empty when the comment cannot be understood. */
  readonly rules: readonly string[];
  readonly reason?: string;
  /** Lines that it covers, both inclusive: its own, or those of the value or instruction below it. */
  readonly firstLine: number;
  readonly lastLine: number;
}

/** A comment, with or without something in front of it on its line. */
interface Comment {
  readonly start: number;
  readonly text: string;
  readonly alone: boolean;
}

/** Reads the comments of a job spec or a Dockerfile that say what to ignore. Other kinds of subject have none. */
export function ignoreComments(kind: string, source: SourceText): IgnoreComment[] {
  if (kind === 'dockerfile')
    return dockerfileComments(source).flatMap((one) => understood(one, source, joinedLines(source)));
  if (kind !== 'job') return [];
  const { comments, values } = yamlComments(source);
  return comments.flatMap((one) => understood(one, source, values));
}

/** First to last line of what a line begins. */
type Extents = ReadonlyMap<number, number>;

function understood(comment: Comment, source: SourceText, extents: Extents): IgnoreComment[] {
  const body = /^#+\s*bacalhau-preflight\s+ignore\b(.*)$/s.exec(comment.text)?.[1];
  if (body === undefined) return [];
  const [, list = '', reason = ''] = /^\s*=\s*(.*?)(?:\s+--\s*(.*))?$/s.exec(body) ?? [];
  const { line } = positionAt(source, comment.start);
  const firstLine = comment.alone ? nextLine(source, line) : line;
  return [
    {
      at: { span: { start: comment.start, end: comment.start + comment.text.trimEnd().length } },
      rules: list.split(/[\s,]+/).filter((rule) => rule !== ''),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      firstLine,
      lastLine: extents.get(firstLine) ?? firstLine,
    },
  ];
}

/** The next line that is neither blank nor a comment. */
function nextLine(source: SourceText, line: number): number {
  const lines = source.text.split(/\r\n|[\r\n]/);
  let next = line - source.firstLine + 1;
  while (next < lines.length && /^\s*(?:#|$)/.test(lines[next] ?? '')) next++;
  return next + source.firstLine;
}

function dockerfileComments({ text }: SourceText): Comment[] {
  return Array.from(text.matchAll(/^[ \t]*(#.*)$/gm), (match) => {
    const body = (match[1] ?? '').replace(/\r$/, '');
    return { start: match.index + match[0].indexOf('#'), text: body, alone: true };
  });
}

/** An instruction goes on behind a backslash at the end of a line, and comments stand in between. */
function joinedLines({ text, firstLine }: SourceText): Extents {
  const extents = new Map<number, number>();
  let begun: number | undefined;
  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    begun ??= index;
    extents.set(begun + firstLine, index + firstLine);
    if (!/[\\`][ \t]*$/.test(line)) begun = undefined;
  }
  return extents;
}

/** Zero-width tokens of the lexer that announce a document, an error and a scalar. */
const CONTROL_TOKENS = new Set(['\u0002', '\u0018', '\u001f']);

function yamlComments(source: SourceText): { comments: Comment[]; values: Extents } {
  const comments: Comment[] = [];
  const values = new Map<number, number>();
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(source.text)) {
    if (CONTROL_TOKENS.has(token)) {
      isScalar = token === '\u001f';
      continue;
    }
    if (token.startsWith('#') && !isScalar) {
      const before = source.text.slice(source.text.lastIndexOf('\n', offset - 1) + 1, offset);
      comments.push({ start: offset, text: token.replace(/\r$/, ''), alone: before.trim() === '' });
    } else if (token.includes('\n') && token.trim() !== '') {
      // Of a block of text the first line is the one with its | or >.
      const first = positionAt(source, isScalar && /[\r\n]$/.test(source.text.slice(0, offset)) ? offset - 1 : offset);
      values.set(first.line, positionAt(source, offset + token.trimEnd().length).line);
    }
    isScalar = false;
    offset += token.length;
  }
  return { comments, values };
}
