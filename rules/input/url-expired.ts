import { defineRule } from '../../src/check/rule.js';
import { signedUrl } from '../../src/job/signed-url.js';
import { urlInputs } from '../../src/probe/inputs.js';

const jobWith = (until: string): string => `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source:
          Type: urlDownload
          Params: { URL: "https://acme.blob.core.windows.net/data/a.csv?sv=2022-11-02&se=${until}&sr=b&sp=r&sig=abc" }
`;
const HOUR = 3600_000;

export default defineRule({
  id: 'input/url-expired',
  stage: 'node',
  severity: 'error',
  title: 'Signed URL is no longer valid',
  why:
    'A node asks for a URL when it considers the job and again when it starts it, which may be much later: jobs wait ' +
    'in a queue, and are given to another node when one fails. After its end a signed URL is refused (403).',
  remedy: 'Sign the URL anew, for as long as the job may wait, or use a source that needs no signature.',
  examples: {
    bad: [
      {
        job: jobWith('2024-03-01T00:00:00Z'),
        day: '2024-03-02',
        expect: { stage: 'node', severity: 'error', message: '2024-03-01 00:00 UTC' },
      },
      {
        title: 'it ends within the hour',
        job: jobWith('2024-03-01T00:20:00Z'),
        day: '2024-03-01',
        expect: { stage: 'node', severity: 'warning', message: 'waits longer' },
      },
    ],
    good: [{ job: jobWith('2024-03-08T00:00:00Z'), day: '2024-03-01' }],
  },
  *check({ job, now }) {
    for (const { url } of urlInputs(job)) {
      const until = signedUrl(url.value)?.until;
      if (until === undefined || until > now + HOUR) continue;
      const end = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
      if (until <= now) yield { at: url, message: `The signature of this URL ended at ${end}: nodes are refused.` };
      else {
        const message = `The signature of this URL ends at ${end}: nodes are refused if the job waits longer.`;
        yield { at: url, severity: 'warning', message };
      }
    }
  },
});
