import { defineRule } from '../../src/check/rule.js';
import { signedUrl } from '../../src/job/signed-url.js';
import { urlInputs } from '../../src/probe/inputs.js';

const jobWith = (query: string): string => `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: urlDownload, Params: { URL: "https://acme.s3.amazonaws.com/a.csv${query}" } }
`;
const V4 =
  '?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA&X-Amz-Date=20240102T030405Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=0a1b';

export default defineRule({
  id: 'input/url-signed',
  stage: 'node',
  severity: 'error',
  since: '1.3.1',
  title: 'Signed URL holds for one method, and nodes use two',
  why:
    'Since 1.3.1 a node asks for the size of a download with HEAD before it takes the job, and fetches it with GET. ' +
    'The signature of a presigned S3 URL covers the method, so that one of the two is always refused (403).',
  remedy:
    'Use an s3 source (Bucket, Key), make the object public and give its plain URL, or sign with something that ' +
    'covers no method (CloudFront, Azure).',
  examples: {
    bad: [
      { job: jobWith(V4), day: '2024-01-02', expect: { stage: 'node', severity: 'error', message: 'HEAD' } },
      {
        title: 'the older signature',
        job: jobWith('?AWSAccessKeyId=AKIA&Expires=1704164645&Signature=abc%3D'),
        expect: { stage: 'node', severity: 'error', message: 'Amazon S3' },
      },
    ],
    good: [
      { job: jobWith('?versionId=3') },
      { title: 'asked for with GET alone, before 1.3.1', job: jobWith(V4), target: '1.3.0' },
      { title: 'Azure', job: jobWith('?sv=2022-11-02&se=2099-01-01T00:00:00Z&sr=b&sp=r&sig=abc') },
    ],
  },
  *check({ job }) {
    for (const { url } of urlInputs(job)) {
      const signed = signedUrl(url.value);
      if (signed?.oneMethod !== true) continue;
      yield {
        at: url,
        message: `This URL is signed for one method by ${signed.by}; nodes ask with HEAD and then with GET, and one of them is refused.`,
      };
    }
  },
});
