import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { s3Text } from '../../src/job/s3-place.js';
import { textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';

export default defineRule({
  id: 'input/s3-checksum',
  stage: 'node',
  severity: 'error',
  needs: needsS3,
  title: 'S3 object does not have the checksum that the input names',
  why:
    'A node compares ChecksumSHA256 with the checksum that the store keeps with the object, in base64, and refuses the ' +
    'job when they differ ("checksum mismatch"). An object that was uploaded without a SHA-256 has none to compare.',
  remedy: 'Correct ChecksumSHA256, or upload the object with one: aws s3api put-object --checksum-algorithm SHA256.',
  examples: {
    bad: [
      {
        title: 'the object has another checksum',
        job: jobWithS3('Key: a.csv, ChecksumSHA256: n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='),
        probe: { s3: { checksum: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } },
        expect: { stage: 'node', severity: 'error', message: '47DEQpj8' },
      },
      {
        title: 'the store knows none',
        job: jobWithS3('Key: a.csv, ChecksumSHA256: n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='),
        expect: { stage: 'node', severity: 'error', message: 'keeps no SHA-256' },
      },
    ],
    good: [
      {
        title: 'the object has this checksum',
        job: jobWithS3('Key: a.csv, ChecksumSHA256: n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='),
        probe: { s3: { checksum: 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=' } },
      },
      { title: 'a listing is not compared', job: jobWithS3('Key: logs/, ChecksumSHA256: abc=') },
    ],
  },
  *check({ job, facts }) {
    for (const [{ input, place }, probe] of seen(s3Inputs(job), facts['probe.s3'])) {
      const wanted = textParam(input.source, 'ChecksumSHA256');
      if (wanted === undefined || probe.kind !== 'found' || /(?:^|[/*])$/.test(place.key)) continue;
      if (probe.checksum === wanted.value) continue;
      const has = probe.checksum === undefined ? 'the store keeps no SHA-256 of it' : `it has ${probe.checksum}`;
      yield {
        at: wanted,
        message: `This is not the checksum of ${s3Text(place)}: ${has}. Nodes refuse the job.`,
      };
    }
  },
});
