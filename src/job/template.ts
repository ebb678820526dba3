import type { Located, Span } from '../text/source.js';
import { evaluate, type Operand } from './template-action.js';

/**
 * A text whose Go template actions (`text/template`, which `bacalhau job run` applies since 1.1.6) were taken out.
 * Each action is replaced by as many characters, so that every place in the text stays what it was.
 */
export interface TemplatedText {
  readonly text: string;
  /** What stands for each action, by the offset at which it begins. */
  readonly actions: ReadonlyMap<number, TemplateAction>;
  /** The first thing that Go's reader of templates refuses; what stands behind it is blank in the text. */
  readonly problem?: { readonly span: Span; readonly message: string };
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

/** A part between `{{if …}}`, `{{else}}` and `{{end}}`. */
interface Block {
  readonly keyword: string;
  readonly span: Span;
  /** Whether the text around the block is part of the job. */
  readonly outer: boolean;
  readonly rebound: boolean;
  /** Whether one of its branches was taken. */
  taken: boolean;
  /** Whether the branch that is being read is taken. */
  active: boolean;
}

interface Walk {
  readonly variables: ReadonlyMap<string, string>;
  readonly locals: Map<string, Operand>;
  readonly blocks: Block[];
  readonly unresolved: Located<string>[];
}

/**
 * Takes the actions out of a text. Texts without `{{` come back as they are. Of branches the one is kept that the given
 * variables choose; when that cannot be said, the first. Only the first problem is told: there Go stops.
 */
export function takeOutTemplate(text: string, variables: ReadonlyMap<string, string>): TemplatedText {
  const actions = new Map<number, TemplateAction>();
  const walk: Walk = { variables, locals: new Map(), blocks: [], unresolved: [] };
  const { unresolved } = walk;
  const out: Output = { text: '', indent: 0, blank: true };
  let at = 0;
  const stopAt = (span: Span, message: string): TemplatedText => {
    return { text: out.text + blank(text.slice(out.text.length)), actions, problem: { span, message }, unresolved };
  };
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    append(out, text.slice(at, open), isActive(walk));
    const close = endOfAction(text, open + 2);
    if (close === undefined) {
      const message = 'a template action begins here and never ends; Bacalhau refuses the file';
      return stopAt({ start: open, end: open + 2 }, message);
    }
    const raw = text.slice(open, close);
    const span = { start: open, end: close };
    const result = actionOf(withoutMarks(raw), span, walk);
    if (result.kind === 'broken') return stopAt(span, result.message);
    if (result.kind === 'nothing' || raw.includes('\n')) appendNothing(out, raw, text.charAt(close));
    else {
      const stands = result.kind === 'known' ? { value: result.text } : { variable: result.name };
      actions.set(open, { length: raw.length, ...stands });
      append(out, STAND_IN.repeat(raw.length), true);
    }
    at = close;
  }
  const open = walk.blocks.at(-1);
  if (open !== undefined) {
    return stopAt(open.span, `{{${open.keyword}}} begins here and has no {{end}}; Bacalhau refuses the file`);
  }
  return { text: out.text + text.slice(at), actions, unresolved };
}

/** What stands between the braces, without the marks that trim white space. */
function withoutMarks(raw: string): string {
  return raw
    .slice(2, -2)
    .replace(/^-(?=\s)/, '')
    .replace(/(?<=\s)-$/, '')
    .trim();
}

/** The text that grows, and what is known of its last line. */
interface Output {
  text: string;
  /** How far the line is indented in the source. */
  indent: number;
  /** Whether nothing has been printed in it yet. */
  blank: boolean;
}

function append(out: Output, source: string, active: boolean): void {
  const newline = source.lastIndexOf('\n');
  const line = source.slice(newline + 1);
  if (newline >= 0 || out.text === '') {
    out.indent = line.length - line.trimStart().length;
    out.blank = true;
  }
  if (active && line.trim() !== '') out.blank = false;
  out.text += active ? source : blank(source);
}

/**
 * Blanks an action that prints nothing. When it begins a line that goes on behind it, its last characters become a
 * line end and the indentation: so what follows stands in the column where Bacalhau will read it.
 */
