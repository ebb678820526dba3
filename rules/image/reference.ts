import { defineRule } from '../../src/check/rule.js';
import { parseReference } from '../../src/image/reference.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'image/reference',
  stage: 'node',
  severity: 'error',
  title: 'Image is not an image reference',
  why:
    'Neither `bacalhau` nor the server looks at the image text: a web page, capitals or two tags are accepted, and ' +
    'every node fails to look the image up ("invalid reference format"). Bacalhau does not expand shell variables in ' +
    'a spec.',
  remedy: 'Write [HOST[:PORT]/]PATH[:TAG] in lower case, as you would after `docker pull`.',
  examples: {
    bad: [
      {
        title: 'the web page of an image',
        job: `
Name: test
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: https://hub.docker.com/r/bitnami/kubectl
`,
        expect: {
          stage: 'node',
          severity: 'error',
          at: 'https://hub.docker.com/r/bitnami/kubectl',
          message: 'web page',
        },
      },
      {
        command: 'bacalhau docker run Acme/WordCount:1.4',
        expect: { stage: 'node', severity: 'error', at: 'Acme/WordCount', message: 'lower case' },
      },
      { reference: 'ubuntu:22.04:latest', expect: { stage: 'node', severity: 'error', message: 'more than one tag' } },
      {
        title: 'a variable that nothing expands',
        job: `
Name: test
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "acme/wordcount:$TAG" } }
`,
        expect: { stage: 'node', severity: 'error', at: '$TAG', message: 'never replaced' },
      },
      {
        title: 'left over from the text about a command',
        command: 'bacalhau docker run [FLAGS] IMAGE',
        expect: { stage: 'node', severity: 'error', at: '[FLAGS]', message: 'left to fill in' },
      },
      {
        title: 'a dash that a word processor made longer',
        command: 'bacalhau docker run —network=http alpine:3.20',
        expect: { stage: 'node', severity: 'error', at: '—network=http', message: 'typographic dash' },
      },
    ],
    good: [
      { reference: 'localhost:5000/acme/wordcount' },
      { reference: `ghcr.io/acme/wordcount:1.4@sha256:${'a'.repeat(64)}` },
      { reference: 'docker-archive:WordCount.tar' },
      {
        title: 'a template variable without a value',
        job: `
Name: test
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "{{.image}}" } }
`,
      },
    ],
  },
  *check({ image, job, source }) {
    if (image?.source !== 'registry' || image.reference !== undefined) return;
    const { span } = image.at;
    // What a template variable would have brought cannot be judged.
    if (job?.unresolved.some((variable) => variable.span.start >= span.start && variable.span.end <= span.end)) return;
    const parsed = parseReference(image.text);
    if (parsed.ok) return;
    const other = noImageAtAll(image.text);
    if (other !== undefined) {
      yield { at: image.at, ...other };
      return;
    }
    const { problem } = parsed;
    const start = source.text.indexOf(image.text, span.start);
    const written = start >= 0 && start + image.text.length <= span.end;
    yield {
      at: written ? { ...image.at, span: { start: start + problem.at.start, end: start + problem.at.end } } : image.at,
      message: `${problem.message}; every node fails to look it up.`,
      ...(problem.suggestion === undefined
        ? {}
        : {
            remedy: `Write ${problem.suggestion}.`,
            fix: {
              title: `Write ${problem.suggestion}`,
              safe: false,
              edits: [replaceValue(source, image.at, problem.suggestion)],
            },
          }),
    };
  },
});

/** What stands where the image belongs and was never meant for one. */
function noImageAtAll(text: string): { message: string; remedy: string } | undefined {
  if (/^[\u2010-\u2015\u2212]/.test(text)) {
    return {
      message: `${text} begins with a typographic dash, so that it is no flag: Bacalhau takes it for the image.`,
      remedy: `Write ${text.replace(/^[\u2010-\u2015\u2212]+-?/, '--')}`,
    };
  }
  if (unfilledPart(text)?.kind !== 'placeholder' && !/^\[[^[\]]*\]$/.test(text)) return undefined;
  return { message: `The image ${text} was left to fill in.`, remedy: 'Write the name of the image in its place.' };
}
