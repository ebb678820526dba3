import { defineRule, type RuleContext } from '../../src/check/rule.js';
import { isRootUser } from '../../src/image/user.js';
import { resultMounts, type ResultMount } from '../../src/job/mounts.js';
import { liesIn } from '../../src/workload/path-uses.js';
import { isVisible } from '../../src/workload/visible.js';

const jobWith = (results: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Parameters: [touch, /outputs/a] } }
    Publisher: { Type: local }
    ResultPaths: ${results}
`;
const OUTPUTS = '[{ Name: outputs, Path: /outputs }]';

export default defineRule({
  id: 'output/non-root-user',
  stage: 'run',
  severity: 'warning',
  imagePart: 'user',
  needs: ({ job }) => (mountsOf(job).length > 0 ? ['image.config'] : []),
  title: 'Image runs as a user who cannot write results',
  why:
    'For each result path a node makes a folder of mode 0755 that is owned by the user that runs Bacalhau, mostly ' +
    'root. An image whose USER is another one cannot write there ("Permission denied"), whatever the image itself ' +
    'allows at that path. There is no option for the user of a job.',
  remedy: 'Build the image without USER, or with USER root, for jobs that collect results.',
  examples: {
    bad: [
      {
        title: 'the image has USER app',
        job: jobWith(OUTPUTS),
        image: { config: { user: 'app' } },
        expect: { stage: 'run', severity: 'error', confidence: 'medium', at: '/outputs', message: 'runs as app' },
      },
      {
        title: 'nothing is seen to write there',
        command: 'bacalhau docker run --publisher local -o outputs:/outputs acme/count:1',
        image: { config: { user: '1000', entrypoint: ['/app/count'], cmd: [] } },
        expect: { stage: 'run', severity: 'warning', message: 'runs as 1000' },
      },
      {
        title: 'what code seems to do is no error',
        job: jobWith(OUTPUTS).replace('[touch, /outputs/a]', "[python, -c, \"open('/outputs/a', 'w')\"]"),
        image: { config: { user: 'app' } },
        expect: { stage: 'run', severity: 'warning', message: 'runs as app' },
      },
    ],
    good: [
      { title: 'the image has no USER', job: jobWith(OUTPUTS) },
      { job: jobWith(OUTPUTS), image: { config: { user: 'root:root' } } },
      { title: 'no result path', job: jobWith('[]'), image: { config: { user: 'app' } } },
      { title: 'its own rule speaks of Dockerfiles', dockerfile: 'FROM python:3.12\nUSER app\nCMD ["python"]\n' },
    ],
  },
  *check({ job, facts, workload, image }) {
    const user = facts['image.config']?.user ?? '';
    if (isRootUser(user)) return;
    for (const { path, target } of mountsOf(job)) {
      const written = workload?.writes.some((use) => !use.guess && isVisible(use) && liesIn(use, path)) === true;
      yield {
        at: target,
        ...(written ? { severity: 'error' } : {}),
        confidence: 'medium',
        message: `The image runs as ${user}, and the folder for this result belongs to the user of the node: writing to ${path} ends in "Permission denied".`,
        related: image === undefined ? [] : [{ message: `its USER is ${user}`, at: image.at }],
      };
    }
  },
});

function mountsOf(job: RuleContext['job']): ResultMount[] {
  return job?.task?.engine?.docker === undefined ? [] : resultMounts(job.task);
}
