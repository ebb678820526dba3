import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/unknown-type',
  stage: 'schedule',
  severity: 'error',
  title: 'There is no engine, source or publisher of this type',
  why: 'The client and the server take any type. The scheduler looks for nodes that have it and finds none: "does not support …, only …". Types are compared without case.',
  remedy:
    'Write docker or wasm for an engine; urlDownload, s3, ipfs, local or inline for a source; s3, s3managed, ipfs or local for a publisher.',
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
          Type: url
          Params:
            URL: https://example.com/a.csv
`,
        expect: { stage: 'schedule', severity: 'error', at: 'url', message: 'urlDownload' },
      },
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: podman
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'schedule', severity: 'error', at: 'podman' },
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
          Type: urlDownload
          Params:
            URL: https://example.com/a.csv
`,
      },
      {
        title: 'any case will do',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: Docker
      Params:
        Image: acme/wordcount:1.4
`,
      },
      {
        title: 'WebAssembly',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: wasm
      Params:
        Image: acme/wordcount:1.4
`,
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'unknown-type'),
});
