import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { looksLikeFile } from '../../src/job/input-name.js';
import { resultMounts, type ResultMount } from '../../src/job/mounts.js';
import { allUses } from '../../src/workload/path-uses.js';

const local = 'bacalhau docker run --publisher local';

export default defineRule({
  id: 'output/path-is-folder',
  stage: 'run',
  severity: 'warning',
  uses: ({ job }) => (filesOf(job).length > 0 ? ['image.config'] : []),
  title: 'Result path looks like a file and becomes a folder',
  why:
    'For every result path a node makes an empty folder and mounts it there before the program starts, whatever the ' +
    'path is called. A program that writes a file of that name ends with "Is a directory"; where the image has a file ' +
    'there, Docker refuses to start ("Are you trying to mount a directory onto a file").',
  remedy: 'Collect the folder that the file lies in.',
  examples: {
    bad: [
      {
        command: `${local} -o log:/outputs/run.log alpine:3.20 -- sh -c 'date > /outputs/run.log'`,
        expect: { stage: 'run', severity: 'error', confidence: 'medium', at: '/outputs/run.log', message: 'The shell' },
      },
      {
        title: 'a program that is not known',
        command: `${local} -o log:/app/run.log acme/count:1 -- count --log /app/run.log`,
        expect: { stage: 'run', severity: 'warning', confidence: 'medium', message: 'looks like a file' },
      },
    ],
    good: [
      { command: `${local} -o outputs:/outputs alpine:3.20 -- cp /etc/hosts /outputs/model.pt` },
      {
        title: 'the folder of the file',
        command: `${local} -o out:/outputs alpine:3.20 -- sh -c 'date > /outputs/a.txt'`,
      },
      { title: 'a folder with a dot', command: `${local} -o out:/outputs/run.d alpine:3.20 -- ls` },
      {
        title: 'the program treats it as a folder',
        command: `${local} -o out:/srv/acme.org alpine:3.20 -- cp /etc/hosts /srv/acme.org/hosts`,
      },
    ],
  },
  *check(context) {
    for (const mount of filesOf(context.job)) {
      const finding = judgeMount(context, mount);
      if (finding !== undefined) yield finding;
    }
  },
});

function filesOf(job: RuleContext['job']): ResultMount[] {
  if (job?.task?.engine?.docker === undefined) return [];
  return resultMounts(job.task).filter(({ path }) => looksLikeFile(path));
}

function judgeMount({ workload }: RuleContext, { path, target }: ResultMount): RuleFinding | undefined {
  if (workload !== undefined && allUses(workload).some((use) => use.path.startsWith(`${path}/`))) return undefined;
  const write = workload?.writes.find((use) => use.path === path && !use.guess && FILES_ONLY.has(use.by));
  const folder = path.slice(0, path.lastIndexOf('/'));
  const remedy = folder === '' ? {} : { remedy: `Collect ${folder}, the folder that the file lies in.` };
  if (write === undefined) {
    return {
      at: target,
      confidence: 'medium',
      message: `${path} looks like a file, but a node mounts an empty folder there.`,
      ...remedy,
    };
  }
  return {
    at: target,
    severity: 'error',
    evidence: write.origin,
    message: `${write.by === '>' ? 'The shell' : write.by} writes to ${path} as a file, but a node mounts an empty folder there.`,
    related: write.word.at === undefined ? [] : [{ message: 'it is written here', at: write.word.at }],
    ...remedy,
  };
}

/** What writes files only. `cp a b` and its like put a into b where b is a folder. */
const FILES_ONLY = new Set(['>', 'tee', 'dd', 'sort', 'ffmpeg']);
