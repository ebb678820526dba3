import { defineRule, type Fix } from '../../src/check/rule.js';
import { addFlag } from '../../src/job/add-flag.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { addEntry } from '../../src/text/insert.js';
import type { SourceText } from '../../src/text/source.js';
import { isLeftOut } from '../../src/job/refused.js';
import { compareReleases } from '../../src/target/release.js';

const jobWith = (publisher: string, results: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }${publisher}
    ResultPaths: ${results}
`;
const OUTPUTS = '[{ Name: outputs, Path: /outputs }]';

export default defineRule({
  id: 'output/no-publisher',
  stage: 'orchestrator',
  severity: 'error',
  title: 'Result paths without a publisher',
  why:
    'Results go nowhere without a publisher, and the server refuses such a job ("publisher must be set if result ' +
    'paths are set") unless its operator set a default one. Up to 1.4 the client said so; `bacalhau job validate` ' +
    'does not.',
  remedy: 'Add a Publisher to the task (Type: local, s3, s3managed or ipfs); on a command line --publisher local.',
  examples: {
    bad: [
      {
        job: jobWith('', OUTPUTS),
        expect: { stage: 'orchestrator', severity: 'error', at: '/outputs', message: 'no publisher' },
      },
      {
        command: 'bacalhau docker run -o outputs:/outputs alpine:3.20',
        expect: { stage: 'orchestrator', severity: 'error', message: 'no publisher' },
      },
      { job: jobWith('', OUTPUTS), target: '1.4', expect: { stage: 'client', severity: 'error' } },
    ],
    good: [
      { job: jobWith('\n    Publisher: { Type: local }', OUTPUTS) },
      { command: 'bacalhau docker run --publisher s3://acme/results -o outputs:/outputs alpine:3.20' },
      {
        title: 'a publisher that the client refuses',
        command: 'bacalhau docker run -p noop -o outputs:/outputs alpine:3.20',
      },
      { title: 'the usual job collects nothing', job: jobWith('', '[]') },
    ],
  },
  *check({ job, target, source }) {
    const [first] = job?.task?.resultPaths ?? [];
    if (job?.task === undefined || first === undefined || isLeftOut(job, 'Publisher')) return;
    const type = job.task.publisher?.type?.value.trim() ?? '';
    if (type !== '' || (job.task.publisher?.params.size ?? 0) > 0 || target.defaultPublisher === 'yes') return;
    const inClient = compareReleases(target.bacalhau, '1.5') < 0;
    // Before 1.4 a command line always had a result path, and its own way to do without a publisher.
    if (job.origin === 'command' && compareReleases(target.bacalhau, '1.4') < 0) return;
    const unless = target.defaultPublisher === 'unknown' && !inClient ? ', unless its operator set a default one' : '';
    yield {
      at: first.path ?? first.at,
      ...(inClient ? { stage: 'client' } : {}),
      message: `There are result paths and no publisher to send them to: ${inClient ? 'bacalhau' : 'the server'} refuses the job${unless}.`,
      ...addPublisher(job, source),
    };
  },
});

/** `local` is the publisher that every node has; where results then lie is for the user to know. */
function addPublisher({ origin, task }: JobSpec, source: SourceText): { fix?: Fix } {
  if (task === undefined || task.publisher !== undefined) return {};
  const edit =
    origin === 'command'
      ? addFlag(source, '--publisher local')
      : addEntry(source, task.at.span, 'Publisher', { Type: 'local' });
  return edit === undefined ? {} : { fix: { title: 'Add the publisher local', safe: false, edits: [edit] } };
}
