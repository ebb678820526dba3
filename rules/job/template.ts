import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/template',
  stage: 'client',
  severity: 'error',
  title: 'Template in the job spec is broken',
  why: 'Since 1.1.6 `job run` applies Go templates to the file before it reads it: whatever stands between {{ and }} is an action. A broken one is refused; `job validate` does not apply them, and trips over the braces instead.',
  remedy:
    'Write variables as {{.name}}, inside quotes; give the file with --no-template when the braces are meant for the program.',
  examples: {
    bad: [
      {
        title: 'without the dot',
        job: `
Name: "{{name}}"
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error', at: '{{name}}', message: '{{.name}}' },
      },
      {
        title: 'a function of another program',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        EnvironmentVariables: ['LIMIT={{ quote .limit }}']
`,
        expect: { stage: 'client', severity: 'error', message: '--no-template' },
      },
      {
        title: 'mangled by a formatter',
        job: `
Name: { { .name } }
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error' },
      },
      {
        title: 'braces that only job run replaces',
        job: `
Name: count
Type: batch
Count: {{or (index . "count") 3}}
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'info', message: 'job validate' },
      },
    ],
    good: [
      {
        job: `
Name: "{{.name}}"
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
        title: 'a number',
        job: `
Name: count
Type: batch
Count: 2 # {{/* twice */}}
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
      },
      {
        title: 'a variable with a default',
        job: `
Name: '{{or (index . "name") "count"}}'
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
  check: (context) => findingsOfKind(context, 'template'),
});
