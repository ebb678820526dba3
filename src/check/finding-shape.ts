import type { FactName } from './rule.js';
import { CONFIDENCES, SEVERITIES, STAGES } from './stage.js';

/** What is wrong with a value that a rule from outside yields as a finding; undefined when it is one. */
export function findingProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return 'what it yields is no finding';
  if (typeof value.message !== 'string') return 'a finding without the text message';
  if (!isPlace(value.at)) return 'a finding without at: { span: { start, end } }, offsets in the text';
  const words: readonly [string, readonly string[]][] = [
    ['severity', SEVERITIES],
    ['stage', STAGES],
    ['confidence', CONFIDENCES],
  ];
  for (const [key, known] of words) {
    const word = value[key];
    if (word !== undefined && !known.some((one) => one === word)) return `${key} is one of ${known.join(', ')}`;
  }
  if (!isOptional(value.remedy, (one) => typeof one === 'string')) return 'remedy is a text';
  if (!isOptional(value.related, (one) => isListOf(one, isRelated))) return 'related is a list of { message, at? }';
  if (!isOptional(value.fix, isFix)) return 'fix is { title, safe, edits?, commands? }';
  return undefined;
}

/** Complete, because the compiler asks for each name. */
const FACT_NAMES: Readonly<Record<FactName, true>> = {
  'image.access': true,
  'image.platforms': true,
  'image.config': true,
  'image.local': true,
  'image.files': true,
  'image.seen': true,
  'image.base': true,
  'probe.url': true,
  'probe.s3': true,
  'probe.ipfs': true,
  'probe.bucket': true,
};

/** What is wrong with the facts that a rule from outside asks for; undefined when all are known. */
export function factsProblem(value: unknown): string | undefined {
  if (!isListOf(value, (one) => typeof one === 'string')) return 'it is a list of facts';
  const unknown = value.flatMap((name) => (typeof name === 'string' && !Object.hasOwn(FACT_NAMES, name) ? [name] : []));
  return unknown.length === 0
    ? undefined
    : `there is no fact ${unknown.join(', ')}; known are ${Object.keys(FACT_NAMES).join(', ')}`;
}

function isRelated(value: unknown): boolean {
  return isRecord(value) && typeof value.message === 'string' && isOptional(value.at, isPlace);
}

function isFix(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.title === 'string' &&
    typeof value.safe === 'boolean' &&
    isOptional(value.edits, (edits) => isListOf(edits, isEdit)) &&
    isOptional(value.commands, (commands) => isListOf(commands, (command) => typeof command === 'string'))
  );
}

function isEdit(value: unknown): boolean {
  return isRecord(value) && typeof value.path === 'string' && typeof value.text === 'string' && isSpan(value);
}

function isPlace(value: unknown): boolean {
  return (
    isRecord(value) &&
    isSpan(value.span) &&
    isOptional(value.pointer, (pointer) => typeof pointer === 'string') &&
    isOptional(value.file, (file) => isRecord(file) && typeof file.path === 'string' && typeof file.text === 'string')
  );
}

function isSpan(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { start, end } = value;
  if (typeof start !== 'number' || typeof end !== 'number') return false;
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
}

function isOptional(value: unknown, fits: (value: unknown) => boolean): boolean {
  return value === undefined || fits(value);
}

/** Whether a value is a list whose items all fit. */
export function isListOf(value: unknown, fits: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(fits);
}

/** Whether a value is an object with keys, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
