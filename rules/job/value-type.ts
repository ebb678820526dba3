import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/value-type',
  stage: 'client',
  severity: 'error',
  title: 'Value has the wrong type',
  why: 'Since 1.4 the client refuses a number or a boolean where a text is expected, and the reverse. Its YAML is version 1.1: yes, no, on, off, y and n are booleans, 010 is 8, and 1.10 is 1.1.',
  remedy: 'Put texts in quotes; write whole numbers without unit.',
  examples: {
    bad: [
      {
        title: 'resources are texts',
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
      CPU: 1
`,
        expect: { stage: 'client', severity: 'error', at: '1', message: 'quotes' },
      },
      {
        title: 'YAML 1.1 takes it for a boolean',
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
      DEBUG: yes
`,
        expect: { stage: 'client', severity: 'error', at: 'yes', message: 'true' },
      },
      {
        title: 'timeouts are seconds',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Timeouts:
      ExecutionTimeout: 1h
`,
        expect: { stage: 'client', severity: 'error', at: '1h', message: 'whole number' },
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
    Resources:
      CPU: "1"
      Memory: 512Mb
    Env:
      DEBUG: "yes"
`,
      },
      {
        title: 'null is as good as absent',
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
`,
      },
      {
        title: 'before 1.4 a number was taken for a text',
        job: `
Name: count
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Resources:
      CPU: 1
`,
        target: '1.3',
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'wrong-type'),
});
