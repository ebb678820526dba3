import type { LookAtImage } from '../check/check.js';
import type { Target } from '../target/target.js';
import { Flags } from './core.js';

/** Flags of every command that looks at images. */
export const imageFlags = {
  offline: Flags.boolean({
    env: 'BACALHAU_PREFLIGHT_OFFLINE',
    description: 'use no network at all; what needs it is not checked',
  }),
  credentials: Flags.boolean({
    description: 'try the credentials of the Docker config even where CI is set',
  }),
  'insecure-registry': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'registry that may be asked over plain HTTP; repeatable',
    helpValue: 'HOST',
  }),
};

/** The values of these flags. */
export interface ImageFlagValues {
  readonly offline: boolean;
  readonly credentials: boolean;
  readonly 'insecure-registry'?: string[] | undefined;
}

/**
 * Gives the function that looks at images; the code that does it is loaded when the first image is asked for.
 *
 * @param problems gets a line for each place named by the user that is of no use, such as a file that is not there
 */
export function imageLooker(flags: ImageFlagValues, target: Target, problems: string[] = []): LookAtImage {
  return async (name, wanted) => {
    const { lookAtImage } = await import('../image/look.js');
    const look = await lookAtImage(name, wanted, {
      platforms: target.platforms,
      offline: flags.offline,
      env: process.env,
      // What is checked in CI may come from a stranger: it must not decide where credentials are sent.
      credentials: process.env.CI === undefined || process.env.CI === '' || flags.credentials,
      insecureRegistries: flags['insecure-registry'] ?? [],
    });
    if (look.problem !== undefined) problems.push(look.problem);
    return look;
  };
}
