import { defineRule } from '../../src/check/rule.js';

import { mountPlace } from '../../src/job/place.js';

const command = 'bacalhau docker run --publisher local -o outputs:/outputs acme/count:1 -- count /inputs';
const nothing = [{ name: 'outputs', path: '/outputs', files: [], dropped: [] }];

export default defineRule({
  id: 'run/results-empty',
  judges: 'run',
  stage: 'results',
  severity: 'warning',
  title: 'Program left nothing in a result path',
  why:
    'A node makes an empty folder for each result path and publishes what the program has left in it. A program that ' +
    'writes elsewhere, or nothing, ends as Completed with an empty folder.',
  remedy: 'Let the program write below the result path, or name the folder that it writes to.',
  examples: {
    bad: [
      {
        title: 'a dry run that left /outputs empty',
        command,
        run: { results: nothing },
        expect: { stage: 'results', severity: 'warning', at: '/outputs', message: 'nothing in /outputs' },
      },
      {
        title: 'while a file lies elsewhere',
        command,
        run: { results: nothing, lost: [{ path: '/app/out/a.csv', bytes: 12 }] },
        expect: { stage: 'results', severity: 'error', message: 'but wrote /app/out/a.csv' },
      },
    ],
    good: [
      { title: 'it left a file there', command, run: {} },
      { title: 'the program failed, which is told', command, run: { exitCode: 1, results: nothing } },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run?.ended !== 'exited' || run.exitCode !== 0) return;
    const isAllEmpty = run.results.every(({ files }) => files.length === 0);
    const [elsewhere] = run.lost;
    for (const { path, files, dropped } of run.results) {
      if (files.length > 0) continue;
      const only = dropped.length === 0 ? '' : ' but links, which no node publishes';
      const instead = elsewhere === undefined ? '' : `, but wrote ${elsewhere.path}, which is lost`;
      yield {
        at: mountPlace(job, path),
        ...(isAllEmpty && elsewhere !== undefined ? { severity: 'error' } : {}),
        message: `The program ended well and left nothing in ${path}${only}${isAllEmpty ? instead : ''}.`,
      };
    }
  },
});
