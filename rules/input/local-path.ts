import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import type { InputSource } from '../../src/job/job-spec.js';
import { sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart } from '../../src/job/unfilled.js';
import { resolvePath } from '../../src/text/posix-path.js';
import { localPathAccess } from '../../src/target/local-paths.js';

const jobWith = (source: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /data
        Source: { ${source} }
`;

export default defineRule({
  id: 'input/local-path',
  stage: 'node',
  severity: 'warning',
  title: 'Local input lies on the node, not on your machine',
  why:
    'A local source mounts a path of the compute node in place. The path must exist there, and the operator must have ' +
    'listed it in Compute.AllowListedLocalPaths, with :rw for writing; every other node refuses the job ("is not ' +
    'allowlisted").',
  remedy: 'Put the data where nodes can fetch it (s3, ipfs, urlDownload), or ask the operator to list the path.',
  examples: {
    bad: [
      {
        job: jobWith('Type: local, Params: { SourcePath: /srv/data }'),
        expect: { stage: 'node', severity: 'warning', at: '/srv/data', message: 'on the node' },
      },
      {
        job: jobWith('Type: local, Params: { ReadWrite: true }'),
        expect: { stage: 'node', severity: 'error', at: 'local', message: 'no SourcePath' },
      },
      {
        title: 'the node makes it',
        job: jobWith('Type: local, Params: { SourcePath: /srv/cache, ReadWrite: true, CreateAs: dir }'),
        expect: {
          stage: 'node',
          severity: 'warning',
          message: 'nodes whose operator did not list it for writing refuse',
        },
      },
      {
        command: 'bacalhau docker run -i file:///home/ann/data:/data alpine:3.20',
        expect: { stage: 'node', severity: 'warning', message: '/home/ann/data' },
      },
    ],
    good: [
      { command: 'bacalhau docker run -i s3://acme/data/:/data alpine:3.20' },
      {
        title: 'a template variable without a value',
        job: jobWith('Type: local, Params: { SourcePath: "{{.path}}" }'),
      },
    ],
  },
  *check(context) {
    for (const input of context.job?.task?.inputs ?? []) {
      const type = sourceType(input);
      if (type !== 'local' && type !== 'localdirectory') continue;
      yield* judgePath(context, input);
    }
  },
});

function* judgePath({ job, target }: RuleContext, { source, at }: InputSource): Iterable<RuleFinding> {
  const path = textParam(source, 'SourcePath');
  if (path === undefined) {
    // A key Path in its place has a finding of its own, and a SourcePath that is no text as well.
    const named = [...(source?.params.keys() ?? [])].some(
      (key) => /^(?:source)?path$/i.test(key) && key !== 'SourcePath',
    );
    const given = source?.params.get('SourcePath')?.value ?? '';
    if (named || given !== '') return;
    yield {
      at: source?.type ?? at,
      severity: 'error',
      message: 'The local source has no SourcePath, and no node allows that.',
    };
    return;
  }
  if (unfilledPart(path.value)?.kind === 'template') return;
  const readWrite = source?.params.get('ReadWrite')?.value;
  const write = readWrite === true || readWrite === 'true';
  const access =
    target.localPaths === 'unknown'
      ? 'unknown'
      : localPathAccess(target.localPaths, resolvePath('/', path.value), write);
  if (access === 'allowed') return;
  const createAs = source?.params.get('CreateAs')?.value;
  const isMade = write && (createAs === 'dir' || createAs === 'file');
  const unlisted = `whose operator did not list it${write ? ' for writing' : ''}`;
  const refusing = isMade ? `nodes ${unlisted}` : `nodes without it, or ${unlisted},`;
  const listed = access === 'read-only' ? 'allow it for reading only' : 'do not allow it';
  yield access === 'unknown'
    ? {
        at: path,
        message: `${path.value} is a path on the node${job?.origin === 'command' ? ', not on your machine' : ''}: ${refusing} refuse the job.`,
      }
    : {
        at: path,
        severity: 'error',
        message: `${path.value} is a path on the node, and the nodes of ${target.name} ${listed}.`,
      };
}
