import type { Constraint } from '../job-spec.js';
import { shown } from '../problem.js';
import { cut, part, type Word } from './words.js';

/** A label key: an optional DNS prefix and a name (Kubernetes label syntax). */
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

export type Selector =
  { readonly ok: true; readonly constraints: readonly Constraint[] } | { readonly ok: false; readonly message: string };

/** Reads the value of `--constraints`: `k=v,k2!=v,k3 in (a,b),!k4,k5 > 5` (Kubernetes selector syntax). */
export function parseSelector(word: Word): Selector {
  const constraints: Constraint[] = [];
  for (const [from, to] of requirements(word.value)) {
    if (word.value.slice(from, to).trim() === '') {
      if (word.value.trim() === '') continue;
      return {
        ok: false,
        message: 'a constraint is empty, between two commas or at an end, and Bacalhau refuses the line',
      };
    }
    const constraint = parseRequirement(cut(word, from, to));
    if (typeof constraint === 'string') return { ok: false, message: constraint };
    constraints.push(constraint);
  }
  return { ok: true, constraints };
}

/** Ranges between commas, but not between commas in brackets. */
function requirements(text: string): [number, number][] {
  const ranges: [number, number][] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (i < text.length && (text[i] !== ',' || depth > 0)) continue;
    ranges.push([from, i]);
    from = i + 1;
  }
  return ranges;
}

/** No two blanks that may repeat stand side by side: a long run of them would be tried in every split. */
const REQUIREMENT = /^(?:(!)\s*)?([^\s=!<>(),]+)(?:\s*(==|=|!=|>|<)\s*([^\s(),]*)|\s+(in|notin)\s*\(([^()]*)\))?$/d;

function parseRequirement(word: Word): Constraint | string {
  const text = word.value;
  const lead = text.length - text.trimStart().length;
  const match = REQUIREMENT.exec(text.trim());
  if (match?.indices === undefined)
    return `the constraint ${shown(text.trim())} is not of the form key=value, key in (a,b), key > 5, key or !key, and Bacalhau refuses the line`;
  const [, not = '', key = '', operator, value, set, list] = match;
  const range = (group: number): [number, number] => {
    const [start, end] = match.indices?.[group] ?? [0, 0];
    return [lead + start, lead + end];
  };
  if (!KEY.test(key)) return `${shown(key)} cannot be the name of a label, and Bacalhau refuses the line`;
  const at = word;
  const keyAt = part(word, ...range(2));
  const build = (name: string, group: number, values: Constraint['values']): Constraint => ({
    at,
    key: keyAt,
    operator: { value: name, span: part(word, ...range(group)).span },
    values,
  });
  if (not === '!') {
    if (operator !== undefined || set !== undefined)
      return `the constraint ${shown(text.trim())} has both ! and an operator, and Bacalhau refuses the line`;
    return build('!', 1, []);
  }
  if (operator !== undefined && value !== undefined) {
    const name = { '=': '=', '==': '==', '!=': '!=', '>': 'gt', '<': 'lt' }[operator] ?? operator;
    return checked(build(name, 3, [part(word, ...range(4))]));
  }
  if (set !== undefined && list !== undefined) return checked(build(set, 5, listValues(word, range(6))));
  return build('exists', 2, []);
}

function listValues(word: Word, [from, to]: [number, number]): Constraint['values'] {
  const values = [];
  for (let start = from; start <= to;) {
    const comma = word.value.indexOf(',', start);
    const end = comma < 0 || comma > to ? to : comma;
    const raw = word.value.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    values.push(part(word, start + lead, start + lead + raw.trim().length));
    start = end + 1;
  }
  return values;
}

function checked(constraint: Constraint): Constraint | string {
  const { operator, values } = constraint;
  const wrong = values.find(({ value }) => !VALUE.test(value));
  if (wrong !== undefined) return `${shown(wrong.value)} cannot be the value of a label, and Bacalhau refuses the line`;
  if ((operator?.value === 'gt' || operator?.value === 'lt') && values.some(({ value }) => !/^-?\d+$/.test(value))) {
    return `${operator.value === 'gt' ? '>' : '<'} compares whole numbers only, and Bacalhau refuses the line`;
  }
  return constraint;
}

/** Whether a text is the name of a label. */
export function isLabelKey(text: string): boolean {
  return KEY.test(text);
}

/** Whether a text is the value of a label; it may be empty. */
export function isLabelValue(text: string): boolean {
  return VALUE.test(text);
}

/** Whether a text is a label of Kubernetes syntax: `key` or `key=value`. */
export function isLabel(text: string): boolean {
  const equals = text.indexOf('=');
  const key = equals < 0 ? text : text.slice(0, equals);
  return KEY.test(key) && VALUE.test(equals < 0 ? '' : text.slice(equals + 1));
}