function appendNothing(out: Output, raw: string, next: string): void {
  const goesOn = out.blank && /\S/.test(next) && raw.length > out.indent && !raw.includes('\n');
  out.text += goesOn ? `${' '.repeat(raw.length - out.indent - 1)}\n${' '.repeat(out.indent)}` : blank(raw);
}

function isActive({ blocks }: Walk): boolean {
  return blocks.at(-1)?.active ?? true;
}

type Action = Operand | { readonly kind: 'nothing' };
const NOTHING: Action = { kind: 'nothing' };

function actionOf(action: string, span: Span, walk: Walk): Action {
  if (action.startsWith('/*'))
    return action.endsWith('*/')
      ? NOTHING
      : { kind: 'broken', message: 'a comment of a template ends with */ right before the braces' };
  const [, keyword = '', rest = ''] =
    /^(if|else|end|range|with|define|template|block|break|continue)\b\s*(.*)$/s.exec(action) ?? [];
  if (keyword === 'end') {
    const block = walk.blocks.pop();
    return block === undefined
      ? { kind: 'broken', message: '{{end}} stands here and nothing is open that it could end' }
      : NOTHING;
  }
  if (keyword === 'else') return elseOf(rest, span, walk);
  if (keyword !== '') return keywordOf(keyword, rest, span, walk);
  const [, name, pipeline] = /^(\$\w*)\s*:?=\s*(.*)$/s.exec(action) ?? [];
  const value = valueOf(pipeline ?? action, span, walk);
  if (name === undefined || value.kind === 'broken') return isActive(walk) || value.kind === 'broken' ? value : NOTHING;
  if (isActive(walk)) walk.locals.set(name, value);
  return NOTHING;
}

/** Evaluates a pipeline and notes the variable that it lacks, where it counts. */
function valueOf(pipeline: string, span: Span, walk: Walk): Operand {
  const rebound = walk.blocks.at(-1)?.rebound ?? false;
  const value = evaluate(pipeline, { variables: walk.variables, locals: walk.locals, rebound });
  if (isActive(walk) && (value.kind === 'unknown' || value.kind === 'absent'))
    walk.unresolved.push({ value: value.name, span });
  return value;
}

function keywordOf(keyword: string, rest: string, span: Span, walk: Walk): Action {
  if (keyword === 'break' || keyword === 'continue') return NOTHING;
  if (keyword === 'template') {
    if (isActive(walk)) walk.unresolved.push({ value: 'template', span });
    return isActive(walk) ? { kind: 'unknown', name: 'template' } : NOTHING;
  }
  const outer = isActive(walk);
  const isDefinition = keyword === 'define' || keyword === 'block';
  const condition = isDefinition ? undefined : conditionOf(rest, span, walk);
  if (condition?.kind === 'broken') return condition;
  const chosen = !isDefinition && isTrue(condition);
  const rebound = keyword === 'with' || keyword === 'range' || (walk.blocks.at(-1)?.rebound ?? false);
  walk.blocks.push({ keyword, span, outer, rebound, taken: chosen, active: outer && chosen });
  return NOTHING;
}

/** Of `$x := pipeline` the pipeline counts. `index . "name"` may lack its value here without harm. */
function conditionOf(rest: string, span: Span, walk: Walk): Operand {
  const before = walk.unresolved.length;
  const value = valueOf(rest.replace(/^\$\w*(?:\s*,\s*\$\w*)?\s*:?=/, '').trim(), span, walk);
  if (value.kind === 'absent') walk.unresolved.length = before;
  return value;
}

/** What cannot be known is taken for true: so the first branch is read. */
function isTrue(condition: Operand | undefined): boolean {
  if (condition?.kind === 'known') return condition.truth;
  return condition?.kind === 'unknown';
}

function elseOf(rest: string, span: Span, walk: Walk): Action {
  const block = walk.blocks.at(-1);
  if (block === undefined)
    return { kind: 'broken', message: '{{else}} stands here outside of {{if}}, {{with}} and {{range}}' };
  const condition = rest.replace(/^(?:if|with)\b/, '').trim();
  block.active = block.outer && !block.taken;
  const value = condition === '' || !block.active ? undefined : conditionOf(condition, span, walk);
  if (value?.kind === 'broken') return value;
  const chosen = condition === '' || isTrue(value);
  block.active &&= chosen;
  block.taken ||= chosen;
  return NOTHING;
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
