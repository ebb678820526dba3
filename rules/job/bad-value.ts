import { findingsOfKind } from '../../src/check/job-problems.js';
import { defineRule } from '../../src/check/rule.js';
import { holdsFor } from '../../src/target/release.js';

export default defineRule({
  id: 'job/bad-value',
  stage: 'client',
  severity: 'error',
  title: 'Value is one that Bacalhau refuses',
  why: 'The client checks types of jobs, names of variables, resources, network modes and domains, ports, timeouts and absolute paths before it submits a job; the server checks them again, and that the timeouts fit together.',
  remedy: 'Write what the message asks for.',
  examples: {
    bad: [
      {
        title: 'the type is in lower case',
        job: `
Name: count
Type: Batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
`,
        expect: { stage: 'client', severity: 'error', at: 'Batch', message: 'lower case' },
      },
      {
        title: 'variables in Env are in upper case, since 1.6.4',
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
      http_proxy: proxy.example.com
`,
        expect: { stage: 'client', severity: 'error', at: 'http_proxy', message: 'EnvironmentVariables' },
      },
      {
        title: 'nodes hand out those of their variables that their operator allows',
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
      REGION: env:REGION
`,
        expect: { stage: 'node', severity: 'info', at: 'env:REGION', message: 'operator does not allow' },
      },
      {
        title: 'only the server adds up the timeouts',
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
      ExecutionTimeout: 500
      TotalTimeout: 300
`,
        expect: { stage: 'orchestrator', severity: 'error', at: '300' },
      },
      {
        title: 'an empty list item',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
    ResultPaths:
      -
`,
        expect: { stage: 'client', severity: 'error', message: 'crashes' },
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
        title: 'before 1.6.4 any variable was taken',
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
      http_proxy: proxy.example.com
`,
        target: '1.6.1',
      },
      {
        title: 'sizes as people write them',
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
      CPU: 500m
      Memory: 250m
      Disk: 1TB
      GPU: "1"
`,
      },
    ],
  },
  *check(context) {
    yield* findingsOfKind(context, 'bad-value');
    if (!holdsFor(context.target.bacalhau, { since: '1.6.4' })) return;
    for (const { name, value } of context.job?.task?.env ?? []) {
      const ofNode = /^env:(\w+)$/.exec(value.value)?.[1];
      if (ofNode === undefined) continue;
      yield {
        at: value,
        severity: 'info',
        stage: 'node',
        message: `The value of ${name.value} is the variable ${ofNode} of the node: nodes whose operator does not allow it refuse the job.`,
        remedy: `Have ${ofNode} allowed (Compute.Env.AllowList) on the nodes.`,
      };
    }
  },
});
