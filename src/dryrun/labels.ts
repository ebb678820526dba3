import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Labels of everything that a run makes in the engine. */
export type Labels = Readonly<Record<string, string>> & { readonly [RUN]: string };

/** Present on everything of ours; its value is the ID of the run. */
export const RUN = 'bacalhau-preflight.run';
const HOST = 'bacalhau-preflight.host';
const PROCESS = 'bacalhau-preflight.process';
const UNTIL = 'bacalhau-preflight.until';
/** Present on what `--keep` leaves for the user. */
const KEEP = 'bacalhau-preflight.keep';

/** What a run may take beside its time limit, for its inputs and results. */
const BESIDE_MS = 24 * 60 * 60 * 1000;

/**
 * Gives the labels of a run of this process.
 *
 * @param timeLimit seconds that the container may run
 */
export function labelsOf(run: string, { keep, timeLimit }: { keep: boolean; timeLimit: number }): Labels {
  const until = Date.now() + timeLimit * 1000 + BESIDE_MS;
  return {
    [RUN]: run,
    [HOST]: machineIdentity(),
    [PROCESS]: processIdentity(process.pid) ?? String(process.pid),
    [UNTIL]: new Date(Math.min(until, LAST_DATE)).toISOString(),
    ...(keep ? { [KEEP]: 'true' } : {}),
  };
}

/** The largest time that a Date holds (ECMA-262, "Time Values and Time Range"). */
const LAST_DATE = 8.64e15;

/**
 * Whether something with these labels was left behind: it is ours, not kept, and the process that made it is gone. One
 * whose process cannot be seen from here, such as that of another machine, is taken for dead when its time is over.
 */
export function isLeftBehind(labels: Readonly<Record<string, string>> | undefined, now: number): boolean {
  if (labels?.[RUN] === undefined || labels[KEEP] !== undefined) return false;
  const isOver = now > Date.parse(labels[UNTIL] ?? '');
  return isOver || (labels[HOST] === machineIdentity() && isGone(labels[PROCESS] ?? ''));
}

/** Whether a process of this machine, as `processIdentity` gave it, has ended. */
export function isGone(identity: string): boolean {
  const [pid = ''] = identity.split('@');
  if (!/^\d+$/.test(pid)) return false;
  const found = processIdentity(Number(pid));
  // Where the time of its start is hidden from us, it may be the same one.
  return found === undefined || (found !== identity && found.includes('@'));
}

/**
 * Names the place where a number means one process: the machine since it was started, and its namespace of processes.
 * Names of machines alone are often the same: those of laptops that share an engine, or of two systems of WSL.
 */
export function machineIdentity(): string {
  const seen = (read: () => string): string => {
    try {
      return read().trim();
    } catch {
      return ''; // only Linux has them
    }
  };
  const boot = seen(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return `${hostname()} ${boot} ${seen(() => readlinkSync('/proc/self/ns/pid'))}`.trim();
}

/**
 * Gives the number of a process with the time it started, since numbers are used again; without the time where the
 * system does not tell it. Undefined when there is no such process.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined;
  }
  try {
    // The name of the program, in brackets, may hold anything; the start time is field 22 (proc(5)).
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${String(pid)}@${fields[19] ?? ''}`;
  } catch {
    return String(pid);
  }
}
