import type { Dockerfile } from '../dockerfile/dockerfile.js';
import { inputMounts } from '../job/mounts.js';
import { textParam } from '../job/source-params.js';
import { resolvePath } from '../text/posix-path.js';
import { valueToFile } from '../text/align.js';
import { sourceText, type Place, type SourceText } from '../text/source.js';
import { readInterpreterCall } from '../workload/programs/interpreters.js';
import { languageOf, readScript, type ScriptUses } from '../workload/script/read.js';
import { readShellScript } from '../workload/script/shell-script.js';
import type { Language } from '../workload/script/tokens.js';
import { readWorkload } from '../workload/read.js';
import type { ProgramCall, Word, Workload } from '../workload/workload.js';
import { builtBy, type KnownDockerfiles } from './built-by.js';
import type { NotChecked } from './finding.js';
import type { Subject } from './subject.js';

/** Finds a file that a Dockerfile brings into its image: `absent` when it is to be there and is not, else undefined. */
export type FindCopied = (dockerfile: Dockerfile, path: string) => Promise<SourceText | 'absent' | undefined>;

/** A script with the file that it lies in; `at` stands for the whole of one that has no text of its own. */
interface Found {
  readonly source: SourceText;
  readonly at?: Place;
}

/** Scripts that start scripts are followed this far. */
const MOST_SCRIPTS = 20;

/**
 * Adds to a workload what the scripts do that it starts: those in the command line itself, those that the job carries as
 * inline inputs, and those that the Dockerfile of the image copies in. What they do is at most of low confidence.
 */
export async function withScripts(
  command: Workload,
  subject: Subject,
  known: KnownDockerfiles,
  copiedFile: FindCopied | undefined,
): Promise<{ readonly workload: Workload; readonly absent: readonly NotChecked[] }> {
  const dockerfile = subject.dockerfile ?? builtBy(subject, known)?.dockerfile;
  const cwd = command.command.workingDir ?? dockerfile?.final?.workingDir?.value;
  const uses: ScriptUses = { reads: [], writes: [], network: [], variables: [] };
  const absent: string[] = [];
  const queue: ProgramCall[] = [...startedCalls(command, subject, dockerfile)];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < MOST_SCRIPTS; next = queue.shift()) {
    const inline = command.calls.includes(next) ? inlineText(next, subject.source) : undefined;
    if (inline !== undefined) add(uses, inline);
    const path = scriptPath(next, cwd);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const copied = dockerfile === undefined ? undefined : await copiedFile?.(dockerfile, path);
    const found = carried(subject, path) ?? (typeof copied === 'object' ? { source: copied } : undefined);
    if (found === undefined) {
      if (copied === 'absent') absent.push(path);
      continue;
    }
    const { more, calls } = look(found, path, cwd);
    add(uses, more);
    queue.push(...calls);
  }
  const workload = {
    ...command,
    reads: [...command.reads, ...uses.reads],
    writes: [...command.writes, ...uses.writes],
    network: [...command.network, ...uses.network],
    variables: uses.variables.filter(({ name }) => !isSet(dockerfile, name)),
  };
  const reason = `${absent.join(', ')} is copied into the image from a file that is not in the folder of its Dockerfile`;
  return { workload, absent: absent.length === 0 ? [] : [{ fact: 'dockerfile.scripts', reason, rules: [] }] };
}

function look(
  { source, at }: Found,
  path: string,
  cwd: string | undefined,
): { more: ScriptUses; calls: readonly ProgramCall[] } {
  const nothing = { more: { reads: [], writes: [], network: [], variables: [] }, calls: [] };
  const by = path.slice(path.lastIndexOf('/') + 1);
  const language = languageOf(path, source.text);
  if (language === undefined) return nothing;
  const placeOf = (start: number, end: number): Place => at ?? { span: { start, end }, file: source };
  if (language !== 'shell') return { more: readScript(source.text, language, by, placeOf), calls: [] };
  const { uses, calls } = readShellScript(source, cwd, (span) => at ?? { span, file: source });
  return { more: { ...uses, variables: [] }, calls };
}

/** What the container starts; where the image could not be looked at, its Dockerfile says what the job leaves to it. */
function startedCalls(command: Workload, { job }: Subject, dockerfile: Dockerfile | undefined): readonly ProgramCall[] {
  const docker = job?.task?.engine?.docker;
  const stage = dockerfile?.final;
  if (command.command.complete || docker === undefined || stage === undefined) return command.calls;
  return readWorkload({ configKnown: false, docker, dockerfile: stage }).calls;
}

/** Whether the Dockerfile of the image sets a variable. */
function isSet(dockerfile: Dockerfile | undefined, name: string): boolean {
  return dockerfile?.final?.env.some(({ value }) => value.startsWith(`${name}=`)) === true;
}

/** The script that a call starts: `python count.py`, `/app/run.sh`. Absolute. */
function scriptPath({ program, words }: ProgramCall, cwd: string | undefined): string | undefined {
  const [first, ...rest] = words;
  const call = readInterpreterCall(program, rest);
  const word = call === undefined ? first : call.kind === 'script' ? call.word : undefined;
  if (!word?.known || (call === undefined && !word.text.includes('/'))) return undefined;
  if (word.text.startsWith('/')) return resolvePath('/', word.text);
  return cwd?.startsWith('/') === true ? resolvePath(cwd, word.text) : undefined;
}

const INLINE: Readonly<Record<string, Language>> = { python: 'python', pypy: 'python', Rscript: 'r', node: 'node' };

/** What a text in the command itself does: `python -c TEXT`. */
function inlineText({ program, words }: ProgramCall, source: SourceText): ScriptUses | undefined {
  const name = program.replace(/[\d.]+$/, '');
  const language = Object.hasOwn(INLINE, name) ? INLINE[name] : undefined;
  const call = language === undefined ? undefined : readInterpreterCall(program, words.slice(1));
  if (language === undefined || call?.kind !== 'text') return undefined;
  // What it fetches is told of every command, without being asked to look deep.
  return { ...readScript(call.word.text, language, program, placesIn(call.word, source)), network: [] };
}

function placesIn({ at, text }: Word, source: SourceText): (start: number, end: number) => Place {
  if (at === undefined) return () => ({ span: { start: 0, end: 0 } });
  const toFile = valueToFile(at.file ?? source, at.span, text);
  return (start, end) => ({ ...at, span: toFile(start, end) });
}

/** The script that an inline input of the job mounts at a path; it has the place of the input. */
function carried({ job }: Subject, path: string): Found | undefined {
  const mount = inputMounts(job?.task).find((input) => input.type === 'inline' && input.path === path);
  const url = textParam(mount?.input.source, 'URL');
  const [, base64, data] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url?.value ?? '') ?? [];
  if (url === undefined || data === undefined) return undefined;
  return { source: sourceText(path, base64 === undefined ? unescaped(data) : fromBase64(data)), at: url };
}

function unescaped(data: string): string {
  try {
    return decodeURIComponent(data);
  } catch {
    return data;
  }
}

function fromBase64(data: string): string {
  return new TextDecoder().decode(Buffer.from(data, 'base64'));
}

function add(uses: ScriptUses, more: ScriptUses): void {
  for (const use of more.reads) uses.reads.push(use);
  for (const use of more.writes) uses.writes.push(use);
  for (const use of more.network) uses.network.push(use);
  for (const use of more.variables) uses.variables.push(use);
}
