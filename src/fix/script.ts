import type { SubjectReport } from '../check/finding.js';
import { positionAt } from '../text/source.js';

/** The first two lines of every script; a file that does not begin so is not ours to overwrite. */
export const SCRIPT_HEAD = `#!/bin/sh
# Commands that mend what bacalhau-preflight found. Read them before you run them.
`;

/**
 * Gives a shell script of the commands that findings ask for, each once, with what it is for.
 *
 * @returns undefined when no finding has commands
 */
export function commandScript(reports: readonly SubjectReport[]): string | undefined {
  const reasons = new Map<string, string[]>();
  for (const { source, findings } of reports) {
    for (const { fix, at, rule, message } of findings) {
      const commands = (fix?.commands ?? []).filter((command) => command.trim() !== '');
      if (fix === undefined || commands.length === 0) continue;
      const { line, column } = positionAt(at.file ?? source, at.span.start);
      const place = `${(at.file ?? source).path}:${String(line)}:${String(column)}`;
      const block = commands.map(asLine).join('\n');
      const told = [comment(`${place}: ${message} [${rule}]`), comment(`${fix.title}:`)];
      reasons.set(block, [...(reasons.get(block) ?? []), ...told]);
    }
  }
  if (reasons.size === 0) return undefined;
  const blocks = [...reasons].map(([commands, told]) => `${[...new Set(told)].join('\n')}\n${commands}\n`);
  return `${SCRIPT_HEAD}set -eu\n\n${blocks.join('\n')}`;
}

/** A command with a line break or control character in it is no command of ours: it stays, as a comment. */
function asLine(command: string): string {
  if (CONTROL.test(command)) return comment(command);
  // What only the user knows stands in angle brackets, which a shell would take for redirections.
  return /<[\w-]+>/.test(command) ? `# fill in and take out the #: ${command}` : command;
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')}`;
}
