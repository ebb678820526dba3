import { describe, expect, test } from '@jest/globals';
import mountTarget from '../../rules/input/mount-target.js';
import { runExample } from '../kit/example.js';

describe('what stands behind the last colon of an input', () => {
  test.each([
    ['file:///srv/data:/in:ro', 'Leave :ro out, since nothing is written to a file input'],
    ['file:///srv/data:/in:rw', 'Write src=file:///srv/data,dst=/in,opt=rw=true.'],
    ['https://example.com/a.csv:/in:ro', 'Leave :ro out, which inputs do not have: https://example.com/a.csv:/in.'],
    ['s3://acme/data/:in', 'or s3://acme/data/:/in if in is the Target.'],
    ['s3://acme/2024-01-01T00:00:00.log', 'Write src=s3://acme/2024-01-01T00:00:00.log,dst=/inputs if'],
  ])('%s', async (input, remedy) => {
    const { findings } = await runExample(mountTarget, {
      command: `bacalhau docker run -i ${input} alpine:3.20 -- ls`,
    });
    expect(findings.map((finding) => finding.remedy)).toEqual([expect.stringContaining(remedy)]);
  });
});
