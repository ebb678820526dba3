import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { processIdentity } from './labels.js';

/** The folder of `--output` while it is filled: it lies beside, and gets its name when all is there. */
export interface OutputFolder {
  /** Where to write. */
  readonly path: string;
  /** Gives it its name. */
  readonly finish: (exitCode: number | undefined) => void;
  /** Removes it, unless it was finished. */
  readonly discard: () => void;
}

/** What a folder that is being filled is called: `.NAME.PROCESS.preflight`. */
const SUFFIX = '.preflight';

/**
 * Makes the folder for results. What killed runs have left beside it is removed first.
 *
 * @returns a message when the folder is there and not empty, or cannot be made
 */
export function makeOutputFolder(wanted: string): OutputFolder | { readonly problem: string } {
  const path = resolve(wanted);
  const parent = dirname(path);
  try {
    if (entriesOf(path) > 0) return { problem: `${wanted} is not empty; name a folder that is new or empty` };
    mkdirSync(parent, { recursive: true });
    sweepBeside(parent, basename(path));
    const identity = processIdentity(process.pid) ?? String(process.pid);
    const temporary = join(parent, `.${basename(path)}.${identity}${SUFFIX}`);
    mkdirSync(temporary);
    return {
      path: temporary,
      finish: (exitCode) => {
        if (exitCode !== undefined) writeFileSync(join(temporary, 'exitCode'), String(exitCode));
        if (entriesOf(path) === 0) rmdirSync(path);
        renameSync(temporary, path);
      },
      discard: () => rmSync(temporary, { recursive: true, force: true }),
    };
  } catch (error) {
    return { problem: `cannot write results to ${wanted}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The number of things in a folder; -1 when there is none. */
function entriesOf(path: string): number {
  try {
    return readdirSync(path).length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return -1;
    throw error;
  }
}

function sweepBeside(parent: string, name: string): void {
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith(SUFFIX)) continue;
    const identity = entry.slice(name.length + 2, -SUFFIX.length);
    const [pid = ''] = identity.split('@');
    if (/^\d+$/.test(pid) && processIdentity(Number(pid)) !== identity) {
      rmSync(join(parent, entry), { recursive: true, force: true });
    }
  }
}
