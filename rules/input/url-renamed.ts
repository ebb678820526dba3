import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { downloadOf } from '../../src/job/input-name.js';
import type { UrlProbe } from '../../src/probe/facts.js';
import { needsUrls, seen, urlInputs, type UrlInput } from '../../src/probe/inputs.js';
import { resolvePath } from '../../src/text/posix-path.js';

const jobWith = (parameters: string): string => `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [cat], Parameters: ${parameters} } }
    InputSources:
      - Target: /inputs
        Source: { Type: urlDownload, Params: { URL: "https://example.org/download/a.csv" } }
`;

export default defineRule({
  id: 'input/url-renamed',
  stage: 'run',
  severity: 'info',
  needs: needsUrls,
  title: 'Redirect gives the file of a URL input another name',
  why:
    'After a redirect a node names the file by Content-Disposition, or else by the last part of the last address, and ' +
    'not by the URL in the job. An address without a last part gives a random name.',
  remedy: 'Give the last address as URL, or let the program read the name that the file gets.',
  examples: {
    bad: [
      {
        job: jobWith('[/inputs/2024.csv]'),
        probe: { url: { redirected: true, fileName: '2024.csv' } },
        expect: { stage: 'run', severity: 'info', message: '/inputs/2024.csv' },
      },
      {
        title: 'the program reads the old name',
        job: jobWith('[/inputs/a.csv]'),
        probe: { url: { redirected: true, fileName: '2024.csv' } },
        expect: { stage: 'run', severity: 'error', message: 'cat reads /inputs/a.csv' },
      },
      {
        title: 'no name at all',
        job: jobWith('[/inputs/a.csv]'),
        probe: { url: { redirected: true, fileName: undefined } },
        expect: { stage: 'run', severity: 'error', message: 'a random name' },
      },
    ],
    good: [
      { job: jobWith('[/inputs/a.csv]'), probe: { url: { redirected: true, fileName: 'a.csv' } } },
      { job: jobWith('[/inputs/a.csv]'), probe: { url: { redirected: false, fileName: 'a.csv' } } },
    ],
  },
  *check(context) {
    for (const [input, probe] of seen(urlInputs(context.job), context.facts['probe.url'])) {
      const finding = probe.status === 200 && probe.redirected ? judgeName(context, input, probe) : undefined;
      if (finding !== undefined) yield finding;
    }
  },
});

function judgeName(
  { workload }: RuleContext,
  { input, url }: UrlInput,
  { fileName, host }: UrlProbe,
): RuleFinding | undefined {
  const download = downloadOf(url.value);
  const expected = download.kind === 'file' ? download.name : undefined;
  if (expected === undefined || expected === fileName || input.target === undefined) return undefined;
  const at = (name: string): string => resolvePath(input.target?.value ?? '/', name);
  const lies = fileName === undefined ? 'gets a random name' : `lies at ${at(fileName)}`;
  const read = workload?.reads.find(({ path }) => path === at(expected));
  if (read === undefined) {
    const message = `The URL redirects to ${host}, and the file ${lies}, not at ${at(expected)}.`;
    return { at: url, message };
  }
  return {
    at: url,
    severity: 'error',
    evidence: read.origin,
    confidence: read.guess ? 'low' : 'high',
    message: `${read.by} reads ${at(expected)}, but the URL redirects to ${host}, and the file ${lies}.`,
  };
}
