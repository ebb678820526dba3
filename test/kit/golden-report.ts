import type { SubjectReport } from '../../src/check/finding.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { sourceText, type Place } from '../../src/text/source.js';

// A report of two subjects, made by hand so that no rule changes it.

const TEXT = `Name: wordcount
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: acme/wordcount:1.4
        Parameters: [sh, -c, "wc -w /inputs/2024/first-quarter/*.txt /inputs/2024/second-quarter/*.txt > /results/日本.txt"]
`;

function at(part: string, pointer: string): Place {
  const start = TEXT.indexOf(part);
  return { span: { start, end: start + part.length }, pointer };
}

const DOCKERFILE = sourceText('jobs/Dockerfile', 'FROM --platform=linux/arm64 python:3.12\nCMD ["wc"]\n');

const DIGEST = `sha256:${'4f1e'.repeat(16)}`;
const image = at('acme/wordcount:1.4', '/Tasks/0/Engine/Params/Image');
const result = at('> /results/日本.txt', '/Tasks/0/Engine/Params/Parameters/2');

/** What both were checked against. */
export const target = builtInTarget('1.9.3', ['linux/amd64']);

/** A job with an error, a warning and what was not checked. */
export const REPORT: SubjectReport = {
  kind: 'job',
  target,
  source: sourceText('jobs/wordcount.yaml', TEXT),
  verdict: 'node',
  image: {
    reference: 'acme/wordcount:1.4',
    source: 'registry',
    at: image,
    access: 'public',
    platforms: {
      source: 'registry',
      digest: DIGEST,
      kind: 'index',
      platforms: [{ platform: 'linux/arm64', digest: DIGEST }],
    },
  },
  findings: [
    {
      rule: 'image/platform',
      severity: 'error',
      confidence: 'high',
      stage: 'node',
      message: "acme/wordcount:1.4 has only linux/arm64; the target's nodes are linux/amd64.",
      remedy: "Build for both, under a new tag: nodes remember the old tag's platforms for up to an hour.",
      at: image,
      related: [
        { message: 'The image is from here.', at: image },
        { message: 'The platform is fixed here.', at: { span: { start: 16, end: 27 }, file: DOCKERFILE } },
        { message: 'There is no more to say.' },
      ],
      fix: {
        title: 'Build for both platforms',
        safe: false,
        edits: [{ path: 'jobs/wordcount.yaml', ...image.span, text: 'acme/wordcount:1.5' }],
        commands: ['docker buildx build --platform linux/amd64,linux/arm64 -t acme/wordcount:1.5 --push .'],
      },
    },
    {
      rule: 'output/lost',
      severity: 'warning',
      confidence: 'medium',
      stage: 'results',
      message: '/results is collected by no result path; only /outputs is.',
      remedy: 'Write to /outputs.',
      at: result,
      related: [],
    },
    {
      rule: 'dockerfile/baked-data',
      severity: 'info',
      confidence: 'low',
      stage: 'results',
      message: 'This stands in another file.',
      remedy: 'Look there.',
      at: { span: { start: 40, end: 43 }, file: DOCKERFILE },
      related: [],
    },
  ],
  notChecked: [
    { fact: 'image.config', reason: 'the registry answered 429', rules: ['a/a', 'a/b', 'a/c', 'a/d'] },
    { fact: 'image.local', reason: 'no Docker engine', rules: ['image/local-only'] },
  ],
  rulesRun: 12,
};

/** A job with nothing wrong. */
export const CLEAN: SubjectReport = {
  kind: 'job',
  target,
  source: sourceText('clean.yaml', TEXT),
  verdict: 'ok',
  findings: [],
  notChecked: [],
  rulesRun: 31,
};
