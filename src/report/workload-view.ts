import { quoteWord } from '../job/command-line/words.js';
import { shortened } from '../text/shortened.js';
import { asWritten } from '../workload/gaps.js';
import { outsideUses } from '../workload/network-uses.js';
import type { EffectiveCommand, PathUse, Word, Workload } from '../workload/workload.js';

/** More of one kind than fits on a screen is counted. */
const MOST_SHOWN = 12;
const LONGEST_COMMAND = 400;

/** Rows for people: what the container runs, and what that visibly does. */
export function workloadRows(workload: Workload): [string, string][] {
  const { command, calls, reads, writes, opaque } = workload;
  const network = outsideUses(workload.network).map(({ what }) => what);
  const rows: [string, readonly string[]][] = [
    ['job runs', [commandText(command)]],
    ['made of', [partsOf(command)]],
    ['in folder', command.workingDir === undefined ? [] : [command.workingDir]],
    ['programs', unique(calls.map(({ program }) => program).filter((program) => program !== ''))],
    ['reads', paths(reads)],
    ['writes', paths(writes)],
    ['network', network],
    ['not seen', unique(opaque.map(({ what, word }) => (word === undefined ? what : `${what} ${shownWord(word)}`)))],
  ];
  return rows.flatMap(([name, values]): [string, string][] => {
    if (values.length === 0 || values[0] === '') return [];
    const more = values.length - MOST_SHOWN;
    const shown = values.slice(0, MOST_SHOWN).map((value) => shortened(value, LONGEST_COMMAND));
    return [[name, shown.join(', ') + (more > 0 ? ` and ${String(more)} more` : '')]];
  });
}

/** The same for programs. */
export function workloadJson({ command, calls, reads, writes, network, opaque }: Workload): unknown {
  return {
    command: command.words.map(({ text }) => asWritten(text)),
    complete: command.complete,
    entrypoint: command.entrypoint,
    arguments: command.arguments,
    workingDir: command.workingDir,
    programs: calls.map(({ program }) => program).filter((program) => program !== ''),
    reads: reads.map(pathJson),
    writes: writes.map(pathJson),
    network: network.map(({ program, host, what, origin }) => ({ program, host, what, guess: origin === 'guess' })),
    notSeen: opaque.map(({ what }) => what),
  };
}

function pathJson({ path, by, guess }: PathUse): unknown {
  return { path, by, guess };
}

function commandText({ words, complete, entrypoint }: EffectiveCommand): string {
  if (words.length === 0) return complete ? 'nothing' : '';
  const text = words.map((word) => (word.known ? quoteWord(word.text) : asWritten(word.text))).join(' ');
  return entrypoint === 'unknown' ? `${text} (after the ENTRYPOINT of the image, which was not seen)` : text;
}

/** Which fields make up the command. */
function partsOf({ entrypoint, arguments: rest }: EffectiveCommand): string {
  const parts = [
    { job: 'Entrypoint of the job', image: 'ENTRYPOINT of the image', none: '', unknown: '' }[entrypoint],
    { job: 'Parameters of the job', image: 'CMD of the image', none: '', unknown: '' }[rest],
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function paths(uses: readonly PathUse[]): string[] {
  return unique(uses.map(({ path, guess, origin }) => (guess || origin === 'guess' ? `${path} (likely)` : path)));
}

function shownWord(word: Word): string {
  return /\s/.test(word.text) ? `"${shortened(asWritten(word.text), 40)}"` : asWritten(word.text);
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
