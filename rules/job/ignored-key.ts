import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/ignored-key',
  stage: 'results',
  severity: 'warning',
  title: 'Key is ignored in silence',
  why: 'Below the top of a job, and in parameters, Bacalhau drops keys that it does not know without a word: the job is accepted and runs without them. The same happens to what only newer releases know, and before 1.4 to keys at the top.',
  remedy: 'Correct the key, move it to where it belongs, or remove it.',
  examples: {
    bad: [
      {
        title: 'a name from older formats',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Inputs:
      - Target: /inputs
`,
        expect: { stage: 'results', severity: 'error', at: 'Inputs', message: 'InputSources' },
      },
      {
        title: 'misspelt',
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
      Memry: 2Gb
`,
        expect: { stage: 'results', severity: 'warning', at: 'Memry', message: 'did you mean Memory' },
      },
      {
        title: 'the path of a local source',
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
          Type: local
          Params:
            Path: /data
`,
        expect: { stage: 'node', severity: 'error', at: 'Path', message: 'SourcePath' },
      },
      {
        title: 'a parameter of a publisher that has none',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Publisher: { Type: local, Params: { TargetPath: /srv/results } }
`,
        expect: { stage: 'results', severity: 'warning', at: 'TargetPath', message: 'has no parameters' },
      },
      {
        title: 'a key of other formats',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        Command: [count, /inputs]
`,
        expect: { stage: 'results', severity: 'warning', at: 'Command', message: 'Entrypoint' },
      },
      {
        title: 'a service does not end',
        job: `
Name: count
Type: service
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Timeouts: { ExecutionTimeout: 600 }
`,
        expect: { stage: 'results', severity: 'warning', at: '600', message: 'ExecutionTimeout' },
      },
      {
        title: 'Env did not reach containers before 1.6.1',
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
    Env:
      MODE: fast
`,
        target: '1.6.0',
        expect: { stage: 'results', severity: 'error', at: 'MODE', message: 'EnvironmentVariables' },
      },
      {
        title: 'a parameter of newer releases',
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
    InputSources:
      - Target: /inputs
        Source:
          Type: s3
          Params:
            Bucket: acme
            Key: logs/
            Partition:
              Type: object
`,
        target: '1.5',
        expect: { stage: 'results', severity: 'warning', at: 'Partition', message: '1.6.1' },
      },
      {
        title: 'a key in the wrong place',
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
    Constraints:
      - Key: gpu
        Operator: exists
`,
        expect: { stage: 'results', severity: 'warning', at: 'Constraints', message: 'beside Tasks' },
      },
      {
        title: 'beside Params',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Image: acme/wordcount:1.4
      Parameters: [count, /inputs]
`,
        expect: { stage: 'results', severity: 'warning', at: 'Image', message: 'into the Params of the Engine' },
      },
      {
        title: 'below Source',
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
          Target: /inputs
`,
        expect: { stage: 'results', severity: 'warning', at: 'Target', message: 'in the same list item' },
      },
      {
        title: 'not indented far enough',
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
    Memory: 2Gb
`,
        expect: { stage: 'results', severity: 'warning', at: 'Memory', message: 'into Resources' },
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
        title: 'Meta and Env take any key',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    Meta:
      anything: goes
    Env:
      INPUTS: x
`,
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'ignored-key'),
});
