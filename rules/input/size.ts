import { defineRule } from '../../src/check/rule.js';
import { readBytes } from '../../src/job/validate-resources.js';
import { needsIpfs, needsS3, needsUrls } from '../../src/probe/inputs.js';
import { sizeText } from '../../src/text/size.js';

const jobWith = (disk: string): string => `
Name: logs
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Resources: { Disk: ${disk} }
    InputSources:
      - Target: /inputs
        Source: { Type: s3, Params: { Bucket: acme, Key: logs/ } }
      - Target: /more
        Source: { Type: urlDownload, Params: { URL: "https://data.example.org/a.csv" } }
`;

export default defineRule({
  id: 'input/size',
  stage: 'node',
  severity: 'warning',
  uses: (context) =>
    context.job?.task?.resources.disk === undefined
      ? []
      : [...needsS3(context), ...needsUrls(context), ...needsIpfs(context)],
  title: 'Inputs are larger than the Disk that the job asks for',
  why:
    'The scheduler picks nodes by the Disk that a job asks for. A picked node then adds up the sizes of the inputs, ' +
    'takes that when it is more, and refuses the job if it has not so much left ("insufficient resources").',
  remedy: 'Ask for as much Disk as the inputs have, and for what the program writes.',
  examples: {
    bad: [
      {
        job: jobWith('1GB'),
        probe: { s3: { objects: 128, size: 2_100_000_000 } },
        expect: { stage: 'node', severity: 'warning', at: '1GB', message: '2.1 GB' },
      },
      {
        title: 'not even counted to the end',
        job: jobWith('1GB'),
        probe: { s3: { objects: 10_000, size: 2_100_000_000, isWhole: false } },
        expect: { stage: 'node', severity: 'warning', message: 'more than 2.1 GB' },
      },
    ],
    good: [
      { job: jobWith('4Gi'), probe: { s3: { objects: 128, size: 2_100_000_000 } } },
      { title: 'an object of unknown size', job: jobWith('1GB'), probe: { url: { size: undefined } } },
    ],
  },
  *check({ job, facts }) {
    const disk = job?.task?.resources.disk;
    const asked = disk === undefined ? undefined : readBytes(disk.value.toLowerCase().replaceAll(' ', ''));
    if (disk === undefined || asked === undefined) return;
    let total = 0;
    let isWhole = true;
    for (const { size } of facts['probe.url']?.values() ?? []) total += size ?? 0;
    for (const probe of facts['probe.s3']?.values() ?? []) {
      if (probe.kind !== 'found') continue;
      total += probe.size;
      isWhole &&= probe.isWhole;
    }
    for (const probe of facts['probe.ipfs']?.values() ?? []) total += probe.kind === 'found' ? probe.size : 0;
    if (total <= asked) return;
    yield {
      at: disk,
      message: `The inputs are ${isWhole ? '' : 'more than '}${sizeText(total)}, and the job asks for ${sizeText(asked)} of Disk: nodes are chosen by the smaller number, and refuse the job if the inputs do not fit.`,
    };
  },
});
