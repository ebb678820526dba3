import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/extra-document',
  stage: 'results',
  severity: 'warning',
  title: 'Only the first YAML document is read',
  why: 'Of a file with several YAML documents Bacalhau reads the first and ignores the others in silence.',
  remedy: 'Put each job into a file of its own.',
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
---
Name: second
`,
        expect: { stage: 'results', severity: 'warning' },
      },
    ],
    good: [
      {
        title: 'a separator at the top or the end is no second document',
        job: `
---
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
---
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
  check: (context) => findingsOfKind(context, 'extra-document'),
});
