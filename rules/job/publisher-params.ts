import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';
import { placeOfPart, textParam } from '../../src/job/source-params.js';
import { holdsFor } from '../../src/target/release.js';

const s3Publisher = (params: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4 } }
    Publisher: { Type: s3, Params: { Bucket: acme, ${params} } }
    ResultPaths: [{ Name: outputs, Path: /outputs }]
`;

export default defineRule({
  id: 'job/publisher-params',
  stage: 'results',
  severity: 'error',
  title: 'Parameters of the publisher cannot be used',
  why: 'Nothing looks at the parameters of a publisher before the program has run. The s3 publisher then wants a Bucket, a Key, and as Encoding gzip or plain (since 1.6.4).',
  remedy: 'Give the publisher its parameters.',
  examples: {
    bad: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Publisher:
      Type: s3
      Params:
        Bucket: results
`,
        expect: { stage: 'results', severity: 'error', message: 'no Key' },
      },
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Publisher:
      Type: s3
      Params:
        Bucket: results
        Key: out
        Encoding: zip
`,
        expect: { stage: 'results', severity: 'error', at: 'zip' },
      },
      {
        title: 'files that job get does not fetch',
        job: s3Publisher('Key: results, Encoding: plain'),
        expect: { stage: 'results', severity: 'info', at: 'plain', message: 'job get' },
      },
      {
        title: 'a placeholder in another case',
        job: s3Publisher('Key: "results/{jobId}"'),
        expect: { stage: 'results', severity: 'warning', at: '{jobId}', message: '{jobID}' },
      },
      {
        title: 'on a command line',
        command: 'bacalhau docker run -p s3://acme/{job_id} -o outputs:/outputs alpine:3.20 -- touch /outputs/a',
        expect: { stage: 'results', severity: 'warning', at: '{job_id}', message: '{jobID}' },
      },
    ],
    good: [
      { title: 'braces of its own', job: s3Publisher('Key: "{team}/{jobID}/{date}", Encoding: gzip') },
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Publisher:
      Type: s3
      Params:
        Bucket: results
        Key: "{date}/{jobID}"
`,
      },
      {
        title: 'other publishers need none',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Publisher:
      Type: ipfs
`,
      },
    ],
  },
  *check(context) {
    yield* findingsOfKind(context, 'publisher-params');
    const publisher = context.job?.task?.publisher;
    if (publisher?.type?.value.trim().toLowerCase() !== 's3') return;
    const encoding = textParam(publisher, 'Encoding');
    if (encoding?.value.toLowerCase() === 'plain' && holdsFor(context.target.bacalhau, { since: '1.6.4' })) {
      yield {
        at: encoding,
        severity: 'info',
        message:
          'With Encoding plain the results lie in the bucket as single files, which `bacalhau job get` cannot fetch.',
        remedy: 'Fetch them from the bucket, or leave Encoding out for one archive.',
      };
    }
    const key = textParam(publisher, 'Key');
    for (const { 0: written, index } of key?.value.matchAll(/(?<!\{)\{\w+\}(?!\})/g) ?? []) {
      const meant = PLACEHOLDERS.find((one) => one !== written && letters(one) === letters(written));
      if (key === undefined || meant === undefined) continue;
      yield {
        at: placeOfPart(context.source, key, index, index + written.length),
        severity: 'warning',
        message: `The Key has ${written}, which stays as it is: Bacalhau fills in ${meant}.`,
        remedy: `Write ${meant}.`,
      };
    }
  },
});

/** What Bacalhau fills in in the Key of a publisher (`pkg/publisher/s3/utils.go`, 1.9), in this case only. */
const PLACEHOLDERS = ['{jobID}', '{executionID}', '{nodeID}', '{date}', '{time}'];

function letters(text: string): string {
  return text.replaceAll('_', '').toLowerCase();
}
