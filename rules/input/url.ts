import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { readCid } from '../../src/job/cid.js';
import { whyMalformed } from '../../src/job/go-url.js';
import { downloadOf, type Download } from '../../src/job/input-name.js';
import { placeOfPart, sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart, whyUnfilled } from '../../src/job/unfilled.js';
import { rawFileOf } from '../../src/job/web-file.js';
import { replaceValue } from '../../src/text/replace.js';
import type { Located, SourceText } from '../../src/text/source.js';

const jobWith = (url: string): string => `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: urlDownload, Params: { URL: "${url}" } }
`;
const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const PAGE = 'https://github.com/acme/data/blob/main/a.csv';

export default defineRule({
  id: 'input/url',
  stage: 'node',
  severity: 'error',
  title: 'URL input does not name a file that can be downloaded',
  why:
    'A urlDownload source fetches one file over http or https; the path of its URL must not be empty. The check is ' +
    'made by the nodes. A URL that ends in a slash is fetched like any other, and what comes back, mostly a web page, ' +
    'is saved under the name of the folder.',
  remedy: 'Give the address of one file. For several, use one input each, an S3 prefix or an IPFS folder.',
  examples: {
    bad: [
      {
        job: jobWith('ftp://example.org/a.csv'),
        expect: { stage: 'node', severity: 'error', at: 'ftp://example.org/a.csv', message: 'http and https' },
      },
      { job: jobWith('https://example.org'), expect: { stage: 'node', severity: 'error', message: 'no path' } },
      { job: jobWith('example.org/a.csv'), expect: { stage: 'node', severity: 'error', message: 'no URL' } },
      {
        title: 'a blank in the host',
        job: jobWith('https://exam ple.org/a.csv'),
        expect: { stage: 'node', severity: 'error', at: ' ', message: 'no host' },
      },
      {
        title: 'a folder',
        job: jobWith('https://example.org/data/'),
        expect: { stage: 'results', severity: 'warning', at: '/', message: '/inputs/data' },
      },
      {
        title: 'a web page about a file',
        job: jobWith(PAGE),
        expect: { stage: 'results', severity: 'warning', at: PAGE, message: 'web page' },
      },
      {
        title: 'a gateway of IPFS',
        job: jobWith(`https://ipfs.io/ipfs/${CID}`),
        expect: { stage: 'results', severity: 'warning', message: 'one file named' },
      },
      {
        title: 'a variable that nothing expands',
        job: jobWith('https://example.org/$DATE/a.csv'),
        expect: { stage: 'node', severity: 'error', at: '$DATE', message: 'does not expand' },
      },
    ],
    good: [
      { job: jobWith('https://example.org/data/a.csv?version=2') },
      { job: jobWith('https://raw.githubusercontent.com/acme/data/main/a.csv') },
      { job: jobWith('http://user:password@data.example.org:8080/caf%C3%A9/a%20b.csv') },
      { title: 'a template variable without a value', job: jobWith('{{.url}}') },
    ],
  },
  *check({ job, source }) {
    for (const input of job?.task?.inputs ?? []) {
      const url = sourceType(input) === 'urldownload' ? textParam(input.source, 'URL') : undefined;
      const finding = url === undefined ? undefined : judgeUrl(source, url, input.target?.value ?? '');
      if (finding !== undefined) yield finding;
    }
  },
});

const WHY_BAD: Readonly<Record<Exclude<(Download & { kind: 'bad' })['why'], 'malformed'>, string>> = {
  scheme: 'A URL input is fetched over http and https only; nodes refuse this one.',
  'no-host': 'The URL names no host; nodes fail to fetch it.',
  'no-path': 'The URL has no path, so it names no file ("URL must end with a file name"); nodes refuse it.',
  'not-a-url': 'This is no URL, which begins with http:// or https://; nodes refuse it.',
};

function judgeUrl(source: SourceText, url: Located<string>, target: string): RuleFinding | undefined {
  const part = (start: number, end: number): RuleFinding['at'] => placeOfPart(source, url, start, end);
  const unfilled = unfilledPart(url.value);
  if (unfilled?.kind === 'template') return undefined;
  if (unfilled !== undefined) {
    const at = part(unfilled.start, unfilled.start + unfilled.text.length);
    return {
      at,
      message: `The URL is not complete: ${whyUnfilled(unfilled)}, and nodes ask the server for it as it is.`,
    };
  }
  const download = downloadOf(url.value);
  if (download.kind === 'bad' && download.why === 'malformed') {
    const { start, text } = download.problem;
    return {
      at: part(start, start + text.length),
      message: `The URL is malformed: ${whyMalformed(download.problem)}; nodes refuse it.`,
    };
  }
  if (download.kind === 'bad') {
    return { at: url, message: WHY_BAD[download.why] };
  }
  const raw = rawFileOf(url.value);
  if (raw !== undefined) {
    return {
      at: url,
      severity: 'warning',
      stage: 'results',
      message: 'This is the address of a web page that shows the file: the job gets the HTML of the page.',
      remedy: `Write ${raw}`,
      fix: { title: `Write ${raw}`, safe: false, edits: [replaceValue(source, url, raw)] },
    };
  }
  const gateway = readCid(url.value);
  if (gateway.kind === 'gateway') return fromGateway(url, gateway);
  if (!download.folder) return undefined;
  const slash = url.value.search(/\/(?:[?#]|$)/);
  const name = download.name ?? '(a random name)';
  return {
    at: part(slash, slash + 1),
    severity: 'warning',
    stage: 'results',
    message: `Folders cannot be downloaded: what the server answers for this address becomes the one file ${target.replace(/\/$/, '')}/${name}.`,
  };
}

/** A gateway serves a file well, and of a folder only a page that lists it. */
function fromGateway(url: Located<string>, { cid, path }: { cid: string; path: string }): RuleFinding {
  const remedy = `Where nodes have IPFS, give the CID instead: Type ipfs with CID ${cid} (-i ipfs://${cid}).`;
  if (path !== '') {
    const message = 'This is the address of an IPFS gateway: nodes download from that server, not by IPFS.';
    return { at: url, severity: 'info', stage: 'results', message, remedy };
  }
  const message = `This is the address of an IPFS gateway: the job gets one file named ${cid}, and of a folder only the page that lists it.`;
  return { at: url, severity: 'warning', stage: 'results', message, remedy };
}
