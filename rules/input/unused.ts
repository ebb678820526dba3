import { defineRule } from '../../src/check/rule.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';
import { isInputsPath } from '../../src/workload/folders.js';
import { allUses, touches } from '../../src/workload/path-uses.js';

export default defineRule({
  id: 'input/unused',
  stage: 'results',
  severity: 'warning',
  uses: ({ job }) => (job?.task?.engine?.docker === undefined || job.task.inputs.length === 0 ? [] : ['image.config']),
  title: 'Program reads none of an input',
  why:
    'A node downloads every input before the program starts, and the program finds it only at its Target. When every ' +
    'program of the command is known and none of them is given that path, the job does without its data: it ends well, ' +
    'and its results are of something else.',
  remedy: 'Give the program the path of the input, or leave the input out.',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run -i s3://acme/logs/a.csv:/data alpine:3.20 -- wc -l /etc/hosts',
        expect: {
          stage: 'results',
          severity: 'warning',
          at: '/data',
          message: 'no program of the command reads /data',
        },
      },
    ],
    good: [
      { command: 'bacalhau docker run -i s3://acme/logs/a.csv:/data alpine:3.20 -- wc -l /data/a.csv' },
      {
        title: 'a folder above it',
        command: 'bacalhau docker run -i s3://acme/logs/a.csv:/data/x alpine:3.20 -- ls -R /data',
      },
      {
        title: 'a program that is not known may read anything',
        command: 'bacalhau docker run -i s3://acme/logs/a.csv:/data acme/count:1 -- count --all',
      },
      {
        title: 'a file that only the run can tell',
        command: `bacalhau docker run -i s3://acme/logs/a.csv:/data alpine:3.20 -- sh -c 'wc -l "$FILE"'`,
      },
      {
        title: 'a template variable without a value',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, WorkingDirectory: /work, Entrypoint: [wc], Parameters: ["{{.file}}"] }
    InputSources:
      - { Target: /data, Source: { Type: s3, Params: { Bucket: acme, Key: logs/a.csv } } }
`,
      },
      {
        title: 'another path, which has a finding of its own',
        command: 'bacalhau docker run -i s3://acme/logs/:/data alpine:3.20 -- ls /inputs',
      },
      {
        title: 'relative to the working folder',
        command: 'bacalhau docker run -i s3://acme/logs/a.csv:/data -w /data alpine:3.20 -- ls',
      },
      {
        title: 'the image decides what runs, and could not be seen',
        command: 'bacalhau docker run -i s3://acme/logs/a.csv:/data acme/count:1',
        image: { unknown: ['image.config'] },
      },
    ],
  },
  *check({ job, workload }) {
    if (workload?.command.complete !== true) return;
    if (workload.opaque.length > 0 || workload.calls.length === 0) return;
    const { workingDir, words } = workload.command;
    const uses = allUses(workload);
    // A program that reads inputs elsewhere is told so by another rule.
    const mounts = [...inputMounts(job?.task), ...resultMounts(job?.task)];
    if (uses.some((use) => isInputsPath(use.path) && !mounts.some(({ path }) => touches(use, path)))) return;
    for (const { path, target } of inputMounts(job?.task)) {
      // Programs may read what lies in their working folder without naming it.
      const below = workingDir !== '/' && workingDir !== undefined && isAtOrBelow(path, workingDir);
      if (workingDir === undefined || isAtOrBelow(workingDir, path) || below) continue;
      if (uses.some((use) => touches(use, path)) || words.some(({ text }) => text.includes(path))) continue;
      yield {
        at: target,
        message: `The input lies at ${path}, but no program of the command reads ${path}.`,
        evidence: workload.calls.some(({ origin }) => origin !== 'exec' && origin !== 'spec') ? 'shell' : 'exec',
      };
    }
  },
});
