import { defineRule } from '../../src/check/rule.js';

import { commandPlace } from '../../src/job/place.js';

const command = 'bacalhau docker run acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/stopped',
  judges: 'run',
  stage: 'results',
  severity: 'warning',
  title: 'Dry run stopped the program at a limit of its own',
  why:
    'A node limits neither the time of a job without timeouts nor what it writes as results; a dry run does, to keep a ' +
    'broken program from filling the machine of its user. What the program would have done after that was not seen.',
  remedy: 'Raise the limit with --max-time or --max-output, or give it less data.',
  examples: {
    bad: [
      {
        title: 'a dry run that wrote without end',
        command,
        run: { ended: 'limit', limit: 'results' },
        expect: { stage: 'results', severity: 'warning', message: 'more than --max-output' },
      },
      {
        title: 'one that did not end in time',
        command,
        run: { ended: 'limit', limit: 'time', seconds: 600 },
        expect: { stage: 'results', severity: 'info', message: 'still running after 600 s' },
      },
    ],
    good: [{ title: 'it ended by itself', command, run: {} }],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'limit') return;
    const isTime = run.limit === 'time';
    yield {
      at: commandPlace(job),
      ...(isTime ? { severity: 'info' } : {}),
      message: isTime
        ? `The program was still running after ${String(Math.round(run.seconds))} s, where the dry run stopped it; a node would let it run on.`
        : 'The program wrote more than --max-output allows, and the dry run stopped it; a node would let it go on until its disk is full.',
    };
  },
});
