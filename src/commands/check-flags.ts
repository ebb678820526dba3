import type { InferredFlags } from '@oclif/core/interfaces';
import { SEVERITIES } from '../check/stage.js';
import { FORMATS } from '../report/format.js';
import { configFlags } from './configuration.js';
import { Flags } from './core.js';
import { imageFlags, statsFlag } from './image-flags.js';
import { inputFlags } from './input-flags.js';
import { fixFlags } from './mending.js';
import { suppressFlags } from './suppressing.js';

/** Flags of `check`. */
export const checkFlags = {
  as: Flags.option({
    options: ['job', 'dockerfile'] as const,
    description: 'kind of the named files, instead of recognising it',
  })(),
  image: Flags.string({
    description:
      'check this image, with or without a job; docker-daemon:NAME, docker-archive:FILE, oci:DIR[:TAG] and oci-archive:FILE name the place',
    helpValue: 'REF',
  }),
  command: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'check a "bacalhau docker run …" line',
    helpValue: 'LINE',
  }),
  commands: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'check a file with one command line per line',
    helpValue: 'FILE',
  }),
  ...configFlags,
  'print-config': Flags.boolean({
    description: 'print what is in effect, for the first PATH if there is one, and check nothing',
  }),
  var: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'value of a template variable',
    helpValue: 'NAME=VALUE',
  }),
  ...imageFlags,
  ...statsFlag,
  ...inputFlags,
  format: Flags.option({
    options: FORMATS,
    default: 'pretty',
    description: 'form of the report',
  })(),
  ...fixFlags,
  report: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'write a report to a file too, in one of these forms; repeatable',
    helpValue: 'FORMAT:FILE',
  }),
  ...suppressFlags,
  'changed-since': Flags.string({
    description: 'check only the files that differ from where the branch left REF, as git tells',
    helpValue: 'REF',
  }),
  watch: Flags.boolean({
    description: 'check again whenever a file changes, until Ctrl-C',
    exclusive: ['fix', 'fix-commands', 'report', 'update-baseline', 'print-config'],
  }),
  'print-job': Flags.boolean({
    description: 'print the job spec that each command line stands for; the report goes to stderr',
  }),
  'fail-on': Flags.option({
    options: [...SEVERITIES, 'never'] as const,
    env: 'BACALHAU_PREFLIGHT_FAIL_ON',
    description: 'mildest severity that exits 1; default: error',
  })(),
  strict: Flags.boolean({ description: 'exit 3 when something could not be checked' }),
};

/** The values of these flags. */
export type CheckFlagValues = InferredFlags<typeof checkFlags>;
