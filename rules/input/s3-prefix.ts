import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { looksLikeFile, s3Fetch } from '../../src/job/input-name.js';
import { sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'input/s3-prefix',
  stage: 'node',
  severity: 'warning',
  title: 'S3 key looks like a folder and is looked up as one object',
  why:
    'Bacalhau lists keys only when the Key ends in `/` or `*`, or is empty. Any other Key is the exact name of one ' +
    'object; when there is none, nodes refuse the job ("failed to fetch s3 input").',
  remedy: 'End the Key in / for what lies below it, or in * for all keys that begin with it.',
  examples: {
    bad: [
      {
        job: jobWithS3('Key: logs/2024'),
        expect: { stage: 'node', severity: 'warning', confidence: 'medium', at: 'logs/2024', message: 'one object' },
      },
      {
        title: 'a Filter has nothing to filter in one object',
        job: jobWithS3('Key: logs/all.d, Filter: ".*csv$"'),
        expect: { stage: 'node', severity: 'warning', at: 'logs/all.d', message: 'Filter' },
      },
      {
        command: 'bacalhau docker run -i s3://acme/logs/2024:/inputs alpine:3.20',
        expect: { stage: 'node', severity: 'warning', message: 'logs/2024/' },
      },
    ],
    good: [
      { job: jobWithS3('Key: logs/2024/') },
      { job: jobWithS3('Key: "logs/2024*", Filter: ".*csv$"') },
      { title: 'one object', job: jobWithS3('Key: logs/2024/app.csv.gz') },
      { title: 'one object with its version', job: jobWithS3('Key: models/current, VersionID: "3"') },
      { title: 'a template variable without a value', job: jobWithS3('Key: "logs/{{.date}}"') },
    ],
  },
  *check({ job, source }) {
    for (const input of job?.task?.inputs ?? []) {
      if (sourceType(input) !== 's3') continue;
      const key = textParam(input.source, 'Key');
      if (key === undefined || s3Fetch(key.value).kind !== 'object') continue;
      if (key.value.includes('*') || unfilledPart(key.value) !== undefined) continue;
      const single = ['VersionID', 'ChecksumSHA256'].some((name) => textParam(input.source, name) !== undefined);
      const many = ['Filter', 'Partition'].find((name) => input.source?.params.get(name)?.value);
      if (single || (many === undefined && looksLikeFile(key.value))) continue;
      yield {
        at: key,
        confidence: 'medium',
        message:
          many === undefined
            ? `The Key ${key.value} is looked up as one object: if it is a folder, every node refuses the job; a folder is ${key.value}/.`
            : `The Key ${key.value} is looked up as one object, for which the ${many} means nothing; a folder is ${key.value}/.`,
        fix: { title: `Write ${key.value}/`, safe: false, edits: [replaceValue(source, key, `${key.value}/`)] },
      };
    }
  },
});
