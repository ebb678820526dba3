import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { s3Text } from '../../src/job/s3-place.js';
import { textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';

export default defineRule({
  id: 'input/s3-access',
  stage: 'node',
  severity: 'info',
  needs: needsS3,
  title: 'S3 input is not for everyone',
  why:
    'Nodes fetch an S3 input with the AWS credentials of their own operator, never with yours. A node without any has ' +
    'no s3 source at all, and one whose credentials may not read the object refuses the job.',
  remedy: 'Ask the operator of the nodes to be let in, or let everyone read what the job needs.',
  examples: {
    bad: [
      {
        title: 'the bucket opens only with credentials',
        job: jobWithS3('Key: logs/'),
        probe: { s3: { access: 'credentials' } },
        expect: { stage: 'node', severity: 'info', at: 'acme', message: 'your credentials' },
      },
      {
        title: 'your own credentials do not open it either',
        job: jobWithS3('Key: logs/'),
        probe: { s3: { kind: 'denied' } },
        expect: { stage: 'node', severity: 'warning', message: 'with yours' },
      },
    ],
    good: [{ title: 'the bucket is public', job: jobWithS3('Key: logs/'), probe: { s3: { access: 'public' } } }],
  },
  *check({ job, facts }) {
    for (const [{ input, place }, probe] of seen(s3Inputs(job), facts['probe.s3'])) {
      const at = textParam(input.source, 'Bucket') ?? input.at;
      const name = s3Text(place);
      if (probe.kind === 'denied') {
        const message = `${name} is refused without credentials and with yours: only nodes whose own credentials may read it can run the job.`;
        yield { at, severity: 'warning', message };
      } else if (probe.kind === 'found' && probe.access === 'credentials') {
        const message = `${name} is not public; it was seen with your credentials. Nodes use their own, which must be let in too.`;
        yield { at, message };
      }
    }
  },
});
