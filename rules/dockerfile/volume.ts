import { defineRule } from '../../src/check/rule.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';
import { liesIn } from '../../src/workload/path-uses.js';

export default defineRule({
  id: 'dockerfile/volume',
  stage: 'results',
  severity: 'info',
  title: 'VOLUME keeps nothing on Bacalhau',
  why:
    'A node makes an anonymous volume for each VOLUME of an image and deletes it with the container. Only result paths ' +
    'of the job are collected; one at the same path takes the place of the volume.',
  remedy: 'Leave VOLUME out, and give the job a result path (ResultPaths, -o NAME:PATH) for what is to be kept.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nVOLUME ["/data"]\nCMD ["python", "count.py"]\n',
        expect: { stage: 'results', severity: 'info', at: '/data', message: 'deleted with the container' },
      },
      {
        title: 'the command writes there',
        dockerfile: 'FROM alpine:3.20\nVOLUME /data\nCMD date > /data/now.txt\n',
        expect: { stage: 'results', severity: 'warning', at: '/data', message: 'writes' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nRUN mkdir /data\n' },
      { title: 'a stage that only builds', dockerfile: 'FROM a:1 AS b\nVOLUME /data\nFROM alpine:3.20\n' },
      { title: 'where inputs are mounted', dockerfile: 'FROM alpine:3.20\nVOLUME /inputs\nCMD ["ls", "/inputs"]\n' },
    ],
  },
  *check({ dockerfile, workload }) {
    for (const volume of dockerfile?.final?.volumes ?? []) {
      // An input takes the place of the volume, and nothing is meant to be kept there.
      if (isAtOrBelow(volume.value, '/inputs')) continue;
      const write = workload?.writes.find((use) => !use.guess && liesIn(use, volume.value));
      if (write === undefined) {
        const message = `What is written to ${volume.value} is deleted with the container, unless a result path of the job collects it.`;
        yield { at: volume, message };
        continue;
      }
      yield {
        at: volume,
        severity: 'warning',
        evidence: write.origin,
        message: `${write.by === '>' ? 'The command' : write.by} writes to ${write.path}, in a volume that is deleted with the container unless a result path of the job collects it.`,
      };
    }
  },
});
