import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { looksLikeFile } from '../../src/job/input-name.js';
import { inputMounts, type InputMount } from '../../src/job/mounts.js';

const jobWith = (target: string, source: string, more = ''): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20${more} } }
    InputSources:
      - Target: ${target}
        Source: ${source}
`;
const URL_SOURCE = '{ Type: urlDownload, Params: { URL: "https://example.org/sample.csv" } }';

export default defineRule({
  id: 'input/target-is-folder',
  stage: 'run',
  severity: 'warning',
  title: 'Target of a URL or S3 input looks like a file and becomes a folder',
  why:
    'The Target of a urlDownload or s3 source is always a folder: the file lies below it, under the last part of the ' +
    "URL's path or of the key. Only a single file from IPFS, and an inline file, lie at the Target itself.",
  remedy: 'Name the folder as Target, and let the program read the file below it.',
  examples: {
    bad: [
      {
        job: jobWith('/data/sample.csv', URL_SOURCE),
        expect: {
          stage: 'run',
          severity: 'warning',
          at: '/data/sample.csv',
          message: '/data/sample.csv/sample.csv',
        },
      },
      {
        title: 'the program reads the Target as a file',
        job: jobWith('/data/in.csv', URL_SOURCE, ', Entrypoint: [cat], Parameters: [/data/in.csv]'),
        expect: { stage: 'run', severity: 'error', at: '/data/in.csv', message: 'cat reads /data/in.csv' },
      },
      {
        job: jobWith('/model.h5', '{ Type: s3, Params: { Bucket: acme, Key: models/v1.h5 } }'),
        expect: { stage: 'run', severity: 'warning', at: '/model.h5', message: '/model.h5/v1.h5' },
      },
    ],
    good: [
      { job: jobWith('/data', URL_SOURCE, ', Entrypoint: [cat], Parameters: [/data/sample.csv]') },
      {
        title: 'the program knows where the file lies',
        job: jobWith('/data/in.csv', URL_SOURCE, ', Entrypoint: [cat], Parameters: [/data/in.csv/sample.csv]'),
      },
      {
        title: 'a file from IPFS is mounted as the Target itself',
        job: jobWith('/data/in.csv', '{ Type: ipfs, Params: { CID: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG } }'),
      },
      { job: jobWith('/data/v1.2', URL_SOURCE) },
    ],
  },
  *check(context) {
    for (const mount of inputMounts(context.job?.task)) {
      if (mount.type !== 'urldownload' && mount.type !== 's3') continue;
      const finding = judgeMount(context, mount);
      if (finding !== undefined) yield finding;
    }
  },
});

function judgeMount({ workload }: RuleContext, { path, target, file, type }: InputMount): RuleFinding | undefined {
  const uses = [...(workload?.reads ?? []), ...(workload?.mentions ?? [])];
  const named = looksLikeFile(path);
  const read = workload?.reads.find(
    (use) =>
      use.path === path && use.word.known && !use.guess && (named ? !LISTERS.has(use.by) : FILES_ONLY.has(use.by)),
  );
  const lies = file ?? `below it, under the ${type === 's3' ? "key's" : "URL's"} last part`;
  if (read !== undefined) {
    return {
      at: target,
      severity: 'error',
      evidence: read.origin,
      message: `${read.by} reads ${path} as a file, but this Target is a folder: the file is ${lies}.`,
      related: read.word.at === undefined ? [] : [{ message: 'the program reads it here', at: read.word.at }],
      remedy: file === undefined ? `Let the program read the file below ${path}.` : `Let the program read ${file}.`,
    };
  }
  if (!named || uses.some((use) => use.path.startsWith(`${path}/`))) return undefined;
  return { at: target, message: `${path} looks like a file, but this Target is a folder: the file is ${lies}.` };
}

/** Programs that read files only, whatever their arguments are called. */
const FILES_ONLY = new Set(['<', 'cat', 'head', 'tail', 'wc', 'sort', 'uniq', 'cut', 'jq']);

/** Programs that look at folders as gladly as at files. */
const LISTERS = new Set(['ls', 'find', 'tree', 'du', 'stat']);
