import { mutate, randomFrom } from './mutate.js';

/** A parser of foreign bytes, with what must hold for all of them. */
export interface FuzzTarget {
  /** Good and nearly good inputs, to start from. */
  readonly seeds: readonly Buffer[];
  /** Parses, and throws when something does not hold. May give a promise. */
  readonly run: (bytes: Buffer) => unknown;
  /** Changes an input in ways that this parser looks at; without it any bytes are changed. */
  readonly mutate?: Mutate;
  /** Runs in the tests, where one takes long. */
  readonly runs?: number;
}

/** Gives what an input becomes; the same for the same numbers. */
export type Mutate = (bytes: Buffer, seeds: readonly Buffer[], random: () => number) => Buffer;

export interface Fuzzed {
  readonly runs: number;
  readonly slowestMs: number;
  /** The first input for which something did not hold. */
  readonly failure?: { readonly input: Buffer; readonly error: unknown };
}

/** Runs a target on its seeds and on what they become, until it fails or is told to stop. */
export async function fuzz(target: FuzzTarget, seed: number, isOver: (runs: number) => boolean): Promise<Fuzzed> {
  const random = randomFrom(seed);
  const change = target.mutate ?? mutate;
  let slowestMs = 0;
  for (let runs = 0; !isOver(runs); runs++) {
    const from = target.seeds[runs % target.seeds.length] ?? Buffer.alloc(0);
    const input = runs < target.seeds.length ? from : change(from, target.seeds, random);
    const start = performance.now();
    try {
      await target.run(Buffer.from(input));
    } catch (error) {
      return { runs: runs + 1, slowestMs, failure: { input, error } };
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
    if (isOver(runs + 1)) return { runs: runs + 1, slowestMs };
  }
  return { runs: 0, slowestMs };
}

/** Throws when something does not hold. */
export function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}
