import type { PlannedFile } from '../init/plan.js';
import { foundAt, writePlanned } from '../init/write.js';
import { escapeForLog } from '../report/escape.js';
import type { Asker } from './ask.js';

/**
 * Writes the planned files and tells what became of each. All questions come before the first file is written, so that
 * an end of the input leaves everything as it was.
 *
 * @param asker absent when nothing is to be asked: what is there is kept
 * @returns whether everything that was to be written is written
 */
export async function writeAll(
  folder: string,
  files: readonly PlannedFile[],
  { force, asker }: { readonly force: boolean; readonly asker: Asker | undefined },
): Promise<boolean> {
  const decided: { file: PlannedFile; fate: 'write' | 'same' | 'keep'; there: string }[] = [];
  for (const file of files) {
    const found = await foundAt(folder, file);
    const there = found.is === 'other' ? found.text : '';
    const mayReplace = async (): Promise<boolean> =>
      force || ((await asker?.confirm(`${file.path} is there. Overwrite it?`, false)) ?? false);
    const fate = found.is === 'same' ? 'same' : found.is === 'nothing' || (await mayReplace()) ? 'write' : 'keep';
    decided.push({ file, fate, there });
  }
  const width = Math.max(...files.map(({ path }) => path.length));
  let isWhole = true;
  for (const { file, fate } of decided) {
    const problem = fate === 'write' ? await writePlanned(folder, file) : undefined;
    if (problem === undefined) {
      const text = fate === 'keep' ? 'it was there before; --force overwrites it' : file.purpose;
      process.stdout.write(`${WORDS[fate]}  ${file.path.padEnd(width)}  ${text}\n`);
    } else {
      isWhole = false;
      process.stderr.write(`${escapeForLog(`${file.path} was not written: ${problem}`)}\n`);
    }
  }
  for (const { file, fate, there } of decided) {
    if (fate !== 'keep' || file.toAdd === undefined || there.includes('bacalhau-preflight')) continue;
    process.stdout.write(`\nAdd this to ${file.toAdd.to}:\n${file.toAdd.lines.replace(/^(?=.)/gm, '  ')}`);
  }
  return isWhole;
}

const WORDS = { write: 'wrote', same: 'same ', keep: 'kept ' };
