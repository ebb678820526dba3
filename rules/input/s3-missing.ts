import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { s3Text } from '../../src/job/s3-place.js';
import { textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'input/s3-missing',
  stage: 'node',
  severity: 'error',
  needs: needsS3,
  title: 'S3 input names a bucket or object that is not there',
  why:
    'A node looks an input up before it takes the job: the one object of a Key, or all below a Key that ends in `/` or ' +
    '`*`. When there is no such bucket, object or version, it refuses ("failed to fetch s3 input").',
  remedy: 'Correct the Bucket, Key or VersionID; aws s3 ls s3://BUCKET/ shows what is there.',
  examples: {
    bad: [
      {
        title: 'the bucket has no such object',
        job: jobWithS3('Key: logs/a.csv'),
        probe: { s3: { kind: 'missing', what: 'key', isFolder: false } },
        expect: { stage: 'node', severity: 'error', at: 'logs/a.csv', message: 'no object' },
      },
      {
        title: 'a folder without its slash',
        job: jobWithS3('Key: logs/2024'),
        probe: { s3: { kind: 'missing', what: 'key', isFolder: true } },
        expect: { stage: 'node', severity: 'error', at: 'logs/2024', message: 'logs/2024/' },
      },
      {
        job: jobWithS3('Key: logs/'),
        probe: { s3: { kind: 'missing', what: 'bucket', isFolder: false } },
        expect: { stage: 'node', severity: 'error', at: 'acme', message: 'no bucket acme' },
      },
      {
        job: jobWithS3('Key: a.csv, VersionID: "3"'),
        probe: { s3: { kind: 'missing', what: 'version', isFolder: false } },
        expect: { stage: 'node', severity: 'error', at: '3', message: 'version' },
      },
    ],
    good: [
      { title: 'the object is there', job: jobWithS3('Key: logs/a.csv') },
      { title: 'nobody may see it from here', job: jobWithS3('Key: logs/a.csv'), probe: { s3: { kind: 'denied' } } },
    ],
  },
  *check({ job, facts, source }) {
    for (const [{ input, place }, probe] of seen(s3Inputs(job), facts['probe.s3'])) {
      if (probe.kind !== 'missing') continue;
      const bucket = textParam(input.source, 'Bucket');
      const key = textParam(input.source, 'Key');
      const version = textParam(input.source, 'VersionID');
      const at = { bucket, key, version }[probe.what] ?? key ?? bucket ?? input.at;
      if (probe.what === 'key' && probe.isFolder && key !== undefined) {
        const title = `Write ${key.value}/`;
        yield {
          at: key,
          message: `There is no object ${s3Text(place)}, but there are some below ${place.key}/: nodes look up this one key and refuse the job.`,
          remedy: `Write ${place.key}/, with the slash, to get all that lies below it.`,
          fix: { title, safe: false, edits: [replaceValue(source, key, `${key.value}/`)] },
        };
        continue;
      }
      const what = {
        bucket: `There is no bucket ${place.bucket}`,
        key: `There is no object ${s3Text(place)}`,
        version: `There is no version ${place.versionId ?? ''} of ${s3Text(place)}`,
      }[probe.what];
      yield { at, message: `${what}: nodes refuse the job.` };
    }
  },
});
