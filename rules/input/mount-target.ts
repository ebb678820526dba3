import { defineRule } from '../../src/check/rule.js';
import { downloadOf } from '../../src/job/input-name.js';
import type { InputSource } from '../../src/job/job-spec.js';
import { sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import { resolvePath } from '../../src/text/posix-path.js';
import { replaceValue } from '../../src/text/replace.js';
import type { Located, SourceText } from '../../src/text/source.js';

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
      {
        title: 'a mode as in Docker',
        command: 'bacalhau docker run -i file:///srv/data:/in:ro alpine:3.20 -- ls /in',
        expect: { stage: 'run', severity: 'error', at: 'ro', message: 'last colon' },
      },
      {
        title: 'a colon in the name of an object',
        command: 'bacalhau docker run -i s3://acme/2024-01-01T00:00:00.log alpine:3.20 -- ls /inputs',
        expect: { stage: 'run', severity: 'error', at: '00.log', message: 'last colon' },
      },
      {
        title: 'a mode behind the Target of what is no file of a node',
        command: 'bacalhau docker run -i https://example.com/a.csv:/in:ro alpine:3.20 -- ls /in',
        expect: { stage: 'run', severity: 'error', at: 'ro', message: 'last colon' },
      },
    ],
    good: [
      { job: jobWith('/data', IPFS) },
      { job: jobWith('/inputs/', DOWNLOAD) },
      { command: 'bacalhau docker run -i src=file:///srv/data,dst=/in,opt=rw=true alpine:3.20 -- ls /in' },
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
        const colon = job.origin === 'command' ? behindColon(source, input, target) : undefined;
        if (colon !== undefined) {
          yield { at: target, ...colon };
          continue;
        }
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

/** What to say of a relative Target that is one only because `--input` divides its value at the last colon. */
function behindColon(
  source: SourceText,
  { source: given }: InputSource,
  target: Located<string>,
): { message: string; remedy: string } | undefined {
  const { start, end } = target.span;
  if (given === undefined || source.text[start - 1] !== ':' || given.at.span.start >= start) return undefined;
  const written = source.text.slice(given.at.span.start, end);
  if (!/^[a-z][a-z0-9]*:/i.test(written)) return undefined;
  const before = source.text.slice(given.at.span.start, start - 1);
  const message = `What stands behind the last colon is the Target, and ${target.value} is not absolute: Docker refuses to make the container.`;
  const [, from, to, mode] = /^(.*):(\/[^:]*):(ro|rw)$/.exec(written) ?? [];
  if (from === undefined || to === undefined || mode === undefined) {
    const inside = `${before}:${resolvePath('/', target.value)}`;
    const remedy = /^ipfs:[^/]/.test(written)
      ? `Write ipfs://${target.value}.`
      : `Write src=${written},dst=/inputs if the colon is a part of the name, or ${inside} if ${target.value} is the Target.`;
    return { message, remedy };
  }
  if (!from.startsWith('file://'))
    return { message, remedy: `Leave :${mode} out, which inputs do not have: ${before}.` };
  return {
    message: `${message.slice(0, -1)}, and the path on the node is ${from.slice('file://'.length)}:${to}.`,
    remedy:
      mode === 'ro'
        ? `Leave :ro out, since nothing is written to a file input unless you ask for it: ${before}.`
        : `Write src=${from},dst=${to},opt=rw=true.`,
  };
}
