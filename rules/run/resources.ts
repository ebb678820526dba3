import { defineRule } from '../../src/check/rule.js';

import { commandPlace } from '../../src/job/place.js';
import { sizeText } from '../../src/text/size.js';

const command = 'bacalhau docker run --cpu 2 acme/count:1 -- count /inputs';
const memory = (
  peakBytes: number,
  requested = false,
): { limitBytes: number; requested: boolean; peakBytes: number } => ({
  limitBytes: 512e6,
  requested,
  peakBytes,
});

export default defineRule({
  id: 'run/resources',
  judges: 'run',
  stage: 'run',
  severity: 'info',
  title: 'Program needs other resources than the job asks for',
  why:
    'CPU is a hard quota, half a core unless the job asks for more, and Memory a hard limit of 512 MB. A program that ' +
    'used a whole machine before becomes slow, and one that comes near its memory dies with a little more data. What ' +
    'is asked for and not used keeps other jobs from the node.',
  remedy: 'Ask for what the program needs.',
  examples: {
    bad: [
      {
        title: 'a dry run that came near its memory limit',
        command,
        run: { memory: memory(490e6) },
        expect: { stage: 'run', severity: 'warning', message: 'used 490 MB of its 512 MB' },
      },
      {
        title: 'one that was held back half of its time',
        command,
        run: { seconds: 30, cpu: { limit: 0.5, requested: false, used: 0.5, throttled: 0.8 } },
        expect: { stage: 'run', severity: 'info', message: 'held back at 0.5 CPU' },
      },
      {
        title: 'memory that was asked for and not used',
        command,
        run: { seconds: 30, memory: { limitBytes: 16e9, requested: true, peakBytes: 300e6 } },
        expect: { stage: 'run', severity: 'info', message: 'used 300 MB of the 16 GB' },
      },
    ],
    good: [
      { title: 'it had memory to spare', command, run: {} },
      { title: 'not measured', command, run: { memory: { limitBytes: 512e6, requested: false } } },
      { title: 'the default is small enough', command, run: { seconds: 30, memory: memory(5e6) } },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'exited') return;
    const { resources } = job.task ?? {};
    const { limitBytes, requested, peakBytes } = run.memory;
    const at = resources?.memory ?? commandPlace(job);
    if (peakBytes !== undefined && peakBytes > 0.9 * limitBytes) {
      yield {
        at,
        severity: 'warning',
        // The engine counts cached files too, which it would give up before it kills.
        confidence: 'medium',
        message: `The program used ${sizeText(peakBytes)} of its ${sizeText(limitBytes)}: with a little more data it is killed.`,
        remedy: `Ask for Memory: "${suggested(peakBytes)}".`,
      };
    } else if (requested && peakBytes !== undefined && peakBytes < limitBytes / 8 && limitBytes > 1e9) {
      yield {
        at,
        message: `The program used ${sizeText(peakBytes)} of the ${sizeText(limitBytes)} that the job asks for.`,
        remedy: `With data like this Memory: "${suggested(peakBytes)}" is enough.`,
      };
    }
    const { throttled = 0, limit } = run.cpu;
    if (throttled < 0.5 || run.seconds < 5) return;
    yield {
      at: resources?.cpu ?? commandPlace(job),
      message: `The program was held back at ${String(limit)} CPU for ${String(Math.round(throttled * 100))} % of its time.`,
      remedy: `Ask for more, such as CPU: "${String(Math.max(1, Math.ceil(limit * 2)))}".`,
    };
  },
});

/** Half as much again, in steps that people write. */
function suggested(bytes: number): string {
  const step = bytes < 1e9 ? 128e6 : 1e9;
  return sizeText(Math.ceil((bytes * 1.5) / step) * step).replace(' ', '');
}
