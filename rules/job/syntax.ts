import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'job/syntax',
  stage: 'client',
  severity: 'error',
  title: 'Job spec is not valid YAML or JSON',
  why: 'Bacalhau turns the file from YAML 1.1 into JSON before it reads it, JSON files too. A text that does not parse, is empty, or is no mapping is refused by the client. Commas at the end of JSON lists and text after the JSON are tolerated.',
  remedy: 'Mend the text at the place that is shown.',
  examples: {
    bad: [
      {
        title: 'a value with a colon and a blank needs quotes',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main: first
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error' },
      },
      {
        title: 'a tab',
        job: `
Name: count
Tasks:
	- Name: main
`,
        expect: { stage: 'client', severity: 'error', message: 'A tab' },
      },
      {
        title: 'aliases that stand for more and more',
        job: `
a: &a [x,x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]
Tasks: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]
`,
        expect: { stage: 'client', severity: 'error', message: 'Aliases' },
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
        title: 'JSON with a comma too many',
        job: `
{"Name": "count", "Type": "batch", "Tasks": [{"Name": "main", "Engine": {"Type": "docker", "Params": {"Image": "acme/wordcount:1.4"}}},]}
`,
      },
    ],
  },
  check: (context) => findingsOfKind(context, 'syntax'),
});
