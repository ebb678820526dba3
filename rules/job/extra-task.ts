import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/extra-task',
  stage: 'results',
  severity: 'warning',
  title: 'Only the first task is kept',
  why: 'A job has one task: of several, Bacalhau keeps the first and drops the others with a warning.',
  remedy: 'Write one job for each task.',
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
  - Name: second
    Engine:
      Type: docker
      Params:
        Image: acme/report:1.0
`,
        expect: { stage: 'results', severity: 'warning', at: 'second' },
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
    ],
  },
  check: (context) => findingsOfKind(context, 'extra-task'),
});
