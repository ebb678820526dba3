import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/source-params',
  stage: 'node',
  severity: 'error',
  title: 'Parameters of an input source cannot be read',
  why: 'The parameters of a source are decoded on a node: keys in any case, unknown ones ignored, values of the wrong type refused. A source of type ipfs needs a CID, urlDownload a URL, s3 a Bucket.',
  remedy: 'Give the source the parameters that its type needs.',
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
    InputSources:
      - Target: /inputs
        Source:
          Type: s3
          Params:
            Key: data/
`,
        expect: { stage: 'node', severity: 'error', message: 'Bucket' },
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
    InputSources:
      - Target: /inputs
        Source:
          Type: ipfs
          Params:
            CID: 12
`,
        expect: { stage: 'node', severity: 'error', at: '12' },
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
    InputSources:
      - Target: /inputs
        Source:
          Type: s3
          Params:
            Bucket: docs
            Key: data/
`,
      },
      {
        title: 'keys in any case',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    InputSources:
      - Target: /inputs
        Source:
          Type: s3
          Params:
            bucket: docs
            key: data/
`,
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
`,
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'source-params'),
});
