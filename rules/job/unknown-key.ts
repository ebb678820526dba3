import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/unknown-key',
  stage: 'client',
  severity: 'error',
  title: 'Job has a key that Bacalhau does not know',
  why: 'Since 1.4 the client refuses a job spec with a key at the top that it does not know. Keys are compared without case.',
  remedy: 'Correct the key, move it to where it belongs, or remove it.',
  examples: {
    bad: [
      {
        title: 'misspelt',
        job: `
Name: count
Type: batch
Taks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error', at: 'Taks', message: 'did you mean Tasks' },
      },
      {
        title: 'at the wrong level',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
Resources:
  CPU: "1"
`,
        expect: { stage: 'client', severity: 'error', at: 'Resources', message: 'below Tasks' },
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
`,
      },
      {
        title: 'any case will do',
        job: `
Name: count
Type: batch
tasks:
  - Name: main
    engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
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
  check: (context) => findingsOfKind(context, 'unknown-key'),
});
