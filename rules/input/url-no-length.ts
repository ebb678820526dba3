import { defineRule } from '../../src/check/rule.js';
import { needsUrls, seen, urlInputs } from '../../src/probe/inputs.js';

const JOB = `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: urlDownload, Params: { URL: "https://git.example.org/acme/data/archive.tar.gz" } }
`;

export default defineRule({
  id: 'input/url-no-length',
  stage: 'node',
  severity: 'error',
  since: '1.3.1',
  needs: needsUrls,
  title: 'Server does not say how large the file of a URL input is',
  why:
    'Since 1.3.1 a node reads the size of a download from Content-Length in the answer to HEAD, and refuses the job ' +
    'without it ("content-length not provided by the server"). What a server makes up while it sends (archives of a ' +
    'repository, answers of an API) has none, although curl fetches it.',
  remedy: 'Put the file itself somewhere: a release asset, object storage, IPFS.',
  examples: {
    bad: [
      {
        title: 'the server sends no Content-Length',
        job: JOB,
        probe: { url: { size: undefined } },
        expect: {
          stage: 'node',
          severity: 'error',
          at: 'https://git.example.org/acme/data/archive.tar.gz',
          message: 'Content-Length',
        },
      },
    ],
    good: [
      { title: 'an empty file', job: JOB, probe: { url: { size: 0 } } },
      { title: 'the status is what stops nodes', job: JOB, probe: { url: { size: undefined, status: 404 } } },
    ],
  },
  *check({ job, facts }) {
    for (const [{ url }, { status, size, host }] of seen(urlInputs(job), facts['probe.url'])) {
      if (status !== 200 || size !== undefined) continue;
      yield {
        at: url,
        message: `${host} does not say how large the file is (no Content-Length in its answer to HEAD): nodes refuse the job.`,
      };
    }
  },
});
