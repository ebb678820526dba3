import type { Located, Span } from '../text/source.js';

/**
 * A text whose Go template actions (`text/template`, which `bacalhau job run` applies since 1.1.6) were taken out.
 * Each action is replaced by as many characters, so that every place in the text stays what it was.
 */
export interface TemplatedText {
  readonly text: string;
  /** What stands for each action, by the offset at which it begins. */
  readonly actions: ReadonlyMap<number, TemplateAction>;
  readonly problems: readonly { readonly span: Span; readonly message: string }[];
  /** Variables that have no value. */
  readonly unresolved: readonly Located<string>[];
}

export interface TemplateAction {
  readonly length: number;
  /** What the action prints; absent when it depends on a variable without a value. */
  readonly value?: string;
  readonly variable?: string;
}

/** Stands in the text for one character of an action; from the private use area, where no spec has any business. */
export const STAND_IN = '\ue000';

const FUNCTIONS = new Set(
  'and call html index slice js len not or print printf println urlquery eq ge gt le lt ne'.split(' '),
);
const KEYWORDS = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue']);

/** Takes the actions out of a text. Texts without `{{` come back as they are. */
export function takeOutTemplate(text: string, variables: ReadonlyMap<string, string>): TemplatedText {
  const actions = new Map<number, TemplateAction>();
  const problems: { span: Span; message: string }[] = [];
  const unresolved: Located<string>[] = [];
  let out = '';
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = endOfAction(text, open + 2);
    out += text.slice(at, open);
    if (close === undefined) {
      problems.push({ span: { start: open, end: open + 2 }, message: 'a template action begins here and never ends' });
      return { text: out + blank(text.slice(open)), actions, problems, unresolved };
    }
    const raw = text.slice(open, close);
    const inner = raw.slice(2, -2).replace(/^-\s/, '').replace(/\s-$/, '').trim();
    const result = evaluate(inner, variables);
    const span = { start: open, end: close };
    if (result.kind === 'broken') problems.push({ span, message: result.message });
    if (result.kind === 'variable') unresolved.push({ value: result.name, span });
    if (result.kind === 'nothing' || raw.includes('\n')) out += blank(raw);
    else {
      actions.set(open, {
        length: raw.length,
        ...(result.kind === 'value' ? { value: result.text } : {}),
        ...(result.kind === 'variable' ? { variable: result.name } : {}),
      });
      out += STAND_IN.repeat(raw.length);
    }
    at = close;
  }
  return { text: out + text.slice(at), actions, problems, unresolved };
}

/** Blanks a range but keeps its lines. */
function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}

/** The offset behind the `}}` that ends an action; quoted texts inside it may hold braces. */
function endOfAction(text: string, from: number): number | undefined {
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (character === '}' && text[i + 1] === '}') return i + 2;
    if (character === '"' || character === '`') {
      const end = endOfQuote(text, i, character);
      if (end === undefined) return undefined;
      i = end;
    }
  }
  return undefined;
}

function endOfQuote(text: string, from: number, quote: string): number | undefined {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
    else if (text[i] === '\n' && quote === '"') return undefined;
  }
  return undefined;
}

type Evaluated =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'broken'; readonly message: string };

/** Evaluates an action as far as texts and variables go; what needs more is taken as unknown. */
function evaluate(action: string, variables: ReadonlyMap<string, string>): Evaluated {
  if (action === '') return { kind: 'broken', message: 'this template action is empty' };
  if (action.startsWith('/*')) return { kind: 'nothing' };
  const words = wordsOf(action);
  const [first] = words;
  if (first === undefined) return { kind: 'broken', message: 'this template action cannot be read' };
  if (KEYWORDS.has(first)) return { kind: 'nothing' };
  const unknown = words.find((word) => /^[A-Za-z_]\w*$/.test(word) && !FUNCTIONS.has(word) && !isLiteral(word));
  if (unknown !== undefined) {
    return {
      kind: 'broken',
      message: `a template variable is written {{.${unknown}}}, with a dot: without it ${unknown} is a function, and there is none of that name`,
    };
  }
  return operand(words, variables);
}

function isLiteral(word: string): boolean {
  return word === 'true' || word === 'false' || word === 'nil';
}

/** `.name`, `"text"`, `index . "name"`, `or (index . "name") "default"`. */
function operand(words: readonly string[], variables: ReadonlyMap<string, string>): Evaluated {
  const [first = '', second] = words;
  if (first === 'or') {
    const last = words.at(-1) ?? '';
    const name = words.find((word) => word.startsWith('.') && word.length > 1)?.slice(1) ?? texts(words)[0];
    const given = name === undefined ? undefined : variables.get(name);
    if (given !== undefined && given !== '') return { kind: 'value', text: given };
    const fallback = literal(last);
    return fallback === undefined ? { kind: 'variable', name: name ?? last } : { kind: 'value', text: fallback };
  }
  const name =
    first === 'index' ? (literal(words.at(-1) ?? '') ?? '') : first.startsWith('.') ? first.slice(1) : undefined;
  if (name !== undefined) {
    const given = variables.get(name);
    return given === undefined ? { kind: 'variable', name } : { kind: 'value', text: given };
  }
  if (second === undefined) {
    const text = literal(first);
    if (text !== undefined) return { kind: 'value', text };
  }
  const variable = words.find((word) => word.startsWith('.') && word.length > 1)?.slice(1);
  return { kind: 'variable', name: variable ?? words.join(' ') };
}

function texts(words: readonly string[]): string[] {
  return words.map(literal).filter((text) => text !== undefined);
}

function literal(word: string): string | undefined {
  if (/^-?\d+(\.\d+)?$/.test(word) || isLiteral(word)) return word;
  if (word.startsWith('`') && word.endsWith('`') && word.length > 1) return word.slice(1, -1);
  if (word.startsWith('"') && word.endsWith('"') && word.length > 1) return word.slice(1, -1).replace(/\\(.)/g, '$1');
  return undefined;
}

/** Splits an action into words; brackets only group, and are left out. */
function wordsOf(action: string): string[] {
  return action.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s()|]+/g) ?? [];
}
