import { compareReleases, NEWEST_RELEASE } from '../target/release.js';
import type { Located, Place, SourceText } from '../text/source.js';
import { nearest } from '../text/nearest.js';
import { shortened } from '../text/shortened.js';
import { decodeJob } from './decode.js';
import type { Join, JobProblem, JobSpec, Move } from './job-spec.js';
import { oldFormat } from './legacy.js';
import { paramProblems } from './params.js';
import { parseText, type ParsedText } from './parse.js';
import { unknown } from './problem.js';
import { countProblems, mapWithTexts } from './releases.js';
import { JOB, SYSTEM_KEYS } from './schema.js';
import { misplacedKeys, splitItems, type Misplaced } from './misplaced.js';
import { checkShape, ignoredKey, replacementBy, type ShapeReading } from './shape.js';
import { takeOutTemplate } from './template.js';
import { entryOf, valueOf, type MapNode } from './tree.js';
import { validateJob } from './validate.js';

export interface ReadJobOptions {
  /** Values of Go template variables. */
  readonly variables?: ReadonlyMap<string, string>;
  /** Exact Bacalhau release; the newest unless given. */
  readonly release?: string;
}

/**
 * Reads a job spec, YAML or JSON, as Bacalhau's client, server and nodes do. Never throws: what is wrong with the
 * text is in the `problems` of the result. Linear in the length of the text.
 */
export function readJobSpec(source: SourceText, options: ReadJobOptions = {}): JobSpec {
  const release = options.release ?? NEWEST_RELEASE;
  const template = takeOutTemplate(source.text, options.variables ?? new Map());
  const whole: Place = { span: { start: 0, end: source.text.length } };
  const unread = {
    source,
    origin: 'spec',
    at: whole,
    constraints: [],
    labels: [],
    unresolved: template.unresolved,
  } as const;
  // Bacalhau stops at a broken template, and what it would print is not known.
  if (template.problem !== undefined) {
    const { span, message } = template.problem;
    return { ...unread, problems: [{ kind: 'template', at: { span }, message }] };
  }
  const parsed = parseText(template.text, template.actions);
  const broken = textProblem(parsed, source);
  if (parsed.root?.kind !== 'map' || broken !== undefined) {
    return { ...unread, problems: broken === undefined ? [] : [broken] };
  }
  const problems: JobProblem[] = bareActionProblem(source.text, template.actions);
  const old = oldFormat(parsed.root, release);
  if (old !== undefined) return { ...unread, problems: [old] };
  const strict = compareReleases(release, '1.4.0') >= 0;
  const root = strict ? parsed.root : mapWithTexts(parsed.root, JOB);
  const misplaced = misplacedKeys(root, release);
  // Not spread into a call: a hostile text has more problems than a call takes arguments.
  for (const problem of [documentProblems(parsed), keyProblems(root, strict, misplaced)].flat()) problems.push(problem);
  const shapeProblems: JobProblem[] = [];
  checkShape(root, JOB, '', { release, misplaced, report: (problem) => shapeProblems.push(problem) });
  const draft = { ...unread, ...decodeJob(root) };
  const typed = !shapeProblems.some(({ kind }) => kind === 'wrong-type');
  for (const problem of shapeProblems) problems.push(problem);
  const refused = [...validateJob(draft, release), ...countProblems(root, draft, release)];
  const later = [
    // Bacalhau validates only what it could decode, and people mend all in one go. Of values with a wrong type,
    // "missing" would be noise.
    typed ? refused : refused.filter(({ kind }) => kind === 'bad-value'),
    taskProblems(root, { release, misplaced }),
  ];
  for (const problem of later.flat()) problems.push(problem);
  problems.sort((a, b) => a.at.span.start - b.at.span.start);
  const halves = new Map([...splitItems(root)].map(([half, join]) => [half.span.start, join]));
  const joined = problems.map((problem) => withJoin(problem, halves));
  return { ...draft, problems: onlyOnce(joined).map((problem) => keepTemplate(problem, source)) };
}

