import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/missing-field',
  stage: 'client',
  severity: 'error',
  title: 'Job lacks something that it must have',
  why: 'A job must have a Type and Tasks; a task a Name and an Engine with a Type; an input a Target and a Source with a Type; a result path a Name and a Path. The client refuses it otherwise. Before 1.6.5 a batch or service job without Count is accepted, and runs nowhere.',
  remedy: 'Add what is missing.',
  examples: {
    bad: [
      {
        job: `
Name: count
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error', message: 'no Type' },
      },
      {
        title: 'Target in a list item of its own',
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
      - Source:
          Type: ipfs
          Params:
            CID: QmeZRGhe4PmjctYVSVHuEiA9oSXnqmYa4kQubSHgWbjv72
      - Target: /inputs
`,
        expect: { stage: 'client', severity: 'error', message: 'no Target' },
      },
      {
        title: 'before 1.6.5 no Count means 0',
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
        target: '1.6.4',
        expect: { stage: 'schedule', severity: 'error', message: 'Count: 1' },
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
        title: 'a job needs no Name',
        job: `
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
  check: (context) => findingsOfKind(context, 'missing-field'),
});
