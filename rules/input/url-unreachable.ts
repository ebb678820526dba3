import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { signedUrl } from '../../src/job/signed-url.js';
import type { UrlProbe } from '../../src/probe/facts.js';
import { needsUrls, seen, urlInputs } from '../../src/probe/inputs.js';

const JOB = `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: urlDownload, Params: { URL: "https://data.example.org/a.csv" } }
`;

export default defineRule({
  id: 'input/url-unreachable',
  stage: 'node',
  severity: 'error',
  since: '1.3.1',
  needs: needsUrls,
  title: 'Server does not give out the file of a URL input',
  why:
    'A node asks for the size of a download with HEAD before it takes the job. Any status but 200 is an error, after ' +
    'three more tries ("giving up after 4 attempt(s)", "non-OK response code"). Nodes send no login but one in the URL.',
  remedy: 'Correct the address, or put the file where everyone can fetch it; for private data use an s3 source.',
  examples: {
    bad: [
      {
        title: 'the server answers 404',
        job: JOB,
        probe: { url: { status: 404 } },
        expect: { stage: 'node', severity: 'error', at: 'https://data.example.org/a.csv', message: 'no such file' },
      },
      { job: JOB, probe: { url: { status: 401 } }, expect: { stage: 'node', severity: 'error', message: 'login' } },
      {
        title: 'a server that knows only GET',
        job: JOB,
        probe: { url: { status: 405 } },
        expect: { stage: 'node', severity: 'error', message: 'HEAD' },
      },
      {
        title: 'who asks may matter',
        job: JOB,
        probe: { url: { status: 403 } },
        expect: { stage: 'node', severity: 'warning', message: '403' },
      },
    ],
    good: [{ title: 'the server answers 200', job: JOB, probe: { url: { status: 200 } } }],
  },
  *check({ job, facts }) {
    for (const [{ url }, probe] of seen(urlInputs(job), facts['probe.url'])) {
      if (probe.status === 200 || signedUrl(url.value)?.oneMethod === true) continue;
      yield { at: url, ...refusal(probe) };
    }
  },
});

function refusal({ status, host }: UrlProbe): Pick<RuleFinding, 'message' | 'severity' | 'remedy'> {
  switch (status) {
    case 404:
    case 410:
      return { message: `${host} has no such file (${status}): nodes refuse the job.` };
    case 401:
    case 407:
      return { message: `${host} wants a login (${status}), and nodes have none to send: they refuse the job.` };
    case 405:
    case 501:
      return {
        message: `${host} does not answer HEAD (${status}), with which nodes ask for the size of the file first: they refuse the job.`,
        remedy: 'Put the file on a server that answers HEAD like GET, in an S3 bucket or on IPFS.',
      };
    case 403:
      return {
        severity: 'warning',
        message: `${host} refuses to give out the file (403): nodes refuse the job too, unless the server knows them.`,
      };
    default:
      return {
        severity: status >= 400 ? 'warning' : 'error',
        message: `${host} answers with status ${status} where nodes want 200.`,
      };
  }
}
