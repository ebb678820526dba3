import { defineRule } from '../../src/check/rule.js';

import { mountPlace } from '../../src/job/place.js';

const command = 'bacalhau docker run -i s3://acme/logs/:/data acme/count:1 -- count';

export default defineRule({
  id: 'run/input-unopened',
  judges: 'run',
  stage: 'results',
  severity: 'warning',
  title: 'Program opened nothing of an input',
  why:
    'A node brings every input before the program starts, and the program finds it only at its Target. One that reads ' +
    'elsewhere ends well, with results that are made of something else.',
  remedy: 'Give the program the path of the input, or leave the input out.',
  examples: {
    bad: [
      {
        title: 'a dry run in which nothing below /data was opened',
        command,
        run: { inputs: [{ target: '/data', opened: false, bytes: 10 }] },
        expect: { stage: 'results', severity: 'warning', at: '/data', message: 'opened nothing of the input at /data' },
      },
    ],
    good: [
      { title: 'it was opened', command, run: { inputs: [{ target: '/data', opened: true, bytes: 10 }] } },
      { title: 'it could not be seen', command, run: { inputs: [{ target: '/data', bytes: 10 }] } },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'exited' || run.exitCode !== 0) return;
    for (const { target, opened } of run.inputs) {
      if (opened !== false) continue;
      yield {
        at: mountPlace(job, target),
        confidence: 'medium',
        message: `The program ended well and opened nothing of the input at ${target}.`,
      };
    }
  },
});
