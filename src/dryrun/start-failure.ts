import type { NotStarted } from '../workload/run-evidence.js';
import { engineWords } from './refusal.js';

/** The engine's words for each cause, as Docker 20.10 to 28 (runc, containerd) and Podman write them. */
const SAID: readonly (readonly [NotStarted['cause'], RegExp])[] = [
  ['no-command', /no command specified/i],
  ['exec-format', /exec format error/i],
  ['not-found', /exec: "([^"]*)": (?:executable file not found|stat .*: no such file or directory)/i],
  ['not-executable', /exec: "([^"]*)": (?:permission denied|is a directory)/i],
  ['no-interpreter', /(?:exec user process(?: caused)?:? *"?|exec ([^\s:]+): )no such file or directory/i],
  ['not-executable', /(?:exec user process(?: caused)?:? *"?|exec ([^\s:]+): )permission denied/i],
  ['no-such-user', /unable to find (?:user|group) ([^\s:]+)|no matching entries in (?:passwd|group) file/i],
  [
    'working-dir',
    /cannot mkdir: (\S+) is not a directory|chdir to cwd \("?([^\s")]+)"?\)|(?:mkdir|cwd|working directory) "?([^\s"]+)"?.*(?:not a directory|file exists)/i,
  ],
  [
    'mount',
    /to rootfs at "([^"]+)"|mount a directory onto a file|duplicate mount point:? *(\S+)?|mount path must be absolute|destination can't be '\/'|invalid mount/i,
  ],
  ['memory', /minimum memory limit|memory limit too low/i],
];

/**
 * Reads why a container cannot start from what the engine said, or from what the program's starter printed. Undefined
 * for words that are not known: then it may be the engine's own trouble and not the job's.
 */
export function startFailure(said: string): NotStarted | undefined {
  const text = engineWords(said);
  for (const [cause, pattern] of SAID) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const about = match.slice(1).find((part) => typeof part === 'string' && part !== '');
    return { cause, said: text, ...(about === undefined ? {} : { about }) };
  }
  return undefined;
}

/** What runc printed in place of the program before 20.10's successors answered the start call with it. */
const STARTER =
  /^(?:standard_init_linux\.go:\d+: |exec )\S.*(?:exec format error|no such file or directory|permission denied)"?\s*$/;

/** Says whether what a container printed, with its exit code, is the starter's own complaint: no program ran. */
export function failureInOutput(exitCode: number, stderr: string): NotStarted | undefined {
  const line = stderr.trim();
  if (exitCode === 0 || line.includes('\n') || !STARTER.test(line)) return undefined;
  return startFailure(line);
}
