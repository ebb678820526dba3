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
    'no folders in between, so that a Name with a slash inside ends in "failed to create results dir for execution". ' +
    'Nothing checks the Name before.',
  remedy: 'Use a plain word such as outputs; it is the name of the folder in the results.',
  examples: {
    bad: [
      {
        job: jobWith('run/out'),
        expect: { stage: 'run', severity: 'error', at: '/', message: 'run is not there' },
      },
      {
        title: 'a folder of the own machine, as with docker run -v',
        command: 'bacalhau docker run --publisher local -o /home/ann/out:/outputs alpine:3.20',
        expect: { stage: 'run', severity: 'error', message: '/home/ann/out' },
      },
      { job: jobWith('..'), expect: { stage: 'run', severity: 'error', at: '..' } },
      { job: jobWith('/'), expect: { stage: 'run', severity: 'error', at: '/', message: 'no name' } },
      {
        job: jobWith('stdout'),
        expect: { stage: 'results', severity: 'error', at: 'stdout', message: 'output of the program' },
      },
    ],
    good: [
      { job: jobWith('outputs') },
      { job: jobWith('my results.v1') },
      { job: jobWith('Stdout') },
      { title: 'slashes around a plain name come off', job: jobWith('/outputs') },
      {
        title: 'a folder in that of another result',
        command: 'bacalhau docker run --publisher local -o run:/run -o run/out:/out alpine:3.20',
      },
      { title: 'a template variable without a value', job: jobWith('"{{.name}}"') },
    ],
  },
  *check({ job, source }) {
    if (job?.task?.engine?.docker === undefined) return;
    const made = new Set<string>();
    for (const { name } of job.task.resultPaths) {
      if (name === undefined) continue;
      const finding = judgeName(source, name, made);
      if (finding !== undefined) yield finding;
      made.add(folders(name.value).join('/'));
    }
  },
});

/** What a node writes beside the folders of the results (`pkg/executor/results.go`). */
const WRITTEN: Readonly<Record<string, string>> = {
  stdout: 'the output of the program',
  stderr: 'the error output of the program',
  exitCode: 'the exit code of the program',
};

/** The node joins the folder of the results and the Name, which drops slashes at both ends and `.` (`makeContainerMounts`). */
function folders(name: string): string[] {
  return name
    .trim()
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}

function judgeName(source: SourceText, name: Located<string>, made: ReadonlySet<string>): RuleFinding | undefined {
  const text = name.value.trim();
  if (unfilledPart(text)?.kind === 'template') return undefined;
  const parts = folders(text);
  const [folder, inside] = parts;
  if (folder === undefined || parts.includes('..')) {
    return { at: name, message: `The Name ${text} is no name of a folder of its own: the result cannot be collected.` };
  }
  if (inside !== undefined) {
    if (made.has(parts.slice(0, -1).join('/'))) return undefined;
    const isHostPath = text.startsWith('/');
    const slash = name.value.indexOf('/', name.value.indexOf(folder));
    return {
      at: isHostPath ? name : placeOfPart(source, name, slash, slash + 1),
      message: `The Name ${text} is a path: the node makes only the last folder of it, and fails because ${folder} is not there.`,
      ...(isHostPath ? { remedy: HOST_PATH } : {}),
    };
  }
  const written = Object.hasOwn(WRITTEN, folder) ? WRITTEN[folder] : undefined;
  if (written === undefined) return undefined;
  return { at: name, stage: 'results', message: `The Name ${text} is taken: the node writes ${written} under it.` };
}

const HOST_PATH =
  'Results are not mounted from your machine: give a plain name, and fetch them with `bacalhau job get`.';
