import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/duplicate-value',
  stage: 'client',
  severity: 'error',
  title: 'Two things have the same name or place',
  why: 'Since 1.5 the client refuses a task in which two inputs have one Target or Alias, or two result paths one Name or Path; ports must differ too.',
  remedy: 'Give each its own.',
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
        Source: { Type: urlDownload, Params: { URL: "https://example.com/a.csv" } }
      - Target: /inputs
        Source: { Type: urlDownload, Params: { URL: "https://example.com/b.csv" } }
`,
        expect: { stage: 'client', severity: 'error', at: '/inputs' },
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
    Publisher: { Type: local }
    ResultPaths:
      - { Name: out, Path: /a }
      - { Name: out, Path: /b }
`,
        expect: { stage: 'client', severity: 'error', at: 'out' },
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
      - Target: /inputs/a
        Source: { Type: urlDownload, Params: { URL: "https://example.com/a.csv" } }
      - Target: /inputs/b
        Source: { Type: urlDownload, Params: { URL: "https://example.com/b.csv" } }
`,
      },
      {
        title: 'allowed up to 1.4',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Publisher: { Type: local }
    ResultPaths:
      - { Name: out, Path: /a }
      - { Name: out, Path: /b }
`,
        target: '1.4',
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
  check: (context) => findingsOfKind(context, 'duplicate-value'),
});
