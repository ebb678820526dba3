import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { s3Fetch } from '../../src/job/input-name.js';
import type { InputSource } from '../../src/job/job-spec.js';
import { sourceType, textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';
import type { Located } from '../../src/text/source.js';

export default defineRule({
  id: 'input/s3-filter',
  stage: 'node',
  severity: 'error',
  needs: (subject) => (subject.job?.task?.inputs.some(startsAmiss) === true ? [] : needsS3(subject)),
  title: 'Filter of an S3 input is no regular expression of Go',
  why:
    'A node compiles the Filter with the regular expressions of Go (RE2), which have no lookahead, lookbehind and ' +
    'backreferences, and refuses the job when it cannot ("invalid regex pattern"). A shell pattern such as *.csv is none.',
  remedy: 'Write a regular expression of Go: [.]csv$ for all that ends in .csv.',
  examples: {
    bad: [
      {
        title: 'a shell pattern, which needs no look at the bucket',
        job: jobWithS3('Key: logs/, Filter: "*.csv"'),
        expect: { stage: 'node', severity: 'error', at: '*.csv', message: 'repetition' },
      },
      {
        job: jobWithS3('Key: logs/, Filter: "(?!old).*csv"'),
        probe: { s3: { kind: 'bad-filter', problem: 'invalid or unsupported Perl syntax: `(?!`' } },
        expect: { stage: 'node', severity: 'error', at: '(?!old).*csv', message: 'Perl syntax' },
      },
    ],
    good: [
      { job: jobWithS3('Key: logs/, Filter: "[.]csv$"') },
      { title: 'nodes do not compile it for one object', job: jobWithS3('Key: logs/a.csv, Filter: "*.csv"') },
    ],
  },
  *check({ job, facts }) {
    for (const input of job?.task?.inputs ?? []) {
      const filter = filterOf(input);
      if (filter === undefined || !startsAmiss(input)) continue;
      yield {
        at: filter,
        message: `The Filter does not compile (missing argument to repetition operator: \`${filter.value.charAt(0)}\`): nodes refuse the job.`,
      };
    }
    for (const [{ input }, probe] of seen(s3Inputs(job), facts['probe.s3'])) {
      const at = filterOf(input);
      if (at === undefined || probe.kind !== 'bad-filter' || startsAmiss(input)) continue;
      yield { at, message: `The Filter does not compile (${probe.problem}): nodes refuse the job.` };
    }
  },
});

/** The Filter of an S3 input that lists objects: for one object no node looks at it (`explodeKey` of `pkg/storage/s3`). */
function filterOf(input: InputSource): Located<string> | undefined {
  const lists = sourceType(input) === 's3' && s3Fetch(textParam(input.source, 'Key')?.value ?? '').kind !== 'object';
  return lists ? textParam(input.source, 'Filter') : undefined;
}

/** Whether a Filter repeats nothing at its start, as shell patterns do: no look at the bucket is needed to know. */
function startsAmiss(input: InputSource): boolean {
  return /^[*+?]/.test(filterOf(input)?.value ?? '');
}
