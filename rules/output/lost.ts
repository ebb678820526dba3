import { defineRule, type Fix, type RuleFinding } from '../../src/check/rule.js';
import { addFlag } from '../../src/job/add-flag.js';
import type { JobSpec, ResultPath, Task } from '../../src/job/job-spec.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isLeftOut } from '../../src/job/refused.js';
import { compareReleases } from '../../src/target/release.js';
import { addEntry, addItem } from '../../src/text/insert.js';
import type { SourceText } from '../../src/text/source.js';
import { lostWrites } from '../../src/workload/lost-writes.js';
import { userOf } from '../../src/workload/path-uses.js';
import type { MeantFolder } from '../../src/workload/result-folder.js';
import type { PathUse } from '../../src/workload/workload.js';

const local = 'bacalhau docker run --publisher local';

export default defineRule({
  id: 'output/lost',
  stage: 'results',
  severity: 'warning',
  uses: ({ job }) => (job?.task?.engine?.docker === undefined ? [] : ['image.config']),
  title: 'Program writes where nothing is collected',
  why:
    'Bacalhau keeps what lies in the result paths, and stdout and stderr. Everything else in the container is deleted ' +
    'with it. Since 1.4 no path is collected by itself; before, `bacalhau docker run` collected /outputs.',
  remedy: 'Collect the folder: ResultPaths: [{ Name: outputs, Path: /outputs }], or -o outputs:/outputs.',
  examples: {
    bad: [
      {
        command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /outputs/now.txt'",
        expect: { stage: 'results', severity: 'warning', confidence: 'medium', message: 'writes to /outputs' },
      },
      {
        command: `${local} -o out:/out alpine:3.20 -- cp /etc/hostname /outputs/name`,
        expect: { stage: 'results', severity: 'warning', at: '/outputs/name', message: 'collects only /out' },
      },
      {
        title: 'an argument of a program that is not known',
        command: 'bacalhau docker run acme/count:1 -- count --out /outputs',
        expect: { stage: 'results', severity: 'warning', confidence: 'low', at: '/outputs', message: 'is given' },
      },
      {
        title: 'a variable for the program',
        command: 'bacalhau docker run -e OUTPUT_DIR=/outputs acme/draw:1',
        expect: {
          stage: 'results',
          severity: 'warning',
          confidence: 'low',
          message: 'The variable OUTPUT_DIR is given',
        },
      },
      {
        title: 'from the working directory',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, WorkingDirectory: /work, Entrypoint: [cp], Parameters: [/etc/hostname, ../outputs/a] }
`,
        expect: { stage: 'results', severity: 'warning', at: '../outputs/a', message: '/outputs' },
      },
      {
        title: 'an argument of a program, from a working directory that is not known',
        command: 'bacalhau docker run acme/draw:1 -- draw --output ../outputs/a.png',
        image: { unknown: ['image.config'] },
        expect: { stage: 'results', severity: 'warning', confidence: 'low', message: 'given ../outputs/a.png' },
      },
      {
        title: 'a folder beside the one that is collected',
        command: `${local} -o outputs:/outputs acme/draw:1 -- cp /etc/hostname ./outputs/`,
        image: { config: { workingDir: '/app' } },
        expect: { stage: 'results', severity: 'warning', confidence: 'high', message: 'which is /app/outputs' },
      },
      {
        title: 'a service, whose results nobody ever publishes',
        job: `
Name: count
Type: service
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/serve:1 } }
    Publisher: { Type: local }
    ResultPaths:
      - { Name: outputs, Path: /outputs }
`,
        expect: { stage: 'results', severity: 'warning', at: '/outputs', message: 'never published' },
      },
      {
        title: 'some other folder',
        command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /reports/now.txt'",
        expect: { stage: 'results', severity: 'info', confidence: 'low', message: '/reports' },
      },
    ],
    good: [
      { command: `${local} -o outputs:/outputs alpine:3.20 -- sh -c 'date > /outputs/now.txt'` },
      {
        title: 'a result path that the client refuses',
        command: `${local} -o outputs alpine:3.20 -- touch /outputs/a`,
      },
      { title: 'scratch files', command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /tmp/now && cat /tmp/now'" },
      {
        title: 'a file that the program itself reads again',
        command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /work/now && cat /work/now'",
      },
      {
        title: 'brought to where results are collected',
        command: `${local} -o out:/outputs alpine:3.20 -- sh -c 'date > /results/a && cp -r /results /outputs/'`,
      },
      {
        title: 'a folder of the node, mounted for writing',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [cp], Parameters: [/etc/hostname, /app/output/a] } }
    InputSources:
      - { Target: /app/output, Source: { Type: local, Params: { SourcePath: /srv/out, ReadWrite: true } } }
`,
      },
      {
        title: 'the folder of results, from a working directory that is not known',
        command: `${local} -o outputs:/app/outputs acme/draw:1 -- draw --output ./outputs`,
        image: { unknown: ['image.config'] },
      },
      { title: 'a word that is no folder', command: 'bacalhau docker run acme/stack:1 -- show outputs' },
      { command: 'bacalhau docker run alpine:3.20 -- date', target: '1.3' },
      { command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /outputs/now.txt'", target: '1.3' },
    ],
  },
  *check({ job, workload, target, image, source }) {
    if (job?.task?.engine?.docker === undefined || workload === undefined) return;
    const results = resultMounts(job.task);
    // One that is not known may be the one.
    if (results.length < job.task.resultPaths.length || isLeftOut(job, 'ResultPaths')) return;
    const type = job.type?.value;
    const ends = type !== 'service' && type !== 'daemon';
    if (!ends) yield* neverPublished(job.task, type);
    const collected = results.map(({ path }) => path);
    if (job.origin === 'command' && compareReleases(target.bacalhau, '1.4') < 0) collected.push('/outputs');
    const mounted = inputMounts(job.task).flatMap(({ writable, path }) => (writable ? [path] : []));
    const only = collected.length === 0 ? 'the job collects nothing' : `the job collects only ${collected.join(', ')}`;
    for (const { use, folder, meant } of lostWrites(workload, { collected, mounted, ends })) {
      const does = use.guess ? 'is given' : 'writes to';
      yield {
        at: use.word.at ?? image?.at ?? { span: { start: 0, end: source.text.length } },
        ...(meant === undefined ? { severity: 'info', confidence: 'low' } : {}),
        ...(use.guess ? { confidence: 'low' } : {}),
        evidence: use.origin,
        message: `${userOf(use)} ${does} ${shown(use, meant)}, but ${only}: what lies there is lost.`,
        remedy:
          collected.length > 0
            ? `Write below ${collected.join(' or ')}, or collect ${folder} too.`
            : collect(job, folder),
        ...(meant?.certain === true ? collectFix(job, folder, source) : {}),
      };
    }
  },
});

