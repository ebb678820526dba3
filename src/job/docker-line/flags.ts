import { part, type Word } from '../command-line/words.js';
import type { Located, Span } from '../../text/source.js';

/** One option of a `docker run` line. */
export interface DockerFlag {
  /** Long name without dashes, also for `-v`. */
  readonly name: string;
  /** The option as written, for people and for its place. */
  readonly word: Word;
  /** Absent for switches and for an option at the very end. */
  readonly value?: Located<string>;
  /** From the option to the end of its value. */
  readonly span: Span;
}

export interface DockerWords {
  readonly flags: readonly DockerFlag[];
  readonly image?: Word;
  readonly command: readonly Word[];
}

/** Long names of the one-letter options (docker/cli, `cli/command/container/opts.go`). */
const SHORT: Readonly<Record<string, string>> = {
  a: 'attach',
  c: 'cpu-shares',
  d: 'detach',
  e: 'env',
  h: 'hostname',
  i: 'interactive',
  l: 'label',
  m: 'memory',
  p: 'publish',
  P: 'publish-all',
  q: 'quiet',
  t: 'tty',
  u: 'user',
  v: 'volume',
  w: 'workdir',
};

/** Options that take no value; all others take one. */
const SWITCHES = new Set(
  (
    'detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet ' +
    'read-only rm sig-proxy tty'
  ).split(' '),
);

/** Splits the words behind `docker run`: options up to the image, then the command. Docker stops at the first other word. */
export function dockerWords(words: readonly Word[]): DockerWords {
  const flags: DockerFlag[] = [];
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i];
    if (word === undefined || !/^-./.test(word.value)) break;
    if (word.value === '--') {
      i++;
      break;
    }
    const found = word.value.startsWith('--') ? longFlag(word, words[i + 1]) : shortFlags(word, words[i + 1]);
    flags.push(...found.flags);
    if (found.tookNext) i++;
  }
  const [image, ...command] = words.slice(i);
  return { flags, command, ...(image === undefined ? {} : { image }) };
}

interface Found {
  readonly flags: DockerFlag[];
  readonly tookNext: boolean;
}

function longFlag(word: Word, next: Word | undefined): Found {
  const equals = word.value.indexOf('=');
  const name = word.value.slice(2, equals < 0 ? undefined : equals);
  if (equals >= 0) {
    return { flags: [{ name, word, value: part(word, equals + 1), span: word.span }], tookNext: false };
  }
  return withNext({ name, word, span: word.span }, next);
}

/** `-it`, `-v/a:/b`, `-e A=b`. */
function shortFlags(word: Word, next: Word | undefined): Found {
  const flags: DockerFlag[] = [];
  for (let i = 1; i < word.value.length; i++) {
    const letter = word.value[i] ?? '';
    const name = Object.hasOwn(SHORT, letter) ? (SHORT[letter] ?? letter) : letter;
    const flag = { name, word, span: word.span };
    if (SWITCHES.has(name)) {
      flags.push(flag);
      continue;
    }
    const from = word.value[i + 1] === '=' ? i + 2 : i + 1;
    if (from < word.value.length) return { flags: [...flags, { ...flag, value: part(word, from) }], tookNext: false };
    const last = withNext(flag, next);
    return { flags: [...flags, ...last.flags], tookNext: last.tookNext };
  }
  return { flags, tookNext: false };
}

function withNext(flag: DockerFlag, next: Word | undefined): Found {
  if (SWITCHES.has(flag.name) || next === undefined) return { flags: [flag], tookNext: false };
  const span = { start: flag.word.span.start, end: next.span.end };
  return { flags: [{ ...flag, value: part(next, 0), span }], tookNext: true };
}
