import { defineRule } from '../../src/check/rule.js';

import { commandPlace } from '../../src/job/place.js';
import { sizeText } from '../../src/text/size.js';

const command = 'bacalhau docker run --disk 1GB acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/output-size',
  judges: 'run',
  stage: 'results',
  severity: 'warning',
  title: 'Program wrote more than is kept',
  why:
    'Of stdout and of stderr a node keeps the first GB in the results and the first 2 KB in the job record. What a job ' +
    'writes is not limited, but a node that is given Disk: 1GB plans with no more, and may run full.',
  remedy: 'Write what matters to a result path, and ask for the disk that inputs and results need.',
  examples: {
    bad: [
      {
        title: 'a dry run that printed more than a GB',
        command,
        run: { stdout: { bytes: 1e9, cut: true } },
        expect: { stage: 'results', severity: 'warning', message: 'stdout was cut after 1 GB' },
      },
      {
        title: 'results that are larger than Disk',
        command,
        run: { disk: 1e9, results: [{ name: 'o', path: '/o', files: [{ path: 'a', bytes: 3e9 }], dropped: [] }] },
        expect: { stage: 'results', severity: 'warning', at: '1GB', message: '3 GB' },
      },
      {
        title: 'links among the results',
        command,
        run: { results: [{ name: 'o', path: '/o', files: [], dropped: ['latest'] }] },
        expect: { stage: 'results', severity: 'warning', message: 'latest' },
      },
    ],
    good: [{ title: 'it printed little', command, run: {} }],
  },
  *check({ job, run }) {
    if (job === undefined || run === undefined) return;
    const at = commandPlace(job);
    for (const name of ['stdout', 'stderr'] as const) {
      if (!run[name].cut) continue;
      yield { at, message: `${name} was cut after ${sizeText(run[name].bytes)}; a node keeps no more either.` };
    }
    const dropped = run.results.flatMap((result) => result.dropped.map((path) => `${result.name}/${path}`));
    if (dropped.length > 0) {
      yield {
        at,
        confidence: 'medium',
        message: `${dropped.slice(0, 3).join(', ')}${dropped.length > 3 ? `, … (${String(dropped.length)} in all)` : ''} among the results ${dropped.length === 1 ? 'is a link or no plain file, and is' : 'are links or no plain files, and are'} left out when they are published.`,
        remedy: 'Copy files into the result path instead of linking to them.',
      };
    }
    const written = run.results.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
    const brought = run.inputs.reduce((sum, { bytes }) => sum + bytes, 0);
    if (run.disk === undefined || written + brought <= run.disk) return;
    yield {
      at: job.task?.resources.disk ?? at,
      message: `Inputs and results are ${sizeText(written + brought)} together, more than the ${sizeText(run.disk)} of Disk that the job asks for.`,
    };
  },
});
