import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';
import { removeEntry } from '../../src/text/remove.js';

export default defineRule({
  id: 'job/system-key',
  stage: 'client',
  severity: 'error',
  title: 'Job has a key that only Bacalhau may set',
  why: 'ID, State, Version, Revision, CreateTime and ModifyTime are refused in a job spec since 1.4, even when empty. What `job describe` and `docker run --dry-run` print has all of them.',
  remedy: 'Remove the key.',
  examples: {
    bad: [
      {
        job: `
ID: ""
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error', at: 'ID' },
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
State:
  StateType: Pending
`,
        expect: { stage: 'client', severity: 'error', at: 'State' },
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
        title: 'a label may have such a name',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
Labels:
  Version: "2"
`,
      },
      {
        title: 'ignored before 1.4',
        job: `
ID: ""
Name: count
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        target: '1.3',
      },
    ],
  },
  *check(context) {
    for (const finding of findingsOfKind(context, 'system-key')) {
      const edit = removeEntry(context.source, finding.at.span);
      const fix = { title: 'Remove the key', safe: true, edits: edit === undefined ? [] : [edit] };
      yield edit === undefined ? finding : { ...finding, fix };
    }
  },
});
