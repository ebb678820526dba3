import type { LookAtInputs } from '../check/check.js';
import { Flags } from './core.js';
import type { ImageFlagValues } from './image-flags.js';

/** Flags of commands that look at inputs from outside, beside those for images. */
export const inputFlags = {
  probe: Flags.boolean({
    description: 'look at inputs and buckets from outside even where CI is set',
  }),
};

/** The values of these flags, with those for images that hold here too. */
export type InputFlagValues = Pick<ImageFlagValues, 'offline' | 'credentials' | 'allow-host'> & {
  readonly probe: boolean;
};

/** Gives the function that looks at inputs; the code that does it is loaded when the first job wants it. */
export function inputLooker(flags: InputFlagValues): LookAtInputs {
  const reason = whyNot(flags);
  const prober = once(async () => {
    const { openProber } = await import('../probe/look.js');
    const whyNoCredentials = inCI() && !flags.credentials ? '--credentials tries yours' : undefined;
    return openProber({ env: process.env, allowedHosts: flags['allow-host'] ?? [], whyNoCredentials });
  });
  return async (job, wanted) => {
    if (reason !== undefined)
      return { facts: {}, missing: Object.fromEntries([...wanted].map((fact) => [fact, reason])) };
    return (await prober()).look(job, wanted);
  };
}

/** A job in CI may come from a stranger, who must not be able to send requests from there. */
function whyNot({ offline, probe }: InputFlagValues): string | undefined {
  if (offline) return 'offline';
  return inCI() && !probe ? 'CI is set: --probe lets inputs be looked at' : undefined;
}

function inCI(): boolean {
  return process.env.CI !== undefined && process.env.CI !== '';
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
