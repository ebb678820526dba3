import { isShell } from './shell-call.js';
import type { Word } from './workload.js';
import { MOST_WRAPPERS, unwrap } from './wrappers.js';

/** Gives the words from the program on that does the work: `tini`, `env A=b`, `timeout 5m` and the like come off. */
export function withoutWrappers(words: readonly Word[]): readonly Word[] {
  let inner = words;
  let next = unwrap(inner);
  for (let count = 0; next !== undefined && count < MOST_WRAPPERS; count++) {
    inner = next.words;
    next = unwrap(inner);
  }
  return inner;
}

/** Interpreters, by what people call them; each takes the name of a script as its first operand. */
const INTERPRETERS = new Set(['bun', 'deno', 'java', 'julia', 'node', 'nodejs', 'perl', 'php', 'ruby', 'Rscript']);

/** What a program is, as far as it decides what becomes of the words after it. */
export type ProgramKind = 'shell' | 'interpreter' | 'literal' | 'printer' | 'other';

/** Programs that take every word as the name of a file, just as it is. */
const LITERAL = new Set(
  (
    'cat cp mv ln ls rm mkdir rmdir touch wc head tail tac nl cut paste comm sort uniq tee du stat chmod chown ' +
    'md5sum sha1sum sha256sum sha512sum gzip gunzip zcat bzip2 xz base64 sleep'
  ).split(' '),
);

/** Tells the kind of a program by its name without folders; versions are dropped (`python3.12`). */
export function programKind(name: string): ProgramKind {
  if (isShell(name)) return 'shell';
  if (familyOf(name) === 'python' || INTERPRETERS.has(name)) return 'interpreter';
  if (name === 'echo' || name === 'printf') return 'printer';
  return LITERAL.has(name) ? 'literal' : 'other';
}

/** Programs that stand for each other: all versions of Python, all shells; else the name itself. */
export function familyOf(name: string): string {
  if (/^(?:python|pypy)[\d.]*$/.test(name)) return 'python';
  return isShell(name) ? 'shell' : name;
}
