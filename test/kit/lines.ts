import { readFileSync, readdirSync } from 'node:fs';
import type { DockerParams } from '../../src/job/job-spec.js';
import { readWorkload } from '../../src/workload/read.js';
import type { PathUse, Workload } from '../../src/workload/workload.js';

/** What a case says of a line; also the kinds that precision and recall are counted for. */
export const KINDS = ['programs', 'reads', 'writes', 'network'] as const;
export type Kind = (typeof KINDS)[number];

/**
 * One case of the table. In the file:
 *
 *     $ curl -s https://example.org/a.csv > /inputs/a.csv
 *     programs: curl
 *     writes: /inputs/a.csv
 *     network: curl example.org
 *
 * `$` starts the text of `sh -c`, which goes on in lines that begin with two blanks; `[` a command in exec form.
 * What is left out is empty. A `?` at the end says that it is a guess. `in` is the working directory, else /work.
 * `missed` and `wrong` name what the reader is known not to see, and to see although it is not there: `writes /a`.
 */
export interface LineCase {
  readonly file: string;
  readonly line: number;
  /** Whether the text is a list of words instead of shell text. */
  readonly exec: boolean;
  readonly text: string;
  readonly workdir: string;
  readonly says: ReadonlyMap<string, readonly string[]>;
}

const NAMES = new Set<string>([...KINDS, 'in', 'unseen', 'missed', 'wrong']);

/** Reads all `*.lines` files of a folder; throws on a line that it does not understand. */
export function readCases(folder: string): LineCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.lines'))
    .sort()
    .flatMap((name) => casesOf(name, readFileSync(`${folder}/${name}`, 'utf8')));
}

/** Reads the cases of one file. */
export function casesOf(file: string, text: string): LineCase[] {
  const cases: (Omit<LineCase, 'workdir' | 'says' | 'text'> & { text: string; says: Map<string, string[]> })[] = [];
  text.split('\n').forEach((line, index) => {
    const current = cases.at(-1);
    if (line.trim() === '' || line.startsWith('#')) return;
    if (line.startsWith('$ ') || line.startsWith('[')) {
      const exec = line.startsWith('[');
      cases.push({ file, line: index + 1, exec, text: exec ? line : line.slice(2), says: new Map() });
    } else if (line.startsWith('  ') && current !== undefined) {
      current.text += `\n${line.slice(2)}`;
    } else {
      const [, name = '', value = ''] = /^(\w+): (.+)$/.exec(line) ?? [];
      if (current === undefined || !NAMES.has(name) || current.says.has(name)) {
        throw new Error(`${file}:${String(index + 1)}: not understood: ${line}`);
      }
      current.says.set(name, value.split(', '));
    }
  });
  return cases.map((one) => ({ ...one, workdir: one.says.get('in')?.[0] ?? '/work' }));
}

/** What the reader sees of a case, in the words of the table. */
export function seen(one: LineCase): Readonly<Record<Kind | 'unseen', readonly string[]>> {
  return told(readWorkload({ docker: paramsOf(one), configKnown: true }));
}

/** A workload in the words of the table. */
export function told(workload: Workload): Readonly<Record<Kind | 'unseen', readonly string[]>> {
  return {
    programs: workload.calls.map(({ program }) => (program === '' ? '…' : program)),
    reads: paths(workload.reads),
    writes: paths(workload.writes),
    network: unique(
      workload.network.map(
        ({ program, host, origin }) =>
          `${program}${host === undefined ? '' : ` ${host}`}${origin === 'guess' || origin === 'script' ? '?' : ''}`,
      ),
    ),
    unseen: unique(workload.opaque.map(({ what }) => what)),
  };
}

function paramsOf({ text, exec, workdir }: LineCase): DockerParams {
  const at = { span: { start: 0, end: 0 } };
  const words: unknown = exec ? JSON.parse(text) : ['/bin/sh', '-c', text];
  if (!Array.isArray(words)) throw new Error(`no list: ${text}`);
  return {
    at,
    environmentVariables: [],
    entrypoint: { ...at, items: words.map((value) => ({ ...at, value: String(value) })) },
    workingDirectory: { ...at, value: workdir },
  };
}

function paths(uses: readonly PathUse[]): string[] {
  return unique(
    uses.map(({ path, guess, origin }) => `${path}${guess || origin === 'guess' || origin === 'script' ? '?' : ''}`),
  );
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}

/** What the reader is known to say of one kind: what is true, but for its known gaps and mistakes. */
export function knownAnswer({ says }: LineCase, kind: Kind): string[] {
  const of = (name: string): string[] =>
    (says.get(name) ?? []).flatMap((item) => (item.startsWith(`${kind} `) ? [item.slice(kind.length + 1)] : []));
  const missed = of('missed');
  return [...(says.get(kind) ?? []).filter((item) => !missed.includes(item)), ...of('wrong')];
}

/** How often the reader is right about one kind, over some cases. */
export interface Score {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

/** Compares what is expected with what was seen; repeated names count as often as they stand there. */
export function score(expected: readonly string[], got: readonly string[]): { wrong: string[]; missed: string[] } {
  const missed = [...expected];
  const wrong = got.filter((item) => {
    const index = missed.indexOf(item);
    if (index !== -1) missed.splice(index, 1);
    return index === -1;
  });
  return { wrong, missed };
}
