import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

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
    ],
    good: [
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
  check: (context) => findingsOfKind(context, 'publisher-params'),
});
