import { Lexer } from 'yaml';
import { readInstructions } from '../dockerfile/instructions.js';
import { physicalLines } from '../dockerfile/physical-lines.js';
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
  if (kind !== 'job' && kind !== 'dockerfile') return [];
  const { comments, extents } = kind === 'job' ? yamlComments(source) : dockerfileComments(source);
  const behind = contentLines(source);
  return comments.flatMap((one) => understood(one, source, extents, behind));
}

/** First to last line of what a line begins. */
type Extents = ReadonlyMap<number, number>;

function understood(
  comment: Comment,
  source: SourceText,
  extents: Extents,
  behind: readonly number[],
): IgnoreComment[] {
  const [, word, body = ''] = /^#+\s*bacalhau-?preflight\b[\s:]*([a-z-]+)\b(.*)$/is.exec(comment.text) ?? [];
  // Prose may begin with the name of this tool; what looks like `disable=…` or `ignores: a/b` is meant for it.
  if (word === undefined || (word !== 'ignore' && !/^\s*(?:=|:\s*[a-z-]+\/[a-z*])/i.test(body))) return [];
  const isMeant = /^#+\s*bacalhau-preflight\s+ignore\b/.test(comment.text);
  const rest = body.trimStart();
  const given = isMeant && rest.startsWith('=') ? rest.slice(1) : '';
  const dashes = given.search(/\s--/);
  const [list, reason] = dashes === -1 ? [given, ''] : [given.slice(0, dashes), given.slice(dashes + 3)];
  const { line } = positionAt(source, comment.start);
  const firstLine = comment.alone ? (behind[line - source.firstLine] ?? line) : line;
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

/** For each line of the text the next one that is neither blank nor a comment. */
function contentLines({ text, firstLine }: SourceText): number[] {
  const lines = text.split(/\r\n|[\r\n]/);
  let next = lines.length + firstLine;
  const behind = lines.map(() => next);
  for (let index = lines.length - 1; index >= 0; index--) {
    behind[index] = next;
    if (!/^\s*(?:#|$)/.test(lines[index] ?? '')) next = index + firstLine;
  }
  return behind;
}

/** A text with its comments, and the first to last line of what each line begins. */
interface CommentedText {
  readonly comments: readonly Comment[];
  readonly extents: Extents;
}

/**
 * An instruction goes on over continuation lines, with comments in between, and over its here-documents, whose lines
 * are data: what begins with `#` there is no comment of the Dockerfile.
 */
function dockerfileComments(source: SourceText): CommentedText {
  const { list } = readInstructions(source);
  const extents = new Map<number, number>();
  for (const { span } of list) extents.set(positionAt(source, span.start).line, positionAt(source, span.end).line);
  const documents = list.flatMap((instruction) => instruction.documents);
  const comments: Comment[] = [];
  let at = 0;
  for (const line of physicalLines(source.text).lines) {
    while ((documents[at]?.content.end ?? line.start) < line.start) at++;
    const content = documents[at]?.content;
    const isData = content !== undefined && line.start >= content.start && line.start < content.end;
    if (line.holds !== 'comment' || isData) continue;
    const start = source.text.indexOf('#', line.start);
    comments.push({ start, text: source.text.slice(start, line.end), alone: true });
  }
  return { comments, extents };
}

/** Zero-width tokens of the lexer that announce a document, an error and a scalar. */
const CONTROL_TOKENS = new Set(['\u0002', '\u0018', '\u001f']);

function yamlComments(source: SourceText): CommentedText {
  const comments: Comment[] = [];
  const extents = new Map<number, number>();
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
      extents.set(first.line, positionAt(source, offset + token.trimEnd().length).line);
    }
    isScalar = false;
    offset += token.length;
  }
  return { comments, extents };
}
