import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'command/docker-run',
  stage: 'run',
  severity: 'warning',
  title: 'docker run has an option that a job does not have',
  why:
    'Bacalhau creates the container itself and sets its image, variables, entrypoint, command, working directory, ' +
    'mounts of inputs and results, memory, CPU, GPUs and network, and nothing else of what docker run can. ' +
    'No folder of your machine is on a node.',
  remedy: 'Submit the job with bacalhau docker run; the message says what becomes of each option.',
  examples: {
    bad: [
      {
        command: 'docker run --rm -v $PWD/data:/data python:3.12 python /data/run.py',
        expect: { stage: 'run', severity: 'warning', at: '-v $PWD/data:/data', message: 'folder of your machine' },
      },
      {
        command: 'docker run --shm-size=8g acme/train:1 train',
        expect: { stage: 'run', severity: 'warning', at: '--shm-size=8g', message: '64 MB' },
      },
      {
        title: 'sizes are counted otherwise',
        command: 'docker run -m 512m alpine:3.20 true',
        expect: { stage: 'run', severity: 'info', at: '-m 512m', message: 'Memory: 512Mi' },
      },
      {
        title: 'a folder for results',
        command: 'docker run --mount type=bind,src=./out,dst=/outputs alpine:3.20 touch /outputs/x',
        expect: { stage: 'run', severity: 'info', message: '-o outputs:/outputs' },
      },
      {
        title: 'a network of the engine',
        command: 'docker run --network backend alpine:3.20 true',
        expect: { stage: 'run', severity: 'warning', at: '--network backend' },
      },
    ],
    good: [
      { command: 'bacalhau docker run -i s3://acme/data/:/data acme/run:1 -- python /app/run.py' },
      { command: 'bacalhau docker run alpine:3.20 -- true' },
    ],
  },
  check: (context) => findingsOfKind(context, 'docker-option'),
});
