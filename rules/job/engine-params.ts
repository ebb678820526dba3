import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/engine-params',
  stage: 'node',
  severity: 'error',
  title: 'Parameters of the engine cannot be read',
  why: 'The client and the server take any Params of an engine; a node decodes them when it is offered the job. It wants Image as a text, Entrypoint, Parameters and EnvironmentVariables as lists of texts, and an absolute WorkingDirectory.',
  remedy: 'Give the Params an Image, and words and variables as lists of texts, with numbers and booleans in quotes.',
  examples: {
    bad: [
      {
        title: 'one text instead of a list',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        Parameters: sleep 10
`,
        expect: { stage: 'node', severity: 'error', at: 'sleep 10', message: 'list' },
      },
      {
        title: 'a number in the list',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        Parameters: [sleep, 10]
`,
        expect: { stage: 'node', severity: 'error', at: '10', message: 'quotes' },
      },
      {
        title: 'a mapping instead of KEY=value',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        EnvironmentVariables:
          DEBUG: "1"
`,
        expect: { stage: 'node', severity: 'error' },
      },
      {
        title: 'a blank before the =',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        EnvironmentVariables: [MODE = fast]
`,
        expect: { stage: 'run', severity: 'warning', at: 'MODE = fast', message: 'finds no MODE' },
      },
      {
        title: 'a variable of the node, in the wrong list',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        EnvironmentVariables: [REGION=env:REGION]
`,
        expect: { stage: 'run', severity: 'warning', message: 'the text env:REGION itself' },
      },
      {
        title: 'no image',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Entrypoint: [ls]
`,
        expect: { stage: 'node', severity: 'error', message: 'Image' },
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
        Entrypoint: [/bin/sh]
        Parameters: ["-c", "sleep 10"]
        EnvironmentVariables: [debug=1, EMPTY=, 'NOTE= a = b', 'ENV=env: prod']
        WorkingDirectory: /app
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
  check: (context) => findingsOfKind(context, 'engine-params'),
});
