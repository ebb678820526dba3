import { defineRule } from '../../src/check/rule.js';

import { commandPlace } from '../../src/job/place.js';

const command = 'bacalhau docker run --timeout 5 acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/timeout',
  judges: 'run',
  stage: 'run',
  severity: 'error',
  title: "Program ran into the job's timeout",
  why:
    'At ExecutionTimeout, or when TotalTimeout is used up, a node stops the container: SIGTERM, one second later ' +
    'SIGKILL. The execution fails and nothing is published. TotalTimeout also counts waiting and downloading, so on a ' +
    'network there is less left for the program than here.',
  remedy: 'Give the job more time, or the program less work.',
  examples: {
    bad: [
      {
        title: 'a dry run that was stopped after five seconds',
        command,
        run: { ended: 'timeout', timeout: { seconds: 5 }, seconds: 6 },
        expect: { stage: 'run', severity: 'error', message: 'still running after the 5 s' },
      },
    ],
    good: [
      { title: 'it ended in time', command, run: { timeout: { seconds: 5 }, seconds: 1 } },
      { title: 'a limit of the dry run itself', command, run: { ended: 'limit', limit: 'time' } },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'timeout') return;
    const { execution, total } = job.task?.timeouts ?? {};
    const seconds = run.timeout?.seconds ?? 0;
    yield {
      at: [execution, total].find((timeout) => timeout?.value === seconds) ?? commandPlace(job),
      message: `The program was still running after the ${String(seconds)} s that the job gives it; a node stops it then and publishes nothing.`,
    };
  },
});
