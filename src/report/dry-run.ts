import { StringDecoder } from 'node:string_decoder';
import { quoteWord } from '../job/command-line/words.js';
import { sizeText } from '../text/size.js';
import { shortened } from '../text/shortened.js';
import type { RunEvidence } from '../workload/run-evidence.js';
import type { Colours } from './colour.js';
import { escapeForTerminal } from './escape.js';
import { plural } from './wording.js';

/** A stream of this process. */
interface Told {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

/** Where a dry run is told. */
export interface Narrator {
  /** One row: `image    acme/count:1  linux/amd64  local`. */
  readonly row: (label: string, text: string) => void;
  /** What the container prints, as it comes. */
  readonly output: (channel: 'stdout' | 'stderr', bytes: Buffer) => void;
  /**
   * A line that is written over by the next; on a terminal only. Given are texts from the longest to the shortest, of
   * which the first that fits into the window is shown.
   */
  readonly status: (texts: readonly string[]) => void;
  /** Ends the container's last line, and takes the status away. */
  readonly endOutput: () => void;
}

const LABEL = 9;
const MARGIN = `${' '.repeat(LABEL)}│ `;
/** Of the container's own output, no more is shown; all of it is kept. */
const MOST_SHOWN = { bytes: 256 * 1024, line: 2000 };

/** Tells a dry run on a stream, in rows. Everything is escaped; nothing is overwritten unless the stream is a terminal. */
export function narrator(
  stream: Told,
  colour: Colours,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Narrator {
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const partial = { stdout: '', stderr: '' };
  let shown = 0;
  let status = '';
  const write = (text: string): void => {
    if (status !== '') stream.write('\r\u001b[K');
    status = '';
    stream.write(text);
  };
  const line = (channel: 'stdout' | 'stderr', text: string): void => {
    if (shown > MOST_SHOWN.bytes) return;
    shown += text.length + 1;
    const part = text.length > MOST_SHOWN.line ? `${text.slice(0, MOST_SHOWN.line)}…` : text;
    const escaped = escapeForTerminal(part.replace(/\r$/, ''));
    write(`${colour.dim(MARGIN)}${channel === 'stderr' ? colour.dim(escaped) : escaped}\n`);
    if (shown > MOST_SHOWN.bytes) write(`${colour.dim(`${MARGIN}… there is more, which is not shown`)}\n`);
  };
  return {
    row: (label, text) => write(`${colour.bold(label.padEnd(LABEL))}${escapeForTerminal(text)}\n`),
    output: (channel, bytes) => {
      if (shown > MOST_SHOWN.bytes) return;
      const lines = (partial[channel] + decoders[channel].write(bytes)).split('\n');
      partial[channel] = (lines.pop() ?? '').slice(0, MOST_SHOWN.line + 1);
      for (const text of lines) line(channel, text);
    },
    status: (texts) => {
      if (!isTerminal) return;
      const next = fitting(texts.map(escapeForTerminal), (stream.columns ?? 80) - 1);
      if (next === status) return;
      stream.write(`\r\u001b[K${next}`);
      status = next;
    },
    endOutput: () => {
      for (const channel of ['stdout', 'stderr'] as const) {
        if (partial[channel] !== '') line(channel, partial[channel]);
        partial[channel] = '';
      }
      write('');
    },
  };
}

/** The first text that fits, else nothing: a line that wraps cannot be taken back. */
function fitting(texts: readonly string[], columns: number): string {
  return texts.find((text) => widthOf(text) <= columns) ?? '';
}

/** Columns at most: what is wide somewhere counts as wide. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** From Hangul on, but the bar and the dots that are drawn here. */
const WIDE = /[^\u0000-\u10ff\u2026\u2588\u2591]/u;

/** A bar of ten steps, what has come, and of how much: from the longest text to the shortest. */
export function progressTexts(
  target: string,
  done: { readonly files: number; readonly bytes: number },
  total: { readonly files?: number; readonly bytes?: number } = {},
): string[] {
  const size = total.bytes === undefined ? sizeText(done.bytes) : `${sizeText(done.bytes)} of ${sizeText(total.bytes)}`;
  const steps = total.bytes === undefined ? undefined : barSteps(done.bytes, total.bytes);
  const bar = steps === undefined ? '' : `${'█'.repeat(steps)}${'░'.repeat(10 - steps)}  `;
  const files =
    total.files === undefined
      ? plural(done.files, 'file')
      : total.files === 1
        ? ''
        : `file ${ofAll(done.files, total.files)}`;
  const amount = files === '' ? size : `${size}, ${files}`;
  const indent = ' '.repeat(LABEL);
  return [
    `${indent}${target}  ${bar}${amount}`,
    `${target}  ${bar}${size}`,
    `${bar}${size}`,
    size,
    sizeText(done.bytes),
  ];
}

function barSteps(done: number, all: number): number {
  return all === 0 ? 10 : Math.min(10, Math.floor((done / all) * 10));
}

/** The one that is being read. */
function ofAll(done: number, all: number): string {
  return `${String(Math.min(done + 1, all))} of ${String(all)}`;
}

/** What is shown until the first byte comes. */
export function askingTexts(target: string, place: string): string[] {
  return [`${' '.repeat(LABEL)}${target}  asking for ${shortened(place, 60)} …`, `${target}  asking …`, 'asking …'];
}

/** A command as it would be typed, shortened. */
export function commandText(words: readonly string[]): string {
  return shortened(words.map(quoteWord).join(' '), 200);
}

/** `exit 0 in 1.2 s · peak 41 MB of 512 MB`. */
export function endText(run: RunEvidence): string {
  const how = {
    'not-started': 'the container did not start',
    exited: `exit ${String(run.exitCode ?? 0)}`,
    memory: `killed at its memory limit (${sizeText(run.memory.limitBytes)})`,
    timeout: `stopped by the job's timeout of ${String(run.timeout?.seconds ?? 0)} s`,
    limit: run.limit === 'time' ? 'stopped at --max-time' : 'stopped at --max-output',
  }[run.ended];
  if (run.ended === 'not-started') return how;
  const { peakBytes, limitBytes } = run.memory;
  const peak = peakBytes === undefined ? '' : ` · peak ${sizeText(peakBytes)} of ${sizeText(limitBytes)}`;
  return `${how} in ${secondsText(run.seconds)}${peak}`;
}

/** The folder that a node would publish, as a tree of its files; undefined when a node would publish nothing. */
export function resultTree(run: RunEvidence): string[] | undefined {
  if (run.ended !== 'exited') return undefined;
  const text = ({ bytes, cut }: RunEvidence['stdout']): string =>
    `${bytes === 0 ? 'empty' : sizeText(bytes)}${cut ? ', cut' : ''}`;
  const rows: [string, string][] = [
    ['exitCode', String(run.exitCode ?? 0)],
    ...run.results.flatMap(({ name, files }): [string, string][] =>
      files.length === 0
        ? [[`${name}/`, 'empty']]
        : files.slice(0, MOST_FILES).map(({ path, bytes }): [string, string] => [`${name}/${path}`, sizeText(bytes)]),
    ),
    ...run.results
      .filter(({ files }) => files.length > MOST_FILES)
      .map(({ name, files }): [string, string] => [`${name}/…`, plural(files.length - MOST_FILES, 'more file')]),
    ['stderr', text(run.stderr)],
    ['stdout', text(run.stdout)],
  ];
  const width = Math.min(40, Math.max(...rows.map(([name]) => name.length)));
  return rows.map(
    ([name, what], index) => `${index === rows.length - 1 ? '└──' : '├──'} ${name.padEnd(width)}   ${what}`,
  );
}

const MOST_FILES = 20;

function secondsText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${String(Math.floor(seconds / 60))} min ${String(Math.round(seconds % 60))} s`;
}
