import { defineRule } from '../../src/check/rule.js';

import { commandPlace } from '../../src/job/place.js';

const command = 'bacalhau docker run acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/exit-code',
  judges: 'run',
  stage: 'run',
  severity: 'error',
  title: 'Program ended with an exit code other than 0',
  why:
    'Bacalhau shows an execution as Completed whatever its program ended with, and publishes its results; the exit ' +
    'code stands only in the execution and in the file exitCode. A job that did not do its work looks green.',
  remedy: 'Mend what the program says on stderr. Whatever waits for the job must read exitCode, not the state.',
  examples: {
    bad: [
      {
        title: 'a dry run whose program ended with 3',
        command,
        run: { exitCode: 3 },
        expect: { stage: 'run', severity: 'error', confidence: 'high', at: 'count /inputs', message: 'exit code 3' },
      },
      {
        title: 'ended by a signal',
        command,
        run: { exitCode: 139 },
        expect: { stage: 'run', severity: 'error', message: 'signal 11 (SIGSEGV' },
      },
      {
        title: 'a shell that found no program',
        command,
        run: { exitCode: 127 },
        expect: { stage: 'run', severity: 'error', message: 'a program was not found' },
      },
    ],
    good: [
      { title: 'the program ended with 0', command, run: { exitCode: 0 } },
      { title: 'told by another rule', command, run: { ended: 'memory', exitCode: 137 } },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'exited' || run.exitCode === undefined || run.exitCode === 0) return;
    const { exitCode } = run;
    yield {
      at: commandPlace(job),
      message: `The program ended with exit code ${String(exitCode)}${meaning(exitCode)}; Bacalhau shows such a job as Completed all the same.`,
    };
  },
});

const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL: an instruction that this processor does not have',
  6: 'SIGABRT: it gave up by itself',
  9: 'SIGKILL',
  11: 'SIGSEGV: a fault in the program',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** What shells and the kernel mean by it. */
function meaning(exitCode: number): string {
  if (exitCode === 126) return ', by which a shell says that a program could not be executed';
  if (exitCode === 127) return ', by which a shell says that a program was not found';
  const signal = exitCode - 128;
  if (signal <= 0 || signal > 64) return '';
  const name = SIGNALS[signal];
  return `, which is signal ${String(signal)}${name === undefined ? '' : ` (${name})`}`;
}