/** Results are published when an execution ends by itself, which those of a service or a daemon do not (1.1 to 1.9). */
function* neverPublished({ resultPaths }: Task, type: string): Iterable<RuleFinding> {
  for (const { path, at } of resultPaths) {
    yield {
      at: path ?? at,
      message: `Bacalhau publishes the results of batch and ops jobs: what a ${type} writes to ${path?.value ?? 'a result path'} is never published.`,
      remedy:
        'Let the program itself send out what it makes, write to a local input with ReadWrite: true, or make it a batch job.',
    };
  }
}

function collect({ origin, task }: JobSpec, folder: string): string {
  const [add, publish] =
    origin === 'command'
      ? [`-o outputs:${folder}`, '--publisher local']
      : [`the result path { Name: outputs, Path: ${folder} }`, 'a Publisher'];
  return `Add ${add}${task?.publisher === undefined ? ` and ${publish}` : ''}.`;
}

/** Adds a result path, and a publisher where there is none. */
function collectFix({ origin, task }: JobSpec, folder: string, source: SourceText): { fix?: Fix } {
  if (task === undefined) return {};
  const name = freeName(task.resultPaths, folder);
  if (name === undefined) return {};
  const publish = task.publisher === undefined;
  const last = task.resultPaths.at(-1);
  const edit =
    origin === 'command'
      ? addFlag(source, `${publish ? '--publisher local ' : ''}-o ${name}:${folder}`)
      : last !== undefined
        ? addItem(source, last.at.span, { Name: name, Path: folder })
        : addEntry(source, task.at.span, 'ResultPaths', [{ Name: name, Path: folder }]);
  return edit === undefined ? {} : { fix: { title: `Collect ${folder}`, safe: false, edits: [edit] } };
}

/** Names of result paths must differ: that of the folder, or else its whole path. */
function freeName(taken: readonly ResultPath[], folder: string): string | undefined {
  const parts = folder.split('/').filter((part) => part !== '');
  return [parts.at(-1) ?? '', parts.join('-')].find(
    (name) => /^[\w.-]+$/.test(name) && !taken.some((other) => other.name?.value === name),
  );
}

function shown({ path }: PathUse, meant: MeantFolder | undefined): string {
  if (meant?.written === undefined) return path;
  return meant.certain ? `${meant.written}, which is ${path}` : meant.written;
}
