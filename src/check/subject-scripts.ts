import type { Dockerfile } from '../dockerfile/dockerfile.js';
import { inputMounts } from '../job/mounts.js';
import { textParam } from '../job/source-params.js';
import { resolvePath } from '../text/posix-path.js';
import { sourceText, type Place, type SourceText } from '../text/source.js';
import { readInterpreterCall } from '../workload/programs/interpreters.js';
import { readWorkload } from '../workload/read.js';
import { readScript, type Script } from '../workload/script.js';
import type { ProgramCall, Workload } from '../workload/workload.js';
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
 * Adds to a workload what the scripts do that it starts: those that the job carries as inline inputs, and those that the
 * Dockerfile of the image copies in. What they do is at most of low confidence.
 */
export async function withScripts(
  command: Workload,
  subject: Subject,
  known: KnownDockerfiles,
  copiedFile: FindCopied | undefined,
): Promise<{ readonly workload: Workload; readonly absent: readonly NotChecked[] }> {
  const dockerfile = subject.dockerfile ?? builtBy(subject, known)?.dockerfile;
  const cwd = command.command.workingDir ?? dockerfile?.final?.workingDir?.value;
  const read: Script['uses'][] = [command];
  const absent: string[] = [];
  const queue: ProgramCall[] = [...startedCalls(command, subject, dockerfile)];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < MOST_SCRIPTS; next = queue.shift()) {
    const path = scriptPath(next, cwd);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const copied = dockerfile === undefined ? undefined : await copiedFile?.(dockerfile, path);
    const found = carried(subject, path) ?? (typeof copied === 'object' ? { source: copied } : undefined);
    if (found === undefined) {
      if (copied === 'absent') absent.push(path);
      continue;
    }
    const { source, at } = found;
    const script = readScript(source, path, cwd, (span) => at ?? { span, file: source });
    if (script === undefined) continue;
    read.push(script.uses);
    queue.push(...script.calls);
  }
  const workload = {
    ...command,
    reads: read.flatMap(({ reads }) => reads),
    writes: read.flatMap(({ writes }) => writes),
    network: read.flatMap(({ network }) => network),
    variables: read.flatMap(({ variables }) => variables).filter(({ name }) => !isSet(dockerfile, name)),
  };
  const reason = `${absent.join(', ')} is copied into the image from a file that is not in the folder of its Dockerfile`;
  return { workload, absent: absent.length === 0 ? [] : [{ fact: 'dockerfile.scripts', reason, rules: [] }] };
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