/** To YAML, braces without quotes begin a mapping; only `job run` replaces them before it reads the file. */
function bareActionProblem(text: string, actions: ReadonlyMap<number, { readonly length: number }>): JobProblem[] {
  for (const [start, { length }] of actions) {
    if (!/[:,[-][ \t]+$/.test(text.slice(Math.max(0, start - 20), start))) continue;
    return [
      {
        kind: 'template',
        at: { span: { start, end: start + length } },
        severity: 'info',
        message:
          '`bacalhau job validate` applies no templates and refuses the file for these braces, where `bacalhau job run` takes it; a text may stand in quotes, which both take',
        quote: 'invalid map key',
      },
    ];
  }
  return [];
}

/** A fix must not put the value of a variable in the place of the variable. */
function keepTemplate(problem: JobProblem, { text }: SourceText): JobProblem {
  const { replacement, ...rest } = problem;
  const { start, end } = problem.at.span;
  return replacement !== undefined && text.slice(start, end).includes('{{') ? rest : problem;
}

/** Why there is no mapping to read. */
function textProblem({ problem, root }: ParsedText, source: SourceText): JobProblem | undefined {
  if (problem !== undefined) {
    return {
      kind: problem.message.includes('template variable') ? 'template' : 'syntax',
      at: { span: problem.span },
      message: problem.message,
    };
  }
  if (root?.kind === 'map' && root.entries.length > 0) return undefined;
  const at: Place = root ?? { span: { start: 0, end: Math.min(1, source.text.length) } };
  if (source.text.includes('\0'))
    return { kind: 'syntax', at: { span: { start: 0, end: 0 } }, message: 'the file is binary, not YAML or JSON' };
  if (root === undefined || (root.kind === 'scalar' && root.value === null) || root.kind === 'map') {
    return { kind: 'syntax', at, message: 'the job spec is empty, and the client refuses it', quote: 'nil job' };
  }
  const what = root.kind === 'list' ? 'a list' : 'a text';
  return {
    kind: 'syntax',
    at,
    message: `the file holds ${what} where the client expects a mapping with keys such as Type and Tasks; it refuses the file`,
  };
}

function documentProblems({ secondDocument, duplicates }: ParsedText): JobProblem[] {
  const problems: JobProblem[] = duplicates.map(({ lost, kept, key }) => ({
    kind: 'duplicate-key',
    at: lost,
    message: `the key ${key} stands twice here; the later one counts and this one is ignored`,
    related: { at: kept, message: 'the one that counts' },
  }));
  if (secondDocument !== undefined) {
    problems.push({
      kind: 'extra-document',
      at: { span: { start: secondDocument.start, end: Math.min(secondDocument.end, secondDocument.start + 1) } },
      message: 'a second YAML document begins here; Bacalhau reads the first one only and ignores this in silence',
    });
  }
  return problems;
}

/** Keys at the top: unknown ones and those that Bacalhau sets itself are refused since 1.4 (`validateRawJob`). */
function keyProblems(root: MapNode, strict: boolean, misplaced: ReadonlyMap<Located<string>, Misplaced>): JobProblem[] {
  const names = JOB.fields.map(({ name }) => name);
  if (!strict) return olderKeyProblems(root, names, misplaced);
  return root.entries.flatMap(({ key, value }): JobProblem[] => {
    const lower = key.value.toLowerCase();
    if (names.some((name) => name.toLowerCase() === lower) || unknown(key)) return [];
    const system = SYSTEM_KEYS.find((name) => name.toLowerCase() === lower);
    if (system !== undefined) {
      return [
        {
          kind: 'system-key',
          at: key,
          message: `${key.value} is set by Bacalhau itself, and the client refuses it in a job spec, even when it is empty; remove it`,
          quote: `field: '${key.value}' in 'Job' is not allowed`,
        },
      ];
    }
    const quote = `unknown field: '${key.value}' in 'Job'`;
    const move = misplaced.get(key);
    const moved = move === undefined ? {} : { move };
    const belongs = [
      'Engine',
      'Publisher',
      'InputSources',
      'ResultPaths',
      'Resources',
      'Network',
      'Timeouts',
      'Env',
    ].find((name) => name.toLowerCase() === lower);
    if (belongs !== undefined) {
      return [
        {
          kind: 'unknown-key',
          at: key,
          message: `${key.value} belongs into a task, below Tasks, and at the top the client refuses the file`,
          quote,
          ...moved,
        },
      ];
    }
    const meant = nearest(key.value, names);
    const replaced = meant === undefined ? {} : replacementBy(meant, value, root, JOB);
    const isMoved = move !== undefined && replaced.replacement === undefined;
    const hint = isMoved
      ? `${shortened(key.value)} belongs ${move.where}`
      : meant === undefined
        ? `the keys of a job are ${names.join(', ')}`
        : `did you mean ${meant}?`;
    const message = `a job has no key ${shortened(key.value)}, and the client refuses the file; ${hint}`;
    // Refused as it stands, so that no job changes.
    const correction = isMoved ? moved : { ...replaced, changesJob: false };
    return [{ kind: 'unknown-key', at: key, message, quote, ...correction }];
  });
}

/** Before 1.4 unknown keys were dropped in silence at the top as well. */
function olderKeyProblems(
  root: MapNode,
  names: readonly string[],
  misplaced: ReadonlyMap<Located<string>, Misplaced>,
): JobProblem[] {
  const known = new Set([...names, ...SYSTEM_KEYS].map((name) => name.toLowerCase()));
  return root.entries.flatMap((entry) =>
    known.has(entry.key.value.toLowerCase()) || unknown(entry.key)
      ? []
      : [ignoredKey(entry, root, JOB, 'the job', misplaced)],
  );
}

/** What is missing in an item may stand in the next one. */
function withJoin(problem: JobProblem, halves: ReadonlyMap<number, Join>): JobProblem {
  const join = problem.kind === 'missing-field' ? halves.get(problem.at.span.start) : undefined;
  return join === undefined ? problem : { ...problem, join };
}

/** Of corrections that would put the same key into a mapping twice, none is the only thing that can be meant. */
function onlyOnce(problems: readonly JobProblem[]): JobProblem[] {
  const counts = new Map<string, number>();
  const moves = new Set<Move>();
  const count = (place: string): void => void counts.set(place, (counts.get(place) ?? 0) + 1);
  for (const { kind, at, replacement, move } of problems) {
    if (replacement !== undefined && KEYS.has(kind)) count(placeOf(at, replacement));
    if (move === undefined || moves.has(move)) continue;
    moves.add(move);
    for (const place of placesOf(move)) count(place);
  }
  return problems.map((problem) => {
    const { replacement, move, ...rest } = problem;
    const places =
      move !== undefined
        ? placesOf(move)
        : replacement !== undefined && KEYS.has(problem.kind)
          ? [placeOf(problem.at, replacement)]
          : [];
    return places.some((place) => (counts.get(place) ?? 0) > 1) ? rest : problem;
  });
}

/** Problems that are about a key. */
const KEYS: ReadonlySet<string> = new Set(['unknown-key', 'ignored-key']);

function placeOf({ pointer = '' }: Place, name: string): string {
  return `${pointer.slice(0, pointer.lastIndexOf('/'))}/${name}`.toLowerCase();
}

function placesOf({ to, below, entries }: Move): string[] {
  const parent = [to.pointer ?? '', ...(below === undefined ? [] : [below.name])].join('/');
  return entries.map(({ key }) => `${parent}/${key.value}`.toLowerCase());
}

function taskProblems(root: MapNode, reading: Omit<ShapeReading, 'report'>): JobProblem[] {
  const tasks = valueOf(root, 'Tasks');
  if (tasks?.kind !== 'list') return [];
  const [first, second] = tasks.items;
  const problems = first?.kind === 'map' ? paramProblems(first, reading) : [];
  if (second !== undefined) {
    const at = second.kind === 'map' ? (entryOf(second, 'Name')?.value ?? second.entries[0]?.key ?? second) : second;
    problems.push({
      kind: 'extra-task',
      at,
      message: 'a job has one task; Bacalhau keeps the first and drops this one with a warning',
    });
  }
  return problems;
}
