import { defineRule } from '../../src/check/rule.js';
import { textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';

const jobWith = (params: string): string => `
Name: logs
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: s3, Params: { Bucket: acme, ${params} } }
`;

export default defineRule({
  id: 'input/s3-filter',
  stage: 'node',
  severity: 'error',
  needs: needsS3,
  title: 'Filter of an S3 input is no regular expression of Go',
  why:
    'A node compiles the Filter with the regular expressions of Go (RE2), which have no lookahead, lookbehind and ' +
    'backreferences, and refuses the job when it cannot ("invalid regex pattern"). A shell pattern such as *.csv is none.',
  remedy: 'Write a regular expression of Go: [.]csv$ for all that ends in .csv.',
  examples: {
    bad: [
      {
        job: jobWith('Key: logs/, Filter: "*.csv"'),
        probe: { s3: { kind: 'bad-filter', problem: 'missing argument to repetition operator: `*`' } },
        expect: { stage: 'node', severity: 'error', at: '*.csv', message: 'repetition' },
      },
    ],
    good: [{ job: jobWith('Key: logs/, Filter: "[.]csv$"') }],
  },
  *check({ job, facts }) {
    for (const [{ input }, probe] of seen(s3Inputs(job), facts['probe.s3'])) {
      if (probe.kind !== 'bad-filter') continue;
      const at = textParam(input.source, 'Filter') ?? input.at;
      yield { at, message: `The Filter does not compile (${probe.problem}): nodes refuse the job.` };
    }
  },
});
