import { Composer, isAlias, isMap, isPair, isScalar, isSeq, Parser, type ParsedNode, type Scalar } from 'yaml';
import type { Place, Span } from '../text/source.js';
import { refusedCharacter, surrogateEscape, withLineFeeds } from './characters.js';
import { STAND_IN, type TemplateAction } from './template.js';
import type { DataNode, MapEntry, ScalarNode } from './tree.js';
import { resolvePlain } from './yaml11.js';

/** A YAML or JSON text as Bacalhau reads it (`pkg/lib/marshaller`, `sigs.k8s.io/yaml`): its first document only. */
export interface ParsedText {
  /** Absent when the text is empty or does not parse. */
  readonly root?: DataNode;
  readonly problem?: ParseProblem;
  /** Where a second document begins, which Bacalhau ignores. */
  readonly secondDocument?: Span;
  /** Keys that stand more than once in one mapping: the earlier, which is lost, and the later, which counts. */
  readonly duplicates: readonly { readonly lost: Place; readonly kept: Place; readonly key: string }[];
}

export interface ParseProblem {
  readonly span: Span;
  readonly message: string;
}

/** Aliases may make a small text stand for a huge one; this many values beyond its length are more than any job has. */
const MAX_VALUES = 200_000;

/**
 * Parses a text. Never throws; linear in the length of the text.
 *
 * @param actions template actions whose characters are stand-ins, by offset
 */
export function parseText(text: string, actions: ReadonlyMap<number, TemplateAction>): ParsedText {
  const parsed = parse(withLineFeeds(text), actions);
  const { problem } = parsed;
  if (problem?.message.includes(STAND_IN) !== true) return parsed;
  return { ...parsed, problem: { ...problem, message: problem.message.replace(STAND_INS, '{{…}}') } };
}

const STAND_INS = new RegExp(`${STAND_IN}+`, 'g');

function parse(body: string, actions: ReadonlyMap<number, TemplateAction>): ParsedText {
  const unsupported = refusedCharacter(body) ?? unsupportedHeader(body);
  if (unsupported !== undefined) return { problem: unsupported, duplicates: [] };
  try {
    return parseDocuments(body, actions);
  } catch (error) {
    if (error instanceof RangeError) {
      return {
        problem: { span: { start: 0, end: 0 }, message: TOO_DEEP },
        duplicates: [],
      };
    }
    throw error;
  }
}

/** Bacalhau's reader knows YAML 1.1 only. */
function unsupportedHeader(text: string): ParseProblem | undefined {
  const match = /^%YAML[ \t]+(\S+)/m.exec(text.slice(0, 1000));
  if (match === null || match[1] === '1.1' || text.slice(0, match.index).trim() !== '') return undefined;
  const span = { start: match.index, end: match.index + match[0].length };
  return {
    span,
    message: `the header %YAML ${match[1] ?? ''} is not understood by Bacalhau, which reads YAML 1.1; leave it out`,
  };
}

function parseDocuments(text: string, actions: ReadonlyMap<number, TemplateAction>): ParsedText {
  const composer = new Composer<ParsedNode>({
    schema: 'failsafe',
    uniqueKeys: false,
    keepSourceTokens: false,
    strict: true,
  });
  const documents = composer.compose(new Parser().parse(text), true, text.length);
  const first = documents.next();
  if (first.done === true) return { duplicates: [] };
  const document = first.value;
  const second = document.errors.length > 0 ? undefined : documents.next();
  const [error] = document.errors;
  const jsonEnd = error === undefined ? undefined : endOfJson(text);
  if (jsonEnd !== undefined) return parseDocuments(text.slice(0, jsonEnd), actions);
  if (error !== undefined) {
    // What is missing at the end is reported behind the text.
    const [start = 0, end = 0] = error.pos.map((offset) => Math.min(offset, text.length));
    return {
      problem: { span: { start, end: Math.max(start, end) }, message: parserMessage(text, start, error.message) },
      duplicates: [],
    };
  }
  const reading: Reading = { text, actions, anchors: new Map(), sizes: new Map(), duplicates: [] };
  if (document.contents === null) return { duplicates: [] };
  const root = convert(document.contents, '', reading);
  if (reading.problem !== undefined) return { problem: reading.problem, duplicates: [] };
  const more = second?.done === false ? contentRange(second.value.contents) : undefined;
  return {
    root,
    duplicates: reading.duplicates,
    ...(more === undefined ? {} : { secondDocument: { start: more[0], end: more[1] } }),
  };
}

