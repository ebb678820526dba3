import { defineRule, type RuleFinding } from '../../src/check/rule.js';

import type { JobSpec } from '../../src/job/job-spec.js';
import { commandPlace, mountPlace } from '../../src/job/place.js';
import { shortened } from '../../src/text/shortened.js';
import type { Place } from '../../src/text/source.js';
import { startRemedy, whatFails } from '../../src/workload/not-started.js';
import type { NotStarted } from '../../src/workload/run-evidence.js';

const command = 'bacalhau docker run acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/not-started',
  judges: 'run',
  stage: 'run',
  severity: 'error',
  title: 'Container does not start',
  why:
    'A node hands command, user, working directory and mounts to Docker as they are. What Docker cannot start fails ' +
    'the execution with its words, after the inputs were downloaded; nothing is published.',
  remedy: 'Mend what Docker names, and try again.',
  examples: {
    bad: [
      {
        title: 'a dry run of a program that the image does not have',
        command,
        run: {
          ended: 'not-started',
          notStarted: { cause: 'not-found', said: 'exec: "count": executable file not found in $PATH', about: 'count' },
        },
        expect: { stage: 'run', severity: 'error', at: 'count /inputs', message: 'has no program "count"' },
      },
      {
        title: 'a script with Windows line ends',
        command,
        run: {
          ended: 'not-started',
          notStarted: { cause: 'carriage-return', said: 'no such file or directory', about: '/run.sh' },
        },
        expect: { stage: 'run', severity: 'error', message: 'carriage return' },
      },
      {
        title: 'an image for another platform',
        command,
        run: {
          ended: 'not-started',
          notStarted: {
            cause: 'image-platform',
            said: 'linux/arm64, and the nodes are linux/amd64',
            about: 'linux/arm64',
          },
        },
        expect: { stage: 'node', severity: 'error', at: 'acme/count:1', message: 'linux/arm64' },
      },
      {
        title: 'an image that its registry has for other platforms only',
        command,
        run: {
          ended: 'not-started',
          notStarted: { cause: 'image-platform', said: 'no matching manifest for linux/amd64 in the manifest list' },
        },
        expect: { stage: 'node', severity: 'error', at: 'acme/count:1', message: 'no image for the platform' },
      },
    ],
    good: [{ title: 'it started', command, run: {} }],
  },
  *check({ job, run, image }) {
    const failure = run?.notStarted;
    if (job === undefined || failure === undefined) return;
    if (failure.cause === 'image-platform') {
      yield {
        at: image?.at ?? commandPlace(job),
        stage: 'node',
        message:
          failure.about === undefined
            ? `The registry has no image for the platform of the nodes: they decline it, and nothing was run.`
            : `The local image is for ${failure.said}: they decline it, and it was not run.`,
        ...(failure.about === undefined ? { related: [{ message: `It says: ${failure.said}` }] } : {}),
        remedy: 'Build the image for the platform of the nodes (docker buildx build --platform), under a new tag.',
      };
      return;
    }
    yield told(job, failure);
  },
});

function told(job: JobSpec, failure: NotStarted): RuleFinding {
  return {
    at: placeOf(job, failure),
    message: `${whatFails(failure)}, so the container does not start.`,
    related: [{ message: `Docker says: ${shortened(failure.said, 300)}` }],
    remedy: startRemedy(failure),
  };
}

function placeOf(job: JobSpec, { cause, about = '' }: NotStarted): Place {
  const { task } = job;
  if (cause === 'memory') return task?.resources.memory ?? commandPlace(job);
  if (cause === 'working-dir') return task?.engine?.docker?.workingDirectory ?? commandPlace(job);
  return cause === 'mount' ? mountPlace(job, about) : commandPlace(job);
}
