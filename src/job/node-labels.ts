import type { Located } from '../text/source.js';
import { isLabelKey, isLabelValue } from './command-line/selector.js';
import type { Constraint } from './job-spec.js';

/** The operators that the scheduler knows (`k8s.io/apimachinery/pkg/selection`), in this case only. */
const OPERATORS: ReadonlySet<string> = new Set(['in', 'notin', 'exists', '!', 'gt', 'lt', '=', '==', '!=']);

/** What people write for an operator, in lower case, and the one that there is. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['not in', 'notin'],
  ['not_in', 'notin'],
  ['doesnotexist', '!'],
  ['>', 'gt'],
  ['<', 'lt'],
  ['eq', '='],
  ['equals', '='],
  ['equal', '='],
  ['ne', '!='],
  ['notequals', '!='],
]);

/** Labels that nodes have by themselves: their name since 1.8, and the one before (`pkg/node/labels.go`, #5016). */
const RENAMED: readonly (readonly [since: string, before: string])[] = [
  ['os_arch', 'Architecture'],
  ['os_type', 'Operating-System'],
];

/** Names of architectures, in lower case, with Go's. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['x64', 'amd64'],
  ['aarch64', 'arm64'],
  ['amd64', 'amd64'],
  ['arm64', 'arm64'],
]);

/** Names of operating systems, which Go writes in lower case. */
const SYSTEMS: ReadonlyMap<string, string> = new Map(['linux', 'windows', 'darwin'].map((name) => [name, name]));

/** What the scheduler cannot read in a constraint, so that the job stays Pending. */
export type UnreadConstraint =
  | { readonly kind: 'operator'; readonly at: Located<string>; readonly meant?: string }
  | { readonly kind: 'key' | 'value' | 'number'; readonly at: Located<string> };

/** Gives what the scheduler's label library refuses in a constraint that the client takes. */
export function unreadConstraint({ key, operator, values }: Constraint): UnreadConstraint | undefined {
  if ([key, operator, ...values].some((part) => part?.value.includes('{{') === true)) return undefined;
  if (operator !== undefined && !OPERATORS.has(operator.value)) {
    const lower = operator.value.trim().toLowerCase();
    const meant = OPERATORS.has(lower) ? lower : MEANT.get(lower);
    return { kind: 'operator', at: operator, ...(meant === undefined ? {} : { meant }) };
  }
  if (key !== undefined && !isLabelKey(key.value)) return { kind: 'key', at: key };
  const value = values.find((one) => !isLabelValue(one.value));
  if (value !== undefined) return { kind: 'value', at: value };
  const compares = operator?.value === 'gt' || operator?.value === 'lt';
  const number = compares ? values.find((one) => !/^[-+]?\d+$/.test(one.value)) : undefined;
  return number === undefined ? undefined : { kind: 'number', at: number };
}

/** A label or value that only nodes of other releases, or other programs, call so. */
export interface MisnamedLabel {
  readonly at: Located<string>;
  readonly name: string;
}

/**
 * Gives the built-in label of a constraint that nodes call by another name, or the value that they write otherwise.
 *
 * @param renamed whether the nodes' release has the names of 1.8
 */
export function misnamedLabel({ key, values }: Constraint, renamed: boolean): MisnamedLabel | undefined {
  if (key === undefined) return undefined;
  const pair = RENAMED.find((names) => names.includes(key.value));
  if (pair === undefined) return undefined;
  const name = pair[renamed ? 0 : 1];
  if (name !== key.value) return { at: key, name };
  const names = pair === RENAMED[0] ? ARCHITECTURES : SYSTEMS;
  for (const value of values) {
    const meant = names.get(value.value.toLowerCase());
    if (meant !== undefined && meant !== value.value) return { at: value, name: meant };
  }
  return undefined;
}
