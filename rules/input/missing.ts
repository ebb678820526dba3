import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isLeftOut } from '../../src/job/refused.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';
import { isInputsPath, topFolder } from '../../src/workload/folders.js';
import { certainPart, touches, userOf } from '../../src/workload/path-uses.js';
import type { PathUse } from '../../src/workload/workload.js';

const jobWith = (parameters: string, source: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [cat], Parameters: ${parameters} } }
    InputSources:
      - { Target: /inputs, Source: ${source} }
`;
const OBJECT = '{ Type: s3, Params: { Bucket: acme, Key: logs/a.csv } }';

export default defineRule({
  id: 'input/missing',
  stage: 'run',
  severity: 'warning',
  uses: ({ job }) => (job?.task?.engine?.docker === undefined ? [] : ['image.config']),
  title: 'Program reads an input that the job does not have',
  why:
    'Only what InputSources name is in the container beside the image: a node mounts nothing else, and no folder of ' +
    'your machine. A program that reads /inputs without an input fails, and Bacalhau still shows the job as Completed.',
  remedy: 'Add an input with this Target (-i SOURCE:/inputs), or read the path where the input lies.',
  examples: {
    bad: [
      {
        command: "bacalhau docker run alpine:3.20 -- sh -c 'wc -l /inputs/a.csv'",
        expect: { stage: 'run', severity: 'warning', confidence: 'medium', message: 'no input lies at /inputs' },
      },
      {
        title: 'the input lies elsewhere',
        command: 'bacalhau docker run -i s3://acme/logs/:/data alpine:3.20 -- ls /inputs',
        expect: { stage: 'run', severity: 'warning', at: '/inputs', message: '/data' },
      },
      {
        title: 'one object, and another name',
        job: jobWith('[/inputs/b.csv]', OBJECT),
        expect: { stage: 'run', severity: 'error', at: '/inputs/b.csv', message: 'only /inputs/a.csv' },
      },
      {
        title: 'an argument of a program that is not known',
        command: 'bacalhau docker run acme/count:1 -- count --in /inputs/a.csv',
        expect: { stage: 'run', severity: 'warning', confidence: 'low', at: '/inputs/a.csv' },
      },
    ],
    good: [
      { job: jobWith('[/inputs/a.csv]', OBJECT) },
      { job: jobWith('[/inputs/b.csv]', '{ Type: s3, Params: { Bucket: acme, Key: logs/ } }') },
      {
        title: 'the program fetches it',
        command:
          "bacalhau docker run alpine:3.20 -- sh -c 'wget -P /inputs https://example.org/a.csv && cat /inputs/a.csv'",
      },
      { title: 'a path of the image', command: 'bacalhau docker run alpine:3.20 -- cat /etc/os-release /data/a.csv' },
      {
        title: 'the image declares the folder',
        command: 'bacalhau docker run acme/count:1 -- cat /inputs/a.csv',
        image: { config: { volumes: ['/inputs'] } },
      },
      {
        title: 'an input that the client refuses',
        command: 'bacalhau docker run -i /data:/inputs alpine:3.20 -- cat /inputs/a',
      },
      { title: 'only said', command: 'bacalhau docker run alpine:3.20 -- echo /inputs/a.csv' },
    ],
  },
  *check(context) {
    const { job, workload } = context;
    if (job?.task?.engine?.docker === undefined || workload === undefined || isLeftOut(job, 'InputSources')) return;
    const said = new Set<string>();
    for (const use of [...workload.reads, ...workload.mentions]) {
      if (said.has(topFolder(use.path)) || isMade(context, use)) continue;
      const finding = use.guess ? unprovided(context, use) : (otherObject(context, use) ?? unprovided(context, use));
      if (finding === undefined) continue;
      said.add(topFolder(use.path));
      yield finding;
    }
  },
});

/** The program makes it itself, before or after; or the image brings it. */
function isMade({ workload, facts }: RuleContext, use: PathUse): boolean {
  const volumes = facts['image.config']?.volumes ?? [];
  const part = certainPart(use.path);
  return (
    volumes.some((path) => isAtOrBelow(part, path)) || workload?.writes.some((write) => touches(write, part)) === true
  );
}

/** Nothing is mounted where people expect inputs. */
function unprovided(context: RuleContext, use: PathUse): RuleFinding | undefined {
  const task = context.job?.task;
  const inputs = inputMounts(task);
  if (!isInputsPath(use.path) || inputs.length < (task?.inputs.length ?? 0)) return undefined;
  if ([...inputs, ...resultMounts(task)].some(({ path }) => touches(use, path))) return undefined;
  const top = topFolder(use.path);
  const places = inputs.map(({ path }) => path).join(', ');
  const elsewhere =
    inputs.length === 0
      ? 'the job has no input'
      : `the ${inputs.length === 1 ? 'input of the job lies' : 'inputs of the job lie'} at ${places}`;
  const does = use.guess ? 'is given' : 'reads';
  return {
    ...about(context, use),
    confidence: use.guess ? 'low' : 'medium',
    message: `${userOf(use)} ${does} ${use.path}, but no input lies at ${top}: ${elsewhere}.`,
    remedy: `Add an input with the Target ${top} (-i SOURCE:${top}), or read the path where the input lies.`,
  };
}

/** An S3 object hides what the image has there, so that its one file is all there is. */
function otherObject(context: RuleContext, use: PathUse): RuleFinding | undefined {
  const mounts = inputMounts(context.job?.task);
  const object = mounts.find(
    ({ type, file, path }) => type === 's3' && file !== undefined && isAtOrBelow(use.path, path),
  );
  if (object?.file === undefined || use.path === object.path || certainPart(use.path) !== use.path) return undefined;
  const others = [...mounts, ...resultMounts(context.job?.task)].filter((mount) => mount !== object);
  if (use.path === object.file || others.some(({ path }) => touches(use, path))) return undefined;
  return {
    ...about(context, use),
    severity: 'error',
    message: `${userOf(use)} reads ${use.path}, but the input holds only ${object.file}.`,
    related: [{ message: 'the input', at: object.target }],
    remedy: `Read ${object.file}, or end the Key in / to get all that lies beside it.`,
  };
}

function about({ image, source }: RuleContext, use: PathUse): Pick<RuleFinding, 'at' | 'evidence'> {
  return { at: use.word.at ?? image?.at ?? { span: { start: 0, end: source.text.length } }, evidence: use.origin };
}
