import { defineRule, type RuleContext } from '../../src/check/rule.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isAtOrBelow, resolvePath } from '../../src/text/posix-path.js';

const local = 'bacalhau docker run --publisher local';

export default defineRule({
  id: 'image/volume',
  stage: 'results',
  severity: 'info',
  uses: ({ job }) => (collects(job) ? ['image.config'] : []),
  title: 'VOLUME of the image is not collected',
  why:
    'A VOLUME in an image says where its program keeps what it makes. On a node it is an anonymous volume, which is ' +
    'deleted with the container; only what lies in a result path is published.',
  remedy: 'Add a result path for the volume if what the program keeps there is wanted.',
  examples: {
    bad: [
      {
        command: `${local} -o outputs:/outputs acme/db:1`,
        image: { config: { volumes: ['/var/lib/db'], entrypoint: ['db'] } },
        expect: { stage: 'results', severity: 'info', at: 'acme/db:1', message: '/var/lib/db' },
      },
    ],
    good: [
      { command: `${local} -o db:/var/lib/db acme/db:1`, image: { config: { volumes: ['/var/lib/db'] } } },
      { command: `${local} -o db:/var/lib/db/dump acme/db:1`, image: { config: { volumes: ['/var/lib/db'] } } },
      {
        title: 'an input lies there',
        command: `${local} -o out:/outputs -i s3://acme/logs/:/data acme/count:1`,
        image: { config: { volumes: ['/data'] } },
      },
      {
        title: 'the job runs another program than the image is made for',
        command: `${local} -o out:/outputs acme/db:1 -- dump`,
        image: { config: { volumes: ['/var/lib/db'] } },
      },
    ],
  },
  *check({ job, facts, image, workload }) {
    if (image === undefined || !collects(job) || workload?.command.arguments === 'job') return;
    if (workload?.command.entrypoint === 'job') return;
    const mounts = [...inputMounts(job?.task), ...resultMounts(job?.task)].map(({ path }) => path);
    for (const volume of facts['image.config']?.volumes ?? []) {
      const path = resolvePath('/', volume);
      if (mounts.some((mount) => isAtOrBelow(mount, path) || isAtOrBelow(path, mount))) continue;
      yield {
        at: image.at,
        message: `The image has a VOLUME at ${path}, which no result path collects: what the program keeps there is deleted with the container.`,
      };
    }
  },
});

/** Only a job that collects something means to keep what its program makes. */
function collects(job: RuleContext['job']): boolean {
  return job?.task?.engine?.docker !== undefined && job.task.resultPaths.length > 0;
}
