import { defineRule } from '../../src/check/rule.js';
import { inputMounts, mountPoint, resultMounts, type InputMount, type ResultMount } from '../../src/job/mounts.js';
import { holdsFor } from '../../src/target/release.js';

const jobWith = (inputs: string, results = '[]'): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Publisher: { Type: local }
    InputSources: ${inputs}
    ResultPaths: ${results}
`;
const S3 = 'Source: { Type: s3, Params: { Bucket: acme, Key: logs/ } }';
const DOWNLOAD = 'Source: { Type: urlDownload, Params: { URL: "https://example.org/a.csv" } }';

export default defineRule({
  id: 'input/mount-conflict',
  stage: 'run',
  severity: 'error',
  title: 'Two mounts lie on one path',
  why:
    'Bacalhau compares the Targets of inputs with each other as they are written, and never with the result paths. ' +
    'Docker compares what is meant when the container is made, and refuses it ("Duplicate mount point").',
  remedy: 'Give every input and every result path a folder of its own.',
  examples: {
    bad: [
      {
        title: 'input and result in one folder',
        job: jobWith(`[{ Target: /data, ${S3} }]`, '[{ Name: data, Path: /data/ }]'),
        expect: { stage: 'run', severity: 'error', at: '/data/', message: 'also the Target of an input' },
      },
      {
        title: 'the same folder, written in two ways',
        job: jobWith(`[{ Target: /data, ${S3} }, { Target: /data/./, ${S3} }]`),
        expect: { stage: 'run', severity: 'error', at: '/data/./', message: '/data' },
      },
    ],
    good: [
      { job: jobWith(`[{ Target: /data, ${S3} }]`, '[{ Name: out, Path: /outputs }]') },
      { title: 'one below the other', job: jobWith(`[{ Target: /data, ${S3} }]`, '[{ Name: out, Path: /data/out }]') },
      {
        title: 'a download is one file in the folder',
        job: jobWith(`[{ Target: /data, ${DOWNLOAD} }]`, '[{ Name: data, Path: /data }]'),
      },
    ],
  },
  *check({ job, target }) {
    if (job?.task?.engine?.docker === undefined) return;
    const seen = new Map<string, InputMount | ResultMount>();
    for (const mount of [...inputMounts(job.task), ...resultMounts(job.task)]) {
      const point = mountPoint(mount);
      if (point === undefined || point === '/') continue;
      const earlier = seen.get(point);
      if (earlier === undefined) {
        seen.set(point, mount);
        continue;
      }
      // The client says this since 1.5 when the two are written alike.
      const refused = earlier.kind === mount.kind && earlier.target.value === mount.target.value;
      if (refused && holdsFor(target.bacalhau, { since: '1.5' })) continue;
      yield {
        at: mount.target,
        message: `${point} is also ${earlier.kind === 'input' ? 'the Target of an input' : 'a result path'}: Docker refuses to make the container.`,
        related: [{ message: 'the other mount', at: earlier.target }],
      };
    }
  },
});
