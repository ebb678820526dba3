import { isListOf, isRecord } from './finding-shape.js';
import { isRule, SUBJECT_KINDS } from './rule.js';

/** What is wrong with the arguments of a caller whose compiler did not see them; undefined when nothing is. */
export function argumentProblem(inputs: unknown, options: unknown): string | undefined {
  if (!Array.isArray(inputs)) return 'check takes a list of inputs, { kind, text, path? }';
  const all: readonly unknown[] = inputs;
  for (const [index, input] of all.entries()) {
    const problem = inputProblem(input);
    if (problem !== undefined) return `input ${String(index)}: ${problem}`;
  }
  if (!isRecord(options)) return 'options are an object';
  const { target, platforms, rules, variables } = options;
  if (target !== undefined && typeof target !== 'string' && !isTarget(target)) {
    return "target is a release as a text, such as '1.9', or a target of builtInTarget or readTarget";
  }
  if (platforms !== undefined && !isListOf(platforms, isText)) return 'platforms is a list of texts';
  if (rules !== undefined && !isListOf(rules, isRule)) return 'rules is a list of rules, as defineRule gives them';
  if (variables !== undefined && !(isRecord(variables) && Object.values(variables).every(isText))) {
    return 'variables maps names to texts';
  }
  return undefined;
}

function inputProblem(input: unknown): string | undefined {
  if (!isRecord(input)) return 'expected { kind, text, path? }';
  const { kind, text, path } = input;
  if (!SUBJECT_KINDS.some((known) => known === kind)) return `kind is one of ${SUBJECT_KINDS.join(', ')}`;
  if (!isText(text)) return 'text is a text, not bytes';
  return path === undefined || isText(path) ? undefined : 'path is a text';
}

function isTarget(value: unknown): boolean {
  return isRecord(value) && isText(value.bacalhau) && isListOf(value.platforms, isText) && isRecord(value.sources);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
