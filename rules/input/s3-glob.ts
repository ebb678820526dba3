import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { placeOfPart, sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import type { InputSource } from '../../src/job/job-spec.js';
import type { Located, SourceText } from '../../src/text/source.js';

const jobWith = (key: string): string => `
Name: logs
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: s3, Params: { Bucket: acme, Key: "${key}" } }
`;

export default defineRule({
  id: 'input/s3-glob',
  stage: 'node',
  severity: 'error',
  title: 'S3 key has a wildcard that is taken literally',
  why:
    'Only one `*` at the very end of an S3 Key means anything: all keys that begin with what stands before it. Every ' +
    'other `*` is a part of the name, so that an object is looked up that is not there, or a listing comes back empty ' +
    'without an error.',
  remedy: 'Cut the Key before the first * and choose with Filter, a Go regular expression on the rest of the key.',
  examples: {
    bad: [
      {
        job: jobWith('logs/*.csv'),
        expect: { stage: 'node', severity: 'error', at: '*', message: 'looked up as one object' },
      },
      {
        title: 'an empty listing',
        job: jobWith('logs/*/2024/*'),
        expect: { stage: 'results', severity: 'error', at: '*', message: 'empty folder' },
      },
      {
        job: jobWith('logs/app-?.csv'),
        expect: { stage: 'node', severity: 'warning', at: '?', message: 'no wildcard' },
      },
    ],
    good: [
      { job: jobWith('logs/*') },
      { job: jobWith('logs/app-*') },
      { job: jobWith('logs/app[1].csv') },
      { title: 'the whole bucket', job: jobWith('*') },
    ],
  },
  *check({ job, source }) {
    for (const input of job?.task?.inputs ?? []) {
      if (sourceType(input) !== 's3') continue;
      const key = textParam(input.source, 'Key');
      const finding = key === undefined ? undefined : judgeKey(source, input, key);
      if (finding !== undefined) yield finding;
    }
  },
});

function judgeKey(source: SourceText, input: InputSource, key: Located<string>): RuleFinding | undefined {
  const text = key.value;
  const star = text.search(/\*(?!$)/);
  if (star >= 0) {
    const listed = text.endsWith('*') || text.endsWith('/');
    const filter = `${regexOf(text.slice(star))}$`;
    const hasFilter = textParam(input.source, 'Filter') !== undefined;
    return {
      at: placeOfPart(source, key, star, star + 1),
      ...(listed ? { stage: 'results' } : {}),
      message: listed
        ? `Only the last * of ${text} is a wildcard: no key begins with the rest as it is written, and the program finds an empty folder.`
        : `The * inside of ${text} is no wildcard: it is looked up as one object of that name, and nodes refuse the job.`,
      ...(hasFilter ? {} : { remedy: `Write Key: '${text.slice(0, star)}*' and Filter: '${filter}'.` }),
    };
  }
  const question = text.search(/\?/);
  if (question < 0 || unfilledPart(text) !== undefined) return undefined;
  return {
    at: placeOfPart(source, key, question, question + 1),
    severity: 'warning',
    confidence: 'medium',
    message: `The ? in ${text} is no wildcard in an S3 Key, but a part of the name.`,
  };
}

/** A Go regular expression for a glob; `*` stays inside of one folder. */
function regexOf(glob: string): string {
  return glob
    .replace(/\*$/, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*');
}