/** Where a document has something in it; a lone `---` has not. */
function contentRange(contents: ParsedNode | null): readonly [number, number, number] | undefined {
  if (contents === null || (isScalar(contents) && contents.range[0] === contents.range[1])) return undefined;
  return contents.range;
}

/**
 * Gives the offset behind the first JSON value of a text, when more follows: Bacalhau's decoder ignores that.
 * Undefined for YAML, and for JSON with nothing after it.
 */
function endOfJson(text: string): number | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  let depth = 0;
  // a text without end goes to the end, so that this stays linear
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|[{}[\]]/gs)) {
    if (match[0] === '{' || match[0] === '[') depth++;
    if (match[0] === '}' || match[0] === ']') depth--;
    if (depth === 0) {
      const end = match.index + match[0].length;
      return text.slice(end).trim() === '' ? undefined : end;
    }
  }
  return undefined;
}

const TOO_DEEP = 'the text is nested more deeply than any job, and is not read';

/** The parser's words, in ours where people meet them often. */
function parserMessage(text: string, offset: number, message: string): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split(/\r?\n/, 1)[0] ?? '';
  if (/^\s*\t/.test(line)) return 'a tab indents this line, where YAML takes only blanks; the client refuses the file';
  if (/call stack/i.test(message)) return TOO_DEEP;
  const [words = ''] = message.split(/ at line \d+| in "|\n/, 1);
  return `the text is no valid YAML, and the client refuses it: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

interface Reading {
  readonly text: string;
  readonly actions: ReadonlyMap<number, TemplateAction>;
  readonly anchors: Map<string, DataNode>;
  /** How many values a node stands for, with its aliases. */
  readonly sizes: Map<DataNode, number>;
  readonly duplicates: { lost: Place; kept: Place; key: string }[];
  problem?: ParseProblem;
}

function convert(node: ParsedNode, pointer: string, reading: Reading): DataNode {
  const [start, end] = node.range;
  const data = isAlias(node)
    ? aliased(node.source, { start, end }, pointer, reading)
    : convertOwn(node, pointer, reading);
  if (!isAlias(node) && node.anchor !== undefined) reading.anchors.set(node.anchor, data);
  return data;
}

function convertOwn(node: ParsedNode, pointer: string, reading: Reading): DataNode {
  const [start, end] = node.range;
  let data: DataNode;
  let size = 1;
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const entries: MapEntry[] = [];
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      entries.push(...entriesOf(pair.key, pair.value, pointer, reading));
    }
    noteDuplicates(entries, reading);
    data = { kind: 'map', entries, span: { start, end }, pointer };
    for (const { value } of entries) size += reading.sizes.get(value) ?? 1;
  } else if (isSeq<ParsedNode>(node)) {
    const items = node.items.map((item, index) => convert(item, `${pointer}/${String(index)}`, reading));
    data = { kind: 'list', items, span: { start, end }, pointer };
    for (const item of items) size += reading.sizes.get(item) ?? 1;
  } else if (isScalar(node)) {
    data = convertScalar(node, start, end, pointer, reading);
  } else {
    data = nothing({ start, end }, pointer);
  }
  if (size > MAX_VALUES + reading.text.length) {
    reading.problem ??= {
      span: { start, end: start },
      message: 'aliases make this text stand for more values than any job has, and it is not read',
    };
    data = nothing({ start, end }, pointer);
    size = 1;
  }
  reading.sizes.set(data, size);
  return data;
}

function entriesOf(key: ParsedNode, value: ParsedNode | null, pointer: string, reading: Reading): MapEntry[] {
  const [start, end] = key.range;
  if (!isScalar(key)) {
    reading.problem ??= {
      span: { start, end },
      message: reading.text.startsWith('{', start)
        ? 'a mapping stands where a key belongs; a template variable is written "{{.name}}", without blanks between the braces, and in quotes'
        : 'a list or mapping stands where a key belongs, and the client refuses the file',
    };
    return [];
  }
  const place = scalarSpan(key, start, end, reading.text);
  const raw = String(key.value);
  const name = raw.includes(STAND_IN) ? withActions(raw, place, reading).text : raw;
  if (name === '<<' && value !== null) {
    const merged = convert(value, pointer, reading);
    const maps = merged.kind === 'list' ? merged.items : [merged];
    return maps.flatMap((map) => (map.kind === 'map' ? map.entries : []));
  }
  const below = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const data = value === null ? nothing({ start: end, end }, below) : convert(value, below, reading);
  return [{ key: { value: name, span: place, pointer: below }, value: data }];
}

function aliased(name: string, span: Span, pointer: string, reading: Reading): DataNode {
  const target = reading.anchors.get(name);
  if (target !== undefined) return target;
  reading.problem ??= {
    span,
    message: `the alias *${name} has no anchor &${name} before it, and the client refuses the file`,
  };
  return nothing(span, pointer);
}

function nothing(span: Span, pointer: string): ScalarNode {
  return { kind: 'scalar', value: null, text: '', plain: true, span, pointer };
}

/** Keys that differ only in case are the same to Bacalhau; here only those that YAML itself takes for the same. */
function noteDuplicates(entries: readonly MapEntry[], reading: Reading): void {
  const seen = new Map<string, MapEntry>();
  for (const entry of entries) {
    const earlier = seen.get(entry.key.value);
    if (earlier !== undefined) reading.duplicates.push({ lost: earlier.key, kept: entry.key, key: entry.key.value });
    seen.set(entry.key.value, entry);
  }
}

function convertScalar(node: Scalar.Parsed, start: number, end: number, pointer: string, reading: Reading): ScalarNode {
  const plain = node.type === 'PLAIN' && !node.tag?.endsWith(':str');
  const span = scalarSpan(node, start, end, reading.text);
  const escape = node.type === 'QUOTE_DOUBLE' ? surrogateEscape(reading.text.slice(start, end)) : undefined;
  if (escape !== undefined) {
    reading.problem ??= {
      span: { start: start + escape, end: start + escape + 6 },
      message:
        'this escape is half of a character, and Bacalhau refuses the file; write the character itself, in UTF-8',
    };
  }
  const raw = String(node.value);
  const { text, unresolved } = raw.includes(STAND_IN)
    ? withActions(raw, span, reading)
    : { text: raw, unresolved: undefined };
  return {
    kind: 'scalar',
    value: plain && unresolved === undefined ? resolvePlain(text) : text,
    text,
    plain,
    span,
    pointer,
    ...(unresolved === undefined ? {} : { unresolved }),
  };
}

/** The characters of the value itself: without quotes, and of a block scalar without its header. */
function scalarSpan(node: Scalar, start: number, end: number, text: string): Span {
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
    return { start: start + 1, end: Math.max(start + 1, end - 1) };
  if (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED') return { start, end };
  const newline = text.indexOf('\n', start);
  if (newline < 0 || newline >= end) return { start, end };
  const content = text.slice(newline + 1, end);
  const indent = content.length - content.trimStart().length;
  const trailing = content.length - content.trimEnd().length;
  if (indent === content.length) return { start, end };
  return { start: newline + 1 + indent, end: end - trailing };
}

/** Puts what template actions print into a scalar; the actions stand in it in the order of their offsets. */
function withActions(raw: string, span: Span, reading: Reading): { text: string; unresolved: string | undefined } {
  let unresolved: string | undefined;
  let text = '';
  let rest = raw;
  let from = span.start;
  for (let at = rest.indexOf(STAND_IN); at >= 0; at = rest.indexOf(STAND_IN)) {
    const offset = reading.text.indexOf(STAND_IN, from);
    const action = reading.actions.get(offset);
    if (action === undefined) break;
    text += rest.slice(0, at);
    if (action.value === undefined) {
      unresolved ??= action.variable ?? '';
      text += `{{.${action.variable ?? ''}}}`;
    } else text += action.value;
    rest = rest.slice(at + action.length);
    from = offset + action.length;
  }
  return { text: text + rest, unresolved };
}
