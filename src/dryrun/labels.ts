import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Labels of everything that a run makes in the engine. */
export type Labels = Readonly<Record<string, string>> & { readonly [RUN]: string };

/** Present on everything of ours; its value is the ID of the run. */
export const RUN = 'bacalhau-preflight.run';
const HOST = 'bacalhau-preflight.host';
const PROCESS = 'bacalhau-preflight.process';
const STARTED = 'bacalhau-preflight.started';
/** Present on what `--keep` leaves for the user. */
const KEEP = 'bacalhau-preflight.keep';

/** A run on another machine is taken for dead after a day: the engine cannot say whether its process lives. */
const FOREIGN_MS = 24 * 60 * 60 * 1000;

/** Gives the labels of a run of this process. */
export function labelsOf(run: string, keep: boolean): Labels {
  return {
    [RUN]: run,
    [HOST]: hostname(),
    [PROCESS]: processIdentity(process.pid) ?? String(process.pid),
    [STARTED]: new Date().toISOString(),
    ...(keep ? { [KEEP]: 'true' } : {}),
  };
}

/** Whether something with these labels was left behind: it is ours, not kept, and the process that made it is gone. */
export function isLeftBehind(labels: Readonly<Record<string, string>> | undefined, now: number): boolean {
  if (labels?.[RUN] === undefined || labels[KEEP] !== undefined) return false;
  if (labels[HOST] !== hostname()) return now - Date.parse(labels[STARTED] ?? '') > FOREIGN_MS;
  const [pid = ''] = (labels[PROCESS] ?? '').split('@');
  return !/^\d+$/.test(pid) || processIdentity(Number(pid)) !== labels[PROCESS];
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
