import { defineRule } from '../../src/check/rule.js';
import { publisherPlace } from '../../src/job/s3-place.js';
import { textParam } from '../../src/job/source-params.js';
import { needsBucket } from '../../src/probe/inputs.js';
import { replaceValue } from '../../src/text/replace.js';

const jobWith = (params: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Publisher: { Type: s3, Params: { Bucket: acme-results, Key: "count/{jobID}", ${params} } }
    ResultPaths: [{ Name: outputs, Path: /outputs }]
`;

export default defineRule({
  id: 'output/s3-bucket',
  stage: 'results',
  severity: 'error',
  needs: needsBucket,
  title: 'Bucket of the publisher is not there, or in another region',
  why:
    'Nothing looks at the bucket of a publisher before the program has run. When the results cannot be stored then, the ' +
    'execution fails and they are gone. The node writes with its own AWS credentials, in the Region of the publisher.',
  remedy: 'Create the bucket, or correct its name and Region.',
  examples: {
    bad: [
      {
        title: 'there is no such bucket',
        job: jobWith('Region: us-east-1'),
        probe: { bucket: { exists: false } },
        expect: { stage: 'results', severity: 'error', at: 'acme-results', message: 'no bucket' },
      },
      {
        job: jobWith('Region: us-east-1'),
        probe: { bucket: { exists: true, bucketRegion: 'eu-west-1' } },
        expect: { stage: 'results', severity: 'error', at: 'us-east-1', message: 'eu-west-1' },
      },
      {
        title: 'no region, so that it depends on the node',
        job: jobWith('Encoding: gzip'),
        probe: { bucket: { exists: true, bucketRegion: 'eu-west-1' } },
        expect: { stage: 'results', severity: 'warning', at: 'acme-results', message: 'names no Region' },
      },
    ],
    good: [{ title: 'the bucket is there', job: jobWith('Region: us-east-1'), probe: { bucket: { exists: true } } }],
  },
  *check({ job, facts, source }) {
    const place = publisherPlace(job);
    const probe = facts['probe.bucket'];
    const publisher = job?.task?.publisher;
    if (place === undefined || probe === undefined || publisher === undefined) return;
    const bucket = textParam(publisher, 'Bucket') ?? publisher.at;
    const region = textParam(publisher, 'Region');
    if (!probe.exists) {
      yield {
        at: bucket,
        message: `There is no bucket ${place.bucket}: the results are lost after the program has run.`,
      };
    } else if (probe.bucketRegion !== undefined && region !== undefined) {
      const right = probe.bucketRegion;
      yield {
        at: region,
        message: `The bucket ${place.bucket} is in ${right}, not in ${region.value}: the results are lost after the program has run.`,
        remedy: `Write Region: ${right}`,
        fix: { title: `Write ${right}`, safe: false, edits: [replaceValue(source, region, right)] },
      };
    } else if (probe.bucketRegion !== undefined) {
      yield {
        at: bucket,
        severity: 'warning',
        message: `The bucket ${place.bucket} is in ${probe.bucketRegion}, and the publisher names no Region: a node with another default region loses the results.`,
        remedy: `Add Region: ${probe.bucketRegion}`,
      };
    }
  },
});
