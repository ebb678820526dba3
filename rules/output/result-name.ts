import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { placeOfPart } from '../../src/job/source-params.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import type { Located, SourceText } from '../../src/text/source.js';

const jobWith = (name: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Publisher: { Type: local }
    ResultPaths: [{ Name: ${name}, Path: /outputs }]
`;

export default defineRule({
  id: 'output/result-name',
  stage: 'run',
  severity: 'error',
  title: 'Name of a result path does not work as the name of a folder',
  why:
    'For each result path a node makes one folder of its Name beside the files stdout, stderr and exitCode. It makes ' +
    'no folders in between, so that a Name with a slash ends in "failed to create results dir for execution". Nothing ' +
    'checks the Name before.',
  remedy: 'Use a plain word such as outputs; it is the name of the folder in the results.',
  examples: {
    bad: [
      {
        job: jobWith('run/out'),
        expect: { stage: 'run', severity: 'error', at: '/', message: 'cannot make the folder' },
      },
      {
        title: 'a folder of the own machine, as with docker run -v',
        command: 'bacalhau docker run --publisher local -o /home/ann/out:/outputs alpine:3.20',
        expect: { stage: 'run', severity: 'error', message: '/home/ann/out' },
      },
      { job: jobWith('..'), expect: { stage: 'run', severity: 'error', at: '..' } },
      {
        job: jobWith('stdout'),
        expect: { stage: 'results', severity: 'error', at: 'stdout', message: 'output of the program' },
      },
    ],
    good: [
      { job: jobWith('outputs') },
      { job: jobWith('my results.v1') },
      { job: jobWith('Stdout') },
      { title: 'a template variable without a value', job: jobWith('"{{.name}}"') },
    ],
  },
  *check({ job, source }) {
    if (job?.task?.engine?.docker === undefined) return;
    for (const { name } of job.task.resultPaths) {
      const finding = name === undefined ? undefined : judgeName(source, name);
      if (finding !== undefined) yield finding;
    }
  },
});

/** What a node writes beside the folders of the results (`pkg/executor/results.go`). */
const WRITTEN: Readonly<Record<string, string>> = {
  stdout: 'the output of the program',
  stderr: 'the error output of the program',
  exitCode: 'the exit code of the program',
};

function judgeName(source: SourceText, name: Located<string>): RuleFinding | undefined {
  const text = name.value.trim();
  const slash = name.value.indexOf('/');
  if (unfilledPart(text)?.kind === 'template') return undefined;
  if (slash >= 0) {
    return {
      at: text.startsWith('/') ? name : placeOfPart(source, name, slash, slash + 1),
      message: `The Name ${text} has a slash: a node cannot make the folder for this result.`,
      ...(text.startsWith('/')
        ? {
            remedy:
              'Results are not mounted from your machine: give a plain name, and fetch them with `bacalhau job get`.',
          }
        : {}),
    };
  }
  if (text === '.' || text === '..') {
    return { at: name, message: `The Name ${text} is no name of a folder of its own: the result cannot be collected.` };
  }
  const written = Object.hasOwn(WRITTEN, text) ? WRITTEN[text] : undefined;
  if (written === undefined) return undefined;
  return { at: name, stage: 'results', message: `The Name ${text} is taken: the node writes ${written} under it.` };
}
