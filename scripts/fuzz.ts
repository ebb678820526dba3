import { mkdirSync, writeFileSync } from 'node:fs';
import { fuzz } from '../test/fuzz/fuzz.js';
import { TARGETS } from '../test/fuzz/targets.js';

const DEFAULT_SECONDS = 60;
const FOLDER = 'node_modules/.cache/bacalhau-preflight';

/** `npm run fuzz -- TARGET [SECONDS] [SEED]`: runs one target until it fails or the time is over. */
export async function main(args: readonly string[]): Promise<number> {
  const [name = '', seconds = String(DEFAULT_SECONDS), seed = String(Date.now() % 2 ** 32)] = args;
  const target = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
  if (target === undefined || !(Number(seconds) > 0)) {
    process.stderr.write(`npm run fuzz -- TARGET [SECONDS] [SEED]; targets: ${Object.keys(TARGETS).join(', ')}\n`);
    return 2;
  }
  const end = Date.now() + Number(seconds) * 1000;
  const { runs, slowestMs, failure } = await fuzz(target, Number(seed), () => Date.now() >= end);
  process.stdout.write(`${name}: ${runs} inputs, slowest ${slowestMs.toFixed(1)} ms, seed ${seed}\n`);
  if (failure === undefined) return 0;
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/fuzz-${name}-${seed}`;
  writeFileSync(file, failure.input);
  const text = failure.error instanceof Error ? (failure.error.stack ?? '') : String(failure.error);
  process.stdout.write(`failed; the input lies in ${file}\n${text}\n`);
  return 1;
}
