import { defineRule } from '../../src/check/rule.js';

import { mountPlace } from '../../src/job/place.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';

const command = 'bacalhau docker run --publisher local -o outputs:/outputs acme/count:1 -- count /inputs';
const denied = { kind: 'permission', line: 'touch: /outputs/a: Permission denied', about: '/outputs/a' } as const;

export default defineRule({
  id: 'run/permission',
  judges: 'run',
  stage: 'run',
  severity: 'warning',
  title: 'Program was denied something',
  why:
    'On a node the folder of a result path belongs to root with mode 0755, that of an S3 input has mode 0700 and an ' +
    'inline file 0600: an image with another USER cannot write or read there. A job can ask for no user, no capability ' +
    'and no device.',
  remedy: 'Build the image without USER, or with USER root.',
  examples: {
    bad: [
      {
        title: 'a dry run of an image that runs as another user',
        command,
        run: { user: 'app', exitCode: 1, signs: [denied] },
        expect: { stage: 'run', severity: 'error', at: '/outputs', message: 'as app' },
      },
      {
        title: 'something that needs a capability',
        command,
        run: { signs: [{ kind: 'permission', line: 'mount: permission denied (are you root?)' }] },
        expect: { stage: 'run', severity: 'warning', confidence: 'low', message: 'are you root' },
      },
    ],
    good: [
      { title: 'nothing was denied', command, run: {} },
      {
        title: 'the dry run itself took the capabilities away',
        command,
        run: { hardened: true, signs: [denied] },
      },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run === undefined || run.hardened) return;
    const signs = run.signs.filter(({ kind }) => kind !== 'network');
    const mounts = [...run.results.map(({ path }) => path), ...run.inputs.map(({ target }) => target)];
    const mountOf = (path: string | undefined): string | undefined =>
      path === undefined ? undefined : mounts.find((mount) => isAtOrBelow(path, mount));
    const sign = signs.find(({ about }) => mountOf(about) !== undefined) ?? signs[0];
    if (sign === undefined) return;
    const mount = mountOf(sign.about);
    const failed = run.ended === 'exited' && run.exitCode !== 0;
    const as = run.user === '' ? '' : ` as ${run.user}`;
    yield {
      at: mountPlace(job, mount ?? ''),
      ...(mount !== undefined && failed ? { severity: 'error' } : {}),
      confidence: mount === undefined ? 'low' : 'medium',
      message: `The program, which runs${as === '' ? ' as root' : as}, was denied something${sign.about === undefined ? '' : ` at ${sign.about}`}: ${sign.line}`,
      ...(as === ''
        ? { remedy: 'A job can ask for no capability, device or privilege: let the program do without.' }
        : {}),
    };
  },
});
