/** What an operand of a Go template stands for. */
export type Operand =
  | { readonly kind: 'known'; readonly text: string; readonly truth: boolean }
  /** `index . "name"` of a variable without a value: empty to `or` and `if`. */
  | { readonly kind: 'absent'; readonly name: string }
  /** Depends on a variable that has no value, or on what only Go can say. */
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'broken'; readonly message: string };

/** Functions of `text/template`; Bacalhau adds none. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  'and call html index slice js len not or print printf println urlquery eq ge gt le lt ne'.split(' '),
);

type Token = { readonly kind: 'word' | 'text' | 'open' | 'close' | 'pipe'; readonly text: string };

/** What is known where an action stands. */
export interface Scope {
  readonly variables: ReadonlyMap<string, string>;
  /** Variables of the template itself, with their `$`. */
  readonly locals: ReadonlyMap<string, Operand>;
  /** True inside `with` and `range`, where the dot is something else. */
  readonly rebound: boolean;
}

/**
 * Evaluates a pipeline (`or (index . "name") "x" | printf "%s"`) as far as texts and given variables go.
 */
export function evaluate(pipeline: string, scope: Scope): Operand {
  const tokens = tokensOf(pipeline);
  if (typeof tokens === 'string') return { kind: 'broken', message: `${tokens} cannot stand in a template action` };
  const reader = { tokens, at: 0, scope };
  const value = readPipeline(reader, 0);
  if (value.kind !== 'broken' && reader.at < tokens.length) {
    return { kind: 'broken', message: 'a bracket closes here that was never opened in this template action' };
  }
  return value;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  readonly scope: Scope;
}

