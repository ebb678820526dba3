import { defineRule, type RuleContext } from '../../src/check/rule.js';
import { isRootUser } from '../../src/image/user.js';
import { inputMounts, type InputMount } from '../../src/job/mounts.js';
import { liesIn } from '../../src/workload/path-uses.js';
import { isVisible } from '../../src/workload/visible.js';

const jobWith = (source: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Parameters: [ls, /inputs] } }
    InputSources:
      - { Target: /inputs, Source: ${source} }
`;
const S3 = '{ Type: s3, Params: { Bucket: acme, Key: logs/ } }';

export default defineRule({
  id: 'input/non-root-user',
  stage: 'run',
  severity: 'warning',
  imagePart: 'user',
  needs: ({ job }) => (closedMounts(job).length > 0 ? ['image.config'] : []),
  title: 'Image runs as a user who cannot read the input',
  why:
    'A node downloads an S3 input into a folder of mode 0700 and an inline input into a file of mode 0600, both owned ' +
    'by the user that runs Bacalhau, mostly root. An image whose USER is another one gets "Permission denied". There ' +
    'is no option for the user of a job.',
  remedy: 'Build the image without USER (or with USER root), or give the data by URL or IPFS.',
  examples: {
    bad: [
      {
        title: 'the image has USER app',
        job: jobWith(S3),
        image: { config: { user: 'app' } },
        expect: { stage: 'run', severity: 'error', confidence: 'medium', at: '/inputs', message: 'runs as app' },
      },
      {
        title: 'nothing is seen to read it',
        command: 'bacalhau docker run -i s3://acme/logs/:/inputs acme/count:1',
        image: { config: { user: '1000:1000', entrypoint: ['/app/count'], cmd: [] } },
        expect: { stage: 'run', severity: 'warning', message: 'runs as 1000:1000' },
      },
      {
        job: jobWith('{ Type: inline, Params: { URL: "data:text/plain,hello" } }'),
        image: { config: { user: '1000' } },
        expect: { stage: 'run', severity: 'error', message: '0600' },
      },
    ],
    good: [
      { title: 'the image has no USER', job: jobWith(S3) },
      { job: jobWith(S3), image: { config: { user: '0:0' } } },
      {
        title: 'downloads are readable for all',
        job: jobWith('{ Type: urlDownload, Params: { URL: "https://example.org/a.csv" } }'),
        image: { config: { user: 'app' } },
      },
    ],
  },
  *check({ job, facts, workload, image }) {
    const user = facts['image.config']?.user ?? '';
    if (isRootUser(user)) return;
    for (const { path, target, type } of closedMounts(job)) {
      const read = workload?.reads.some((use) => !use.guess && isVisible(use) && liesIn(use, path)) === true;
      const mode = type === 's3' ? 'a folder of mode 0700' : 'a file of mode 0600';
      yield {
        at: target,
        ...(read ? { severity: 'error' } : {}),
        confidence: 'medium',
        message: `The image runs as ${user}, and nodes put this input into ${mode} of their own user: reading ${path} ends in "Permission denied".`,
        related: image === undefined ? [] : [{ message: `its USER is ${user}`, at: image.at }],
      };
    }
  },
});

/** Inputs that only the user who runs the node can read. */
function closedMounts(job: RuleContext['job']): InputMount[] {
  if (job?.task?.engine?.docker === undefined) return [];
  return inputMounts(job.task).filter(({ type }) => type === 's3' || type === 'inline');
}
