import { defineRule } from '../../src/check/rule.js';
import { downloadOf } from '../../src/job/input-name.js';
import { sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import { resolvePath } from '../../src/text/posix-path.js';
import { replaceValue } from '../../src/text/replace.js';

const jobWith = (target: string, source: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: ${target}
        Source: ${source}
`;
const IPFS = '{ Type: ipfs, Params: { CID: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG } }';
const DOWNLOAD = '{ Type: urlDownload, Params: { URL: "https://example.org/a.csv" } }';

export default defineRule({
  id: 'input/mount-target',
  stage: 'run',
  severity: 'error',
  title: 'Target of an input is no place to mount at',
  why:
    'Bacalhau does not look at the Target of an input; Docker does when the container is made, after everything was ' +
    'downloaded. It wants an absolute path ("mount path must be absolute") and refuses the root ("destination can\'t ' +
    "be '/'\").",
  remedy: 'Name an absolute folder of its own, such as /inputs.',
  examples: {
    bad: [
      {
        job: jobWith('data', IPFS),
        expect: { stage: 'run', severity: 'error', at: 'data', message: 'absolute' },
      },
      { job: jobWith('/', IPFS), expect: { stage: 'run', severity: 'error', at: '/', message: 'root' } },
      { job: jobWith('/data/..', IPFS), expect: { stage: 'run', severity: 'error', message: 'root' } },
      {
        title: 'a download into the root',
        job: jobWith('/', DOWNLOAD),
        expect: { stage: 'run', severity: 'warning', at: '/', message: '/a.csv' },
      },
      { job: jobWith('./data', DOWNLOAD), expect: { stage: 'run', severity: 'error', message: 'absolute' } },
    ],
    good: [
      { job: jobWith('/data', IPFS) },
      { job: jobWith('/inputs/', DOWNLOAD) },
      { title: 'a template variable without a value', job: jobWith('"{{.target}}"', IPFS) },
    ],
  },
  *check({ job, source }) {
    if (job?.task?.engine?.docker === undefined) return;
    for (const input of job.task.inputs) {
      const { target } = input;
      const text = target?.value.trim() ?? '';
      if (target === undefined || text === '' || unfilledPart(text)?.kind === 'template') continue;
      if (!text.startsWith('/')) {
        const absolute = resolvePath('/', text);
        const named = unfilledPart(text) === undefined && absolute !== '/';
        yield {
          at: target,
          message: `The Target ${text} is not absolute: Docker refuses to make the container.`,
          ...(named
            ? {
                remedy: `Write ${absolute}.`,
                fix: { title: `Write ${absolute}`, safe: false, edits: [replaceValue(source, target, absolute)] },
              }
            : {}),
        };
        continue;
      }
      if (resolvePath('/', text) !== '/') continue;
      const isDownload = sourceType(input) === 'urldownload';
      const download = downloadOf(textParam(input.source, 'URL')?.value ?? '');
      const name = download.kind === 'file' ? (download.name ?? '…') : '…';
      yield isDownload
        ? { at: target, severity: 'warning', message: `The download lands in the root of the container, as /${name}.` }
        : { at: target, message: 'The Target is the root of the container: Docker refuses to mount over it.' };
    }
  },
});
