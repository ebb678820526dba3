import { defineRule } from '../../src/check/rule.js';
import { jobWithS3 } from '../../src/job/example-job.js';
import { s3Text } from '../../src/job/s3-place.js';
import { textParam } from '../../src/job/source-params.js';
import { needsS3, s3Inputs, seen } from '../../src/probe/inputs.js';

export default defineRule({
  id: 'input/s3-empty',
  stage: 'results',
  severity: 'warning',
  needs: needsS3,
  title: 'S3 input takes no object',
  why:
    'A listing that finds nothing is no error: the node mounts an empty folder, and the program runs without its data. ' +
    'The Filter is applied to what follows the Key, and must match somewhere in it.',
  remedy: 'Correct the Key or the Filter; aws s3 ls s3://BUCKET/KEY shows what is there.',
  examples: {
    bad: [
      {
        job: jobWithS3('Key: logs/2O24/'),
        probe: { s3: { objects: 0, listed: 0 } },
        expect: { stage: 'results', severity: 'warning', at: 'logs/2O24/', message: 'empty folder' },
      },
      {
        title: 'nothing passes the Filter',
        job: jobWithS3('Key: logs/, Filter: "[.]CSV$"'),
        probe: { s3: { objects: 0, listed: 12 } },
        expect: { stage: 'results', severity: 'warning', at: '[.]CSV$', message: 'none of the 12' },
      },
    ],
    good: [
      { job: jobWithS3('Key: logs/2024/') },
      { title: 'only a part was listed', job: jobWithS3('Key: logs/'), probe: { s3: { objects: 0, isWhole: false } } },
    ],
  },
  *check({ job, facts }) {
    for (const [{ input, place }, probe] of seen(s3Inputs(job), facts['probe.s3'])) {
      if (probe.kind !== 'found' || probe.objects > 0 || !probe.isWhole) continue;
      const filter = textParam(input.source, 'Filter');
      if (filter !== undefined && probe.listed > 0) {
        const message = `The Filter matches none of the ${probe.listed} keys below ${s3Text(place)}: the job gets an empty folder.`;
        yield { at: filter, message };
        continue;
      }
      const at = textParam(input.source, 'Key') ?? textParam(input.source, 'Bucket') ?? input.at;
      yield { at, message: `No key begins with ${s3Text(place)}: the job gets an empty folder.` };
    }
  },
});
