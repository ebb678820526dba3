import { defineRule, type RuleContext } from '../../src/check/rule.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { compareReleases } from '../../src/target/release.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';
import { liesIn, touches } from '../../src/workload/path-uses.js';
import { isOutputsPath, isSystemPath, topFolder } from '../../src/workload/folders.js';
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
        title: 'some other folder',
        command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /reports/now.txt'",
        expect: { stage: 'results', severity: 'info', confidence: 'low', message: '/reports' },
      },
    ],
    good: [
      { command: `${local} -o outputs:/outputs alpine:3.20 -- sh -c 'date > /outputs/now.txt'` },
      { title: 'scratch files', command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /tmp/now && cat /tmp/now'" },
      {
        title: 'a file that the program itself reads again',
        command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /work/now && cat /work/now'",
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
      { command: 'bacalhau docker run alpine:3.20 -- date', target: '1.3' },
      { command: "bacalhau docker run alpine:3.20 -- sh -c 'date > /outputs/now.txt'", target: '1.3' },
    ],
  },
  *check(context) {
    const { job, workload, target, image, source } = context;
    if (job?.task?.engine?.docker === undefined || workload === undefined) return;
    const results = resultMounts(job.task);
    if (results.length < job.task.resultPaths.length) return; // one is not known, and may be the one
    const collected = results.map(({ path }) => path);
    if (job.origin === 'command' && compareReleases(target.bacalhau, '1.4') < 0) collected.push('/outputs');
    const writes = inOrder(workload.writes.filter(({ guess }) => !guess));
    const given = workload.mentions.filter((use) => isOutputsPath(use.path));
    const said = new Set<string>();
    for (const use of [...writes, ...given]) {
      const top = topFolder(use.path);
      const kept = collected.some((path) => liesIn(use, path) || isAtOrBelow(path, use.path));
      if (said.has(top) || kept || isScratch(context, use)) continue;
      said.add(top);
      const does = use.guess ? `is given ${use.path}` : `writes to ${use.path}`;
      const only =
        collected.length === 0 ? 'the job collects nothing' : `the job collects only ${collected.join(', ')}`;
      yield {
        at: use.word.at ?? image?.at ?? { span: { start: 0, end: source.text.length } },
        ...(isOutputsPath(use.path) ? {} : { severity: 'info', confidence: 'low' }),
        ...(use.guess ? { confidence: 'low' } : {}),
        evidence: use.origin,
        message: `${use.by === '>' ? 'The shell' : use.by} ${does}, but ${only}: what lies there is lost.`,
        remedy: `Collect the folder: a result path { Name: outputs, Path: ${top} }, or -o outputs:${top}, and a publisher.`,
      };
    }
  },
});

/** What makes a folder says less than what writes into it. */
function inOrder(writes: readonly PathUse[]): PathUse[] {
  return [...writes.filter(({ by }) => by !== 'mkdir'), ...writes.filter(({ by }) => by === 'mkdir')];
}

/** Files in the working directory, of the system, in an input that can be written, or read again are not meant as results. */
function isScratch({ job, workload }: RuleContext, use: PathUse): boolean {
  if (inputMounts(job?.task).some(({ writable, path }) => writable && liesIn(use, path))) return true;
  if (isOutputsPath(use.path)) return false;
  const relative = !/^(?:[^/]*=)?\//.test(use.word.text);
  if (relative || isSystemPath(use.path)) return true;
  if (job?.type?.value === 'service' || job?.type?.value === 'daemon') return true;
  return [...(workload?.reads ?? []), ...(workload?.mentions ?? [])].some((other) => touches(other, use.path));
}
