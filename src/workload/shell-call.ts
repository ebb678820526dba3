import type { Word } from './workload.js';
import { programName } from './wrappers.js';

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'rbash']);

/** How a shell is called: with a text (`-c`), with a script file, or to read its standard input. */
export type ShellCall =
  | { readonly kind: 'text'; readonly text: Word; readonly parameters: readonly Word[] }
  | { readonly kind: 'script'; readonly script: Word; readonly parameters: readonly Word[] }
  | { readonly kind: 'input' };

/** Whether a program is a shell that takes text with `-c`. */
export function isShell(program: string): boolean {
  return SHELLS.has(program);
}

/** Reads the call of a POSIX shell or bash; undefined when the program is no shell. */
export function readShellCall(words: readonly Word[]): ShellCall | undefined {
  const inner = programName(words[0]) === 'busybox' ? words.slice(1) : words;
  if (!isShell(programName(inner[0]))) return undefined;
  let takesText = false;
  let takesInput = false;
  let next = 1;
  for (; next < inner.length; next++) {
    const option = inner[next]?.text ?? '';
    if (option === '--' || option === '-') {
      next++;
      break;
    }
    if (option.startsWith('--')) {
      if (option === '--rcfile' || option === '--init-file') next++;
    } else if (/^[-+]./.test(option)) {
      if (option.startsWith('-') && option.includes('c')) takesText = true;
      if (option.startsWith('-') && option.includes('s')) takesInput = true;
      // `-o pipefail` and `-O extglob`, also at the end of a cluster (`-euo pipefail`).
      if (/[oO]/.test(option)) next++;
    } else {
      break;
    }
  }
  const [first, ...parameters] = inner.slice(next);
  if (first === undefined || (takesInput && !takesText)) return { kind: 'input' };
  return takesText ? { kind: 'text', text: first, parameters } : { kind: 'script', script: first, parameters };
}
