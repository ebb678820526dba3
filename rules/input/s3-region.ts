import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'input/s3-region',
  stage: 'node',
  severity: 'error',
  needs: needsS3,
  title: 'S3 input names another region than that of its bucket',
  why:
    'A node asks in the Region of the input, or in the default region of its own configuration when there is none. ' +
    'Amazon answers for a bucket of another region with a redirect (301), which a node does not follow.',
  remedy: 'Write the region of the bucket as Region.',
  examples: {
    bad: [
      {
        title: 'the bucket is in eu-west-1',
        job: jobWithS3('Key: logs/, Region: us-east-1'),
        probe: { s3: { bucketRegion: 'eu-west-1' } },
        expect: { stage: 'node', severity: 'error', at: 'us-east-1', message: 'eu-west-1' },
      },
      {
        title: 'no region, so that it depends on the node',
        job: jobWithS3('Key: logs/'),
        probe: { s3: { bucketRegion: 'eu-west-1' } },
        expect: { stage: 'node', severity: 'warning', at: 'acme', message: 'default region' },
      },
    ],
    good: [{ title: 'the bucket is in us-east-1', job: jobWithS3('Key: logs/, Region: us-east-1') }],
  },
  *check({ job, facts, source }) {
    for (const [{ input, place }, { bucketRegion }] of seen(s3Inputs(job), facts['probe.s3'])) {
      if (bucketRegion === undefined) continue;
      const region = textParam(input.source, 'Region');
      if (region === undefined) {
        yield {
          at: textParam(input.source, 'Bucket') ?? input.at,
          severity: 'warning',
          message: `The bucket ${place.bucket} is in ${bucketRegion}, and the input names no Region: a node with another default region refuses the job.`,
          remedy: `Add Region: ${bucketRegion} (opt=region=${bucketRegion} on a command line).`,
        };
        continue;
      }
      yield {
        at: region,
        message: `The bucket ${place.bucket} is in ${bucketRegion}, not in ${region.value}: nodes are sent away and refuse the job.`,
        remedy: `Write Region: ${bucketRegion}`,
        fix: { title: `Write ${bucketRegion}`, safe: true, edits: [replaceValue(source, region, bucketRegion)] },
      };
    }
  },
});
