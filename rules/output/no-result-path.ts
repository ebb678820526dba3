import { defineRule } from '../../src/check/rule.js';
import { isLeftOut } from '../../src/job/refused.js';
import { compareReleases } from '../../src/target/release.js';

const jobWith = (type: string, results: string): string => `
Name: count
Type: ${type}
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Publisher: { Type: local }
    ResultPaths: ${results}
`;

export default defineRule({
  id: 'output/no-result-path',
  stage: 'results',
  severity: 'info',
  title: 'Publisher without result paths',
  why:
    'A publisher sends what lies in the result paths, and with it stdout, stderr and the exit code. Without result ' +
    'paths those three are all; files that the program writes are gone. Since 1.4 no /outputs is collected by itself.',
  remedy: 'Add a result path for each folder that the program writes: { Name: outputs, Path: /outputs }.',
  examples: {
    bad: [
      {
        job: jobWith('batch', '[]'),
        expect: { stage: 'results', severity: 'info', at: 'local', message: 'only stdout, stderr and the exit code' },
      },
      {
        command: 'bacalhau docker run --publisher local alpine:3.20',
        expect: { stage: 'results', severity: 'info', message: 'only stdout' },
      },
    ],
    good: [
      { job: jobWith('batch', '[{ Name: outputs, Path: /outputs }]') },
      {
        title: 'result paths that the client refuses',
        command: 'bacalhau docker run -p local -o /outputs alpine:3.20',
      },
      { title: 'a service publishes nothing', job: jobWith('service', '[]') },
      {
        title: 'no publisher',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
`,
      },
    ],
  },
  *check({ job, target }) {
    const publisher = job?.task?.publisher;
    if (job?.task === undefined || publisher?.type === undefined || job.task.resultPaths.length > 0) return;
    if (isLeftOut(job, 'ResultPaths')) return;
    const type = publisher.type.value.trim().toLowerCase();
    const ends = job.type?.value === 'batch' || job.type?.value === 'ops';
    if (type === '' || type === 'noop' || !ends) return;
    if (job.origin === 'command' && compareReleases(target.bacalhau, '1.4') < 0) return;
    yield {
      at: publisher.type,
      message: `Nothing is collected for the publisher ${publisher.type.value}: it gets only stdout, stderr and the exit code.`,
    };
  },
});
