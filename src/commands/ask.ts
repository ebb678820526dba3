import { createInterface } from 'node:readline';
import { escapeForTerminal } from '../report/escape.js';
import { UsageError } from './core.js';

/** Asks on a terminal, one line a question. */
export interface Asker {
  /**
   * @param usual the answer of an empty line
   * @param problemOf why an answer does not fit; then it is asked again
   * @throws UsageError when the input ends
   */
  readonly ask: (
    question: string,
    usual: string,
    problemOf: (answer: string) => Promise<string | undefined> | string | undefined,
  ) => Promise<string>;
  /** @throws UsageError when the input ends */
  readonly confirm: (question: string, usual: boolean) => Promise<boolean>;
  readonly close: () => void;
}

/** Begins to ask; the input is held until `close`. Lines that come before their question are kept for it. */
export function openAsker(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Asker {
  const lines = createInterface({ input, output });
  const early: string[] = [];
  let isClosed = false;
  let waiting: ((line: string | undefined) => void) | undefined;
  const give = (line: string | undefined): void => {
    const answer = waiting;
    waiting = undefined;
    if (answer !== undefined) answer(line);
    else if (line !== undefined) early.push(line);
  };
  lines.on('line', give);
  lines.once('close', () => {
    isClosed = true;
    give(undefined);
  });
  const answerTo = async (question: string): Promise<string> => {
    if (!isClosed) {
      lines.setPrompt(question);
      lines.prompt();
    }
    const line = early.shift() ?? (isClosed ? undefined : await new Promise<string | undefined>((r) => (waiting = r)));
    if (line !== undefined) return line.trim();
    output.write('\n');
    throw new UsageError('the questions were not answered; nothing was written');
  };
  const ask: Asker['ask'] = async (question, usual, problemOf) => {
    for (;;) {
      const answer = (await answerTo(`${question} [${usual}]: `)) || usual;
      const problem = await problemOf(answer);
      if (problem === undefined) return answer;
      output.write(`  ${escapeForTerminal(problem)}\n`);
    }
  };
  return {
    ask,
    confirm: async (question, usual) => {
      const answer = await ask(`${question} (y/n)`, usual ? 'y' : 'n', (text) =>
        /^(y|yes|n|no)$/i.test(text) ? undefined : 'please answer y or n',
      );
      return /^y/i.test(answer);
    },
    close: () => lines.close(),
  };
}
