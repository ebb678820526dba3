import { defineRule } from '../../src/check/rule.js';

import { sizeText } from '../../src/text/size.js';
import { commandPlace } from '../../src/job/place.js';

const command = 'bacalhau docker run acme/count:1 -- count /inputs';
const limited = 'bacalhau docker run --memory 1Gb acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/out-of-memory',
  judges: 'run',
  stage: 'run',
  severity: 'error',
  title: 'Program was killed at its memory limit',
  why:
    'Memory is a hard limit: what the job asks for, or else 512 MB (decimal; 1 GB before 1.6.1). When the kernel kills the ' +
    'program there, the execution fails with "memory limit exceeded", and neither results nor logs are published.',
  remedy: 'Ask for more memory, or make the program work on less at a time.',
  examples: {
    bad: [
      {
        title: 'a dry run with the default memory',
        command,
        run: { ended: 'memory', exitCode: 137, memory: { limitBytes: 512e6, requested: false } },
        expect: { stage: 'run', severity: 'error', message: 'the default of 512 MB' },
      },
      {
        title: 'with what the job asks for',
        command: limited,
        run: { ended: 'memory', exitCode: 137, memory: { limitBytes: 1e9, requested: true } },
        expect: { stage: 'run', severity: 'error', at: '1Gb', message: 'the 1 GB that the job asks for' },
      },
    ],
    good: [{ title: 'the memory was enough', command, run: {} }],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'memory') return;
    const { limitBytes, requested } = run.memory;
    const size = sizeText(limitBytes);
    const twice = sizeText(limitBytes * 2).replace(' ', '');
    yield {
      at: job.task?.resources.memory ?? commandPlace(job),
      message: `The program needed more than ${requested ? `the ${size} that the job asks for` : `the default of ${size}`} and was killed; a node then publishes nothing.`,
      remedy:
        job.origin === 'command'
          ? `Add --memory ${twice}, or what the program needs.`
          : `Write Resources: { Memory: "${twice}" }, or what the program needs.`,
    };
  },
});
