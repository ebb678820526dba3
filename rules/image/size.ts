import { defineRule } from '../../src/check/rule.js';
import { sizeText } from '../../src/text/size.js';

const GB = 1_000_000_000;
/** Where pulling begins to be felt; most images of the machine learning frameworks are above it. */
const LARGE = 4 * GB;
/** 100 Mbit/s, in bytes per second: what a node in an office or at a small host has. */
const SPEED = 12_500_000;

const jobWith = (more: string): string => `
Name: train
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/train:1, Parameters: [train] } }
    ${more}
`;

export default defineRule({
  id: 'image/size',
  stage: 'node',
  severity: 'info',
  uses: ({ image, job }) => (image?.source === 'registry' && job !== undefined ? ['image.config'] : []),
  title: 'Large image to pull',
  why:
    'A node that does not have the image pulls all of it before the program starts, and the total timeout of the job ' +
    'runs meanwhile. Disk in the resources counts the inputs, not the image, and is no limit: it only chooses nodes.',
  remedy: 'Build from a slim base, leave out caches (pip --no-cache-dir, apt lists), or allow for the time.',
  examples: {
    bad: [
      {
        title: '7.2 GB to pull',
        job: jobWith('Resources: { Memory: 8Gb }'),
        image: { config: { size: 7_200_000_000 } },
        expect: { stage: 'node', severity: 'info', at: 'acme/train:1', message: '7.2 GB to pull: some 10 minutes' },
      },
      {
        title: 'the timeout is over before the program starts',
        job: jobWith('Timeouts: { TotalTimeout: 120 }'),
        image: { config: { size: 7_200_000_000 } },
        expect: { stage: 'node', severity: 'warning', confidence: 'medium', at: '120', message: 'ends after 120 s' },
      },
      {
        title: 'disk that is meant for the image',
        job: jobWith('Resources: { Disk: 10Gb }'),
        image: { config: { size: 7_200_000_000 } },
        expect: { stage: 'node', severity: 'info', message: 'Disk (10Gb) is not for the image' },
      },
    ],
    good: [
      { title: '900 MB to pull', job: jobWith(''), image: { config: { size: 900_000_000 } } },
      { title: 'a small one has time', job: jobWith('Timeouts: { TotalTimeout: 120 }') },
    ],
  },
  *check({ facts, image, job }) {
    const config = facts['image.config'];
    const { size } = config ?? {};
    if (image?.source !== 'registry' || job === undefined || size === undefined || size < LARGE) return;
    const seconds = size / SPEED;
    const found = `${image.text} is ${sizeText(size)} to pull: some ${String(Math.round(seconds / 60))} minutes at 100 Mbit/s`;
    const total = job.task?.timeouts.total;
    if (total !== undefined && total.value > 0 && total.value < seconds) {
      yield {
        at: total,
        severity: 'warning',
        confidence: 'medium',
        message: `${found}, while the job ends after ${String(total.value)} s, pulling included; only nodes that have the image can do it.`,
        related: [{ message: 'the image', at: image.at }],
      };
      return;
    }
    const disk = job.task?.resources.disk;
    const about = disk === undefined ? '' : `; Disk (${disk.value}) is not for the image, it counts the inputs`;
    yield { at: image.at, message: `${found} on a node that does not have it${about}.` };
  },
});
