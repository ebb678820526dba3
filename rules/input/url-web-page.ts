import { defineRule } from '../../src/check/rule.js';
import { downloadOf } from '../../src/job/input-name.js';
import type { UrlProbe } from '../../src/probe/facts.js';
import { rawFileOf } from '../../src/job/web-file.js';
import { needsUrls, seen, urlInputs } from '../../src/probe/inputs.js';

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
const HTML = 'text/html; charset=utf-8';

export default defineRule({
  id: 'input/url-web-page',
  stage: 'results',
  severity: 'warning',
  needs: needsUrls,
  title: 'URL input is answered with a web page',
  why:
    'A node saves what the server sends, whatever it is: the page of a login, the page around a shared file, or the ' +
    'listing of a folder. Nothing fails before the program reads HTML where it expects data.',
  remedy:
    'Give the address of the file itself, which can be fetched without a browser: curl -sI ADDRESS shows its type.',
  examples: {
    bad: [
      {
        job: jobWith('https://share.example.org/a.csv'),
        probe: { url: { contentType: HTML } },
        expect: { stage: 'results', severity: 'warning', message: 'web page' },
      },
      {
        title: 'a folder without its slash',
        job: jobWith('https://data.example.org/2024'),
        probe: { url: { contentType: HTML, redirected: true, folder: true, fileName: '2024' } },
        expect: { stage: 'results', severity: 'warning', message: 'folder' },
      },
      {
        title: 'maybe it is meant',
        job: jobWith('https://example.org/about'),
        probe: { url: { contentType: HTML } },
        expect: { stage: 'results', severity: 'info', message: 'web page' },
      },
    ],
    good: [
      { job: jobWith('https://data.example.org/a.csv'), probe: { url: { contentType: 'text/csv' } } },
      {
        title: 'a page is what is wanted',
        job: jobWith('https://example.org/a.html'),
        probe: { url: { contentType: HTML } },
      },
    ],
  },
  *check({ job, facts }) {
    for (const [{ url }, probe] of seen(urlInputs(job), facts['probe.url'])) {
      const download = downloadOf(url.value);
      // The folder that is written as one, and pages known by their address, are another rule's.
      if (download.kind !== 'file' || download.folder || rawFileOf(url.value) !== undefined) continue;
      if (!isPage(probe) || /\.x?html?$/i.test(download.name ?? '')) continue;
      if (probe.folder && probe.redirected) {
        const message = `${probe.host} redirects to a folder and answers with a web page that lists it: the job gets that page.`;
        yield {
          at: url,
          message,
          remedy: 'Folders cannot be downloaded: give one file, an S3 prefix or an IPFS folder.',
        };
        continue;
      }
      const isMeant = !/\.[A-Za-z0-9]{1,10}$/.test(download.name ?? '') && !probe.redirected;
      yield {
        at: url,
        ...(isMeant ? { severity: 'info' } : {}),
        message: `${probe.host} answers with a web page (text/html): the job gets that page as its file.`,
      };
    }
  },
});

function isPage({ status, contentType }: UrlProbe): boolean {
  return status === 200 && /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '');
}
