import { compareReleases } from '../../target/release.js';
import type { Word } from './words.js';
import { cut } from './words.js';

/** How the value of a flag is read. */
export type FlagType = 'bool' | 'string' | 'list' | 'array' | 'int' | 'uint';

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  /** First release that has it. */
  readonly since?: string;
}

function flag(name: string, type: FlagType, short?: string): FlagSpec {
  return { name, type, ...(short === undefined ? {} : { short }) };
}

/** Flags of `bacalhau docker run` in 1.9 (`cmd/util/flags/cliflags`), with those of every command. */
export const FLAGS: readonly FlagSpec[] = [
  flag('workdir', 'string', 'w'),
  flag('entrypoint', 'list'),
  flag('name', 'string'),
  flag('namespace', 'string'),
  flag('priority', 'int'),
  flag('labels', 'list', 'l'),
  flag('count', 'int'),
  flag('concurrency', 'int'),
  flag('target', 'string'),
  flag('constraints', 'string'),
  flag('selector', 'string', 's'),
  flag('task-name', 'string'),
  flag('env', 'array', 'e'),
  flag('input', 'array', 'i'),
  flag('output', 'array', 'o'),
  flag('publisher', 'string', 'p'),
  flag('cpu', 'string'),
  flag('memory', 'string'),
  flag('disk', 'string'),
  flag('gpu', 'string'),
  flag('network', 'string'),
  flag('domain', 'array'),
  flag('timeout', 'int'),
  { ...flag('queue-timeout', 'int'), since: '1.3.2' },
  flag('wait', 'bool'),
  flag('wait-timeout-secs', 'int'),
  flag('id-only', 'bool'),
  flag('node-details', 'bool'),
  flag('group-events', 'bool'),
  flag('dry-run', 'bool'),
  flag('follow', 'bool', 'f'),
  flag('config', 'array', 'c'),
  { ...flag('profile', 'string'), since: '1.9.0' },
  flag('api-host', 'string'),
  flag('api-port', 'int'),
  flag('cacert', 'string'),
  flag('insecure', 'bool'),
  flag('tls', 'bool'),
  flag('log-level', 'string'),
  flag('log-mode', 'string'),
  flag('repo', 'string'),
  flag('data-dir', 'string'),
  flag('help', 'bool', 'h'),
];

/** The flags of a release; `-c` was --constraints in 1.4. */
function flagsOf(release: string): readonly FlagSpec[] {
  const before = (first: string): boolean => compareReleases(release, first) < 0;
  const short = before('1.5.0') && !before('1.4.0') ? 'constraints' : 'config';
  return FLAGS.filter(({ since }) => since === undefined || !before(since)).map(({ short: letter, ...spec }) => ({
    ...spec,
    ...(spec.name === short ? { short: 'c' } : letter === undefined || letter === 'c' ? {} : { short: letter }),
  }));
}

/** A flag as it was given. */
export interface GivenFlag {
  readonly spec: FlagSpec;
  /** The word that names it. */
  readonly word: Word;
  /** Its value; of a boolean without one, the text `true` at the place of the name. */
  readonly value: Word;
  /** How many words without a dash stood before it; a `$NAME` alone is not counted. */
  readonly after: number;
}

export interface ParsedFlags {
  readonly flags: readonly GivenFlag[];
  /** Words that are no flags; from `dashes` on they stood behind `--`. */
  readonly positional: readonly Word[];
  readonly dashes?: number;
  /** The first thing that the flag parser refuses; it stops there. */
  readonly refused?: RefusedFlag;
}

export interface RefusedFlag {
  readonly kind: 'unknown' | 'needs-argument';
  readonly word: Word;
  /** As Bacalhau says it. */
  readonly quote: string;
  /** The flag's name as given: `rm`, `v`. */
  readonly name: string;
  readonly after: number;
}

/** Parses words as Go's pflag does, with the flags of a release: they are taken from anywhere before `--`. */
export function parseFlags(words: readonly Word[], release: string): ParsedFlags {
  const known = flagsOf(release);
  const flags: GivenFlag[] = [];
  const positional: Word[] = [];
  let after = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const text = word.value;
    if (text === '--') {
      const dashes = positional.length;
      positional.push(...words.slice(i + 1));
      return { flags, positional, dashes };
    }
    if (!text.startsWith('-') || text === '-') {
      positional.push(word);
      // What a bare `$NAME` stands for may be flags, or nothing.
      if (!/^\{\{[^{}]*\}\}$/.test(text)) after++;
      continue;
    }
    const next = words[i + 1];
    const result = text.startsWith('--') ? longFlag(known, word, next) : shortFlags(known, word, next);
    for (const given of result.flags) flags.push({ ...given, after });
    if (result.refused !== undefined) return { flags, positional, refused: { ...result.refused, after } };
    if (result.tookNext) i++;
  }
  return { flags, positional };
}

interface Step {
  readonly flags: readonly Omit<GivenFlag, 'after'>[];
  readonly tookNext: boolean;
  readonly refused?: Omit<RefusedFlag, 'after'>;
}

function longFlag(known: readonly FlagSpec[], word: Word, next: Word | undefined): Step {
  const equals = word.value.indexOf('=');
  const name = word.value.slice(2, equals < 0 ? undefined : equals);
  const spec = known.find((flag) => flag.name === name);
  if (spec === undefined) return refuse('unknown', word, name, `unknown flag: --${name}`);
  if (equals >= 0) return { flags: [{ spec, word, value: cut(word, equals + 1) }], tookNext: false };
  if (spec.type === 'bool')
    return { flags: [{ spec, word, value: { ...word, value: 'true', written: 'true' } }], tookNext: false };
  if (next === undefined) return refuse('needs-argument', word, name, `flag needs an argument: --${name}`);
  return { flags: [{ spec, word, value: next }], tookNext: true };
}

function shortFlags(known: readonly FlagSpec[], word: Word, next: Word | undefined): Step {
  const flags: Omit<GivenFlag, 'after'>[] = [];
  for (let i = 1; i < word.value.length; i++) {
    const letter = word.value[i] ?? '';
    const spec = known.find(({ short }) => short === letter);
    if (spec === undefined) {
      return {
        ...refuse('unknown', word, letter, `unknown shorthand flag: '${letter}' in -${word.value.slice(i)}`),
        flags,
      };
    }
    if (word.value[i + 1] === '=')
      return { flags: [...flags, { spec, word, value: cut(word, i + 2) }], tookNext: false };
    if (spec.type === 'bool') {
      flags.push({ spec, word, value: { ...word, value: 'true', written: 'true' } });
      continue;
    }
    if (i + 1 < word.value.length)
      return { flags: [...flags, { spec, word, value: cut(word, i + 1) }], tookNext: false };
    if (next === undefined) {
      return {
        ...refuse('needs-argument', word, letter, `flag needs an argument: '${letter}' in ${word.value}`),
        flags,
      };
    }
    return { flags: [...flags, { spec, word, value: next }], tookNext: true };
  }
  return { flags, tookNext: false };
}

function refuse(kind: RefusedFlag['kind'], word: Word, name: string, quote: string): Step {
  return { flags: [], tookNext: false, refused: { kind, word, quote, name } };
}
