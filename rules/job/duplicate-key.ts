import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/duplicate-key',
  stage: 'results',
  severity: 'warning',
  title: 'Key stands twice',
  why: 'Of a key that stands twice in one mapping, Bacalhau takes the last without a word.',
  remedy: 'Keep one of them.',
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
    Network:
      Type: None
    Network:
      Type: Bridge
`,
        expect: { stage: 'results', severity: 'warning', at: 'Network', message: 'later one counts' },
      },
      {
        job: `
Name: first
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'results', severity: 'warning', at: 'Name' },
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
        title: 'the same key in two mappings',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Env:
      A: "1"
Meta:
  A: "1"
`,
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'duplicate-key'),
});
