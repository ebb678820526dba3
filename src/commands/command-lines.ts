import { decode, MAX_FILE_BYTES, readBounded, reasonOf } from '../text/read-file.js';
import type { SubjectInput } from '../check/subject.js';
import { quoteWord } from '../job/command-line/words.js';
import { sourceText } from '../text/source.js';

/** Command lines to check, paths that were among them, and what could not be read. */
export interface CommandLines {
  readonly inputs: readonly SubjectInput[];
  readonly paths: readonly string[];
  readonly problems: readonly string[];
  /** Whether words after `--` were put together to a line again, with quotes that need not be the user's. */
  readonly isRejoined: boolean;
}

/** Splits the arguments of `check` at the first `--`; oclif itself would lose the place. */
export function splitAtDashes(argv: readonly string[]): { before: string[]; after: string[] } {
  const at = argv.indexOf('--');
  return at < 0 ? { before: [...argv], after: [] } : { before: argv.slice(0, at), after: argv.slice(at + 1) };
}

/**
 * Collects the command lines of a run: each `--command`, each line of each `--commands` file, and the words after
 * `--` when they begin with `bacalhau` or `docker` (else they are paths).
 */
export async function commandLines(
  lines: readonly string[],
  files: readonly string[],
  afterDashes: readonly string[],
): Promise<CommandLines> {
  const inputs: SubjectInput[] = lines.map((line) => ({ kind: 'command', source: sourceText('<command>', line) }));
  const problems: string[] = [];
  for (const file of files) {
    try {
      const bytes = await readBounded(file);
      if (bytes.length > MAX_FILE_BYTES) problems.push(`${file} is larger than 1 MB; it was not read`);
      else for (const input of linesOf(file, decode(bytes).text.replace(/^\ufeff/, ''))) inputs.push(input);
    } catch (error) {
      problems.push(`cannot read ${file}: ${await reasonOf(error, file)}`);
    }
  }
  if (afterDashes[0] !== 'bacalhau' && afterDashes[0] !== 'docker') {
    return { inputs, paths: afterDashes, problems, isRejoined: false };
  }
  const line = afterDashes.map(quoteWord).join(' ');
  return {
    inputs: [...inputs, { kind: 'command', source: sourceText('<command>', line) }],
    paths: [],
    problems,
    isRejoined: true,
  };
}

/** One subject for each line that is neither empty nor a comment. A backslash at the end of a line joins the next. */
function linesOf(path: string, text: string): SubjectInput[] {
  const inputs: SubjectInput[] = [];
  let joined: string[] = [];
  let firstLine = 1;
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (joined.length === 0) firstLine = index + 1;
    joined.push(line);
    if (line.endsWith('\\') && index < lines.length - 1) continue;
    const whole = joined.join('\n');
    joined = [];
    if (whole.trim() === '' || whole.trimStart().startsWith('#')) continue;
    inputs.push({ kind: 'command', source: sourceText(path, whole, firstLine) });
  }
  return inputs;
}
