import { readShellCall } from './shell-call.js';
import { programKind, withoutWrappers } from './started.js';
import type { EffectiveCommand, Word } from './workload.js';
import { programName } from './wrappers.js';

/** A word that only a shell would understand, in a command that no shell reads. */
export interface UnreadSyntax {
  readonly word: Word;
  readonly kind: 'operator' | 'redirection' | 'variable' | 'glob';
  /** Name of the program that gets the word. */
  readonly program: string;
  /** False when the program may hand its words to a shell, or understand such words itself. */
  readonly certain: boolean;
}

/** Programs that hand on what they are given as it is, beside those that `programKind` knows. */
const PLAIN = new Set(['curl', 'wget', 'aws', 'gsutil', 'scp', 'rsync', 'ffmpeg']);

/** Whole words that mean nothing but an operator of the shell; `|`, `;`, `<` and `>` can be a delimiter as well. */
const OPERATORS = new Set(['&&', '||', '|&', '|', ';', '&']);
const REDIRECTIONS = new Set(['>', '>>', '<', '2>', '2>>', '1>', '&>', '&>>', '2>&1', '1>&2', '>&2', '<<']);
const DELIMITERS = new Set(['|', ';', '<', '>', '&']);

/** Programs whose own arguments may look like operators. */
const OWN_OPERATORS = new Set(['find', 'fd', 'expr', 'test', '[', 'tr', 'parallel', 'xargs', 'cmp', 'let', 'dc', 'bc']);

/**
 * Finds shell syntax among the words of a command in exec form. Gives nothing for shells, and for programs that
 * take a text in a language of their own (SQL, awk, jq): only whole words that are operators or stand for one are told.
 */
export function unreadSyntax(command: EffectiveCommand): UnreadSyntax[] {
  const words = withoutWrappers(command.words);
  const program = programName(words[0]);
  const kind = programKind(program);
  if (program === '' || OWN_OPERATORS.has(program)) return [];
  if (kind === 'shell') return behindScript(words);
  const startedByImage = words[0]?.from === 'image' || command.entrypoint === 'unknown';
  const certain = kind !== 'other' || !startedByImage;
  // A shell further on (`find … -exec sh -c …`) reads its text.
  const shell = words.findIndex((word, index) => index > 0 && programKind(programName(word)) === 'shell');
  const found: UnreadSyntax[] = [];
  words.forEach((word, index) => {
    if (index === 0 || !word.known || word.from === 'image') return;
    const expands = PLAIN.has(program) && isExpansion(word.text);
    const syntax =
      kindOfWord(word.text, words[index - 1], words[index + 1], kind) ?? (expands ? 'variable' : undefined);
    if (syntax === undefined || (syntax === 'variable' && shell !== -1 && shell < index)) return;
    found.push({ word, kind: syntax, program, certain });
  });
  return found;
}

/** `bash run.sh a && ls`: the shell runs the script and hands it the rest, operators as well. */
function behindScript(words: readonly Word[]): UnreadSyntax[] {
  const call = readShellCall(words);
  if (call?.kind !== 'script') return [];
  const program = programName(call.script) || 'the script';
  return call.parameters.flatMap((word): UnreadSyntax[] => {
    if (!word.known || word.from === 'image' || !JOINING.has(word.text)) return [];
    return [{ word, kind: 'operator', program, certain: true }];
  });
}

/** Operators that a script is hardly ever given as an argument. */
const JOINING = new Set(['&&', '||', '2>&1']);

function kindOfWord(
  text: string,
  before: Word | undefined,
  after: Word | undefined,
  program: ReturnType<typeof programKind>,
): UnreadSyntax['kind'] | undefined {
  if (DELIMITERS.has(text) && !joinsCommands(text, before, after)) return undefined;
  if (OPERATORS.has(text)) return 'operator';
  if (REDIRECTIONS.has(text) || isJoinedRedirection(text)) return 'redirection';
  if (program === 'other') return undefined;
  if (isVariable(text) || (program !== 'interpreter' && isExpansion(text))) return 'variable';
  return program === 'literal' && isPathGlob(text) ? 'glob' : undefined;
}

/** A single character between two commands or before a file, rather than the value of an option (`-d '|'`). */
function joinsCommands(text: string, before: Word | undefined, after: Word | undefined): boolean {
  if (before?.text.startsWith('-') === true || after === undefined) return text === '&' && after === undefined;
  if (text === '<' || text === '>') return after.text.startsWith('/') || after.text.startsWith('./');
  const next = programName(after);
  return after.text.includes('/') || programKind(next) !== 'other' || FILTERS.has(next);
}

/** What people write after a pipe or a semicolon, beside what `programKind` knows. */
const FILTERS = new Set([
  'grep',
  'awk',
  'sed',
  'jq',
  'xargs',
  'tr',
  'curl',
  'wget',
  'tar',
  'pip',
  'git',
  'cd',
  'export',
]);

/** `>/outputs/log`, `2>>/outputs/log`, `2>/dev/null`: an operator that is followed by a path. */
function isJoinedRedirection(text: string): boolean {
  const target = text.search(/[^12&>]/);
  return target > 0 && text[target] === '/' && text.slice(0, target).endsWith('>') && text.lastIndexOf('>') < target;
}

/** `$NAME`, `${NAME}`, `--option=$NAME`, or a path that begins with one; `$1` and texts that contain one are something else. */
function isVariable(text: string): boolean {
  return /^(?:--?[\w-]+=)?\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})(?:$|\/)/.test(text);
}

/** A variable or a `$(command)` anywhere in the text. */
function isExpansion(text: string): boolean {
  return /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\}|\([^()]+\))/.test(text);
}

/** An absolute path with `*` in it. */
function isPathGlob(text: string): boolean {
  return text.startsWith('/') && text.includes('*');
}