/** Gives the tokens of an action, or the character that belongs to none. */
function tokensOf(action: string): Token[] | string {
  const tokens: Token[] = [];
  const pattern = /\s*(?:("(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)+')|([()|])|([^\s()|"`',]+))/y;
  const text = action.trimEnd();
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) return text.slice(start).trim().charAt(0);
    const [, quoted, sign, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: unquoted(quoted) });
    else if (sign !== undefined)
      tokens.push({ kind: sign === '(' ? 'open' : sign === ')' ? 'close' : 'pipe', text: sign });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

function unquoted(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return inner;
  return inner.replace(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character);
}

/** Deeper brackets than any job has; it keeps the recursion short. */
const MAX_DEPTH = 50;

function readPipeline(reader: Reader, depth: number): Operand {
  let value: Operand | undefined;
  for (;;) {
    value = readCommand(reader, value, depth);
    if (value.kind === 'broken' || reader.tokens[reader.at]?.kind !== 'pipe') return value;
    reader.at++;
  }
}

/** One command: a function with its operands, or one operand. What a pipe hands on is its last operand. */
function readCommand(reader: Reader, piped: Operand | undefined, depth: number): Operand {
  const operands: Operand[] = [];
  let name: string | undefined;
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined || token.kind === 'pipe' || token.kind === 'close') break;
    reader.at++;
    if (token.kind === 'open') {
      if (depth >= MAX_DEPTH) return { kind: 'broken', message: 'the brackets of this template action go too deep' };
      const inner = readPipeline(reader, depth + 1);
      if (inner.kind === 'broken') return inner;
      if (reader.tokens[reader.at]?.kind !== 'close')
        return { kind: 'broken', message: 'a bracket of this template action is never closed' };
      reader.at++;
      operands.push(inner);
      continue;
    }
    const isName = token.kind === 'word' && /^[A-Za-z_]\w*(?:\.|$)/.test(token.text) && !LITERALS.has(token.text);
    if (!isName) {
      operands.push(token.kind === 'text' ? known(token.text) : wordOperand(reader.scope, token.text));
      continue;
    }
    const called = /^\w+/.exec(token.text)?.[0] ?? '';
    if (!FUNCTIONS.has(called)) {
      const next = reader.tokens[reader.at]?.kind;
      const isAlone = called === token.text && (next === undefined || next === 'pipe' || next === 'close');
      return { kind: 'broken', message: noFunction(called, isAlone) };
    }
    if (operands.length === 0 && name === undefined) name = called;
  }
  if (piped !== undefined) operands.push(piped);
  const broken = operands.find(({ kind }) => kind === 'broken');
  if (broken !== undefined) return broken;
  if (name !== undefined) return call(name, operands, reader.scope);
  return operands[0] ?? { kind: 'broken', message: 'this template action is empty' };
}

const LITERALS: ReadonlySet<string> = new Set(['true', 'false', 'nil']);

/** A name that stands alone was meant for a variable; one with something behind it for the function of another program. */
function noFunction(name: string, isAlone: boolean): string {
  const way = isAlone
    ? `a variable is written with a dot, {{.${name}}}`
    : 'where another program is to fill the braces in, it has to do so before, or the job is run with --no-template';
  return `${name} is no function of Go templates, so that Bacalhau refuses the file; ${way}`;
}

function known(text: string, truth = text !== ''): Operand {
  return { kind: 'known', text, truth };
}

/** `.name`, `$x`, a number, or true, false and nil. */
function wordOperand({ variables, locals, rebound }: Scope, word: string): Operand {
  if (LITERALS.has(word)) return known(word, word === 'true');
  if (/^[-+]?[\d.]*\d/.test(word)) return known(word, !/^[-+]?[0.]+$/.test(word));
  const local = locals.get(word);
  if (local !== undefined) return local;
  const name = /^\$?\.([\w.]+)$/.exec(word)?.[1];
  if (name === undefined || (rebound && !word.startsWith('$'))) return { kind: 'unknown', name: name ?? word };
  const given = variables.get(name);
  return given === undefined ? { kind: 'unknown', name } : known(given);
}

function call(name: string, operands: readonly Operand[], { variables, rebound }: Scope): Operand {
  switch (name) {
    case 'index': {
      const [map, key] = operands;
      const isRoot = map?.kind === 'unknown' && (map.name === '$' || (map.name === '.' && !rebound));
      if (!isRoot || key?.kind !== 'known' || operands.length > 2)
        return { kind: 'unknown', name: nameIn(operands) ?? '' };
      const given = variables.get(key.text);
      return given === undefined ? { kind: 'absent', name: key.text } : known(given);
    }
    case 'or':
    case 'and':
      return firstThatDecides(operands, name === 'or');
    case 'not':
      return ifKnown(operands, ([first]) => truth(!(first?.truth ?? false)));
    case 'eq':
      return ifKnown(operands, ([first, ...others]) => truth(others.some(({ text }) => text === first?.text)));
    case 'ne':
      return ifKnown(operands, ([first, second]) => truth(first?.text !== second?.text));
    case 'print':
    case 'html':
    case 'js':
    case 'urlquery':
      return ifKnown(operands, (all) => known(all.map(({ text }) => text).join('')));
    case 'printf':
      return ifKnown(operands, ([format, ...values]) => formatted(format?.text ?? '', values));
    default:
      return { kind: 'unknown', name: nameIn(operands) ?? name };
  }
}

type Known = Extract<Operand, { kind: 'known' }>;

function truth(value: boolean): Operand {
  return known(String(value), value);
}

function firstThatDecides(operands: readonly Operand[], wanted: boolean): Operand {
  for (const operand of operands) {
    if (operand.kind !== 'known' && operand.kind !== 'absent') return operand;
    if ((operand.kind === 'known' && operand.truth) === wanted) return operand;
  }
  return operands.at(-1) ?? { kind: 'unknown', name: 'or' };
}

function ifKnown(operands: readonly Operand[], evaluateAll: (all: readonly Known[]) => Operand): Operand {
  const all = operands.map((operand): Operand => (operand.kind === 'absent' ? known('') : operand));
  const values = all.filter((operand) => operand.kind === 'known');
  return values.length === all.length ? evaluateAll(values) : { kind: 'unknown', name: nameIn(operands) ?? '' };
}

function formatted(format: string, values: readonly Known[]): Operand {
  let next = 0;
  const text = format.replace(/%([svdq%])/g, (_, verb: string) => {
    if (verb === '%') return '%';
    const value = values[next++]?.text ?? '';
    return verb === 'q' ? JSON.stringify(value) : value;
  });
  return known(text);
}

function nameIn(operands: readonly Operand[]): string | undefined {
  return operands.flatMap((operand) => ('name' in operand ? [operand.name] : []))[0];
}
