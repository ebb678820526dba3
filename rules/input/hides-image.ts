import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isAtOrBelow, resolvePath } from '../../src/text/posix-path.js';
import type { EffectiveCommand } from '../../src/workload/workload.js';

export default defineRule({
  id: 'input/hides-image',
  stage: 'run',
  severity: 'error',
  uses: ({ job }) => (job?.task?.engine?.docker === undefined ? [] : ['image.config']),
  title: 'Mount hides the program of the image',
  why:
    'A node mounts a folder over what the image has at that path, for inputs and for result paths alike (URL inputs are ' +
    'the exception: their one file is put into the image’s folder). A program that the image brings below that path ' +
    'is gone for this job, and Docker says "no such file or directory".',
  remedy: 'Give the mount a path of its own, such as /inputs or /outputs.',
  examples: {
    bad: [
      {
        command: 'bacalhau docker run -i s3://acme/logs/:/app acme/count:1',
        image: { config: { entrypoint: ['/app/count.sh'] } },
        expect: { stage: 'run', severity: 'error', at: '/app', message: '/app/count.sh' },
      },
      {
        title: 'results over the code',
        command: 'bacalhau docker run -o out:/srv acme/count:1',
        image: { config: { entrypoint: ['python', 'main.py'], workingDir: '/srv' } },
        expect: { stage: 'run', severity: 'warning', at: '/srv', message: '/srv/main.py' },
      },
    ],
    good: [
      {
        command: 'bacalhau docker run -i s3://acme/logs/:/app/data acme/count:1',
        image: { config: { entrypoint: ['/app/count.sh'] } },
      },
      {
        title: 'one file is put into the folder of the image',
        command: 'bacalhau docker run -i https://example.org/a.csv:/app acme/count:1',
        image: { config: { entrypoint: ['/app/count.sh'] } },
      },
      {
        title: 'the job brings its own program in the input',
        command: 'bacalhau docker run -i s3://acme/code/:/app acme/count:1 -- /app/run.sh',
        image: { config: { entrypoint: [] } },
      },
    ],
  },
  *check({ job, workload }) {
    if (workload === undefined) return;
    const own = filesOfImage(workload.command);
    for (const { path, target, shape } of [...inputMounts(job?.task), ...resultMounts(job?.task)]) {
      if (shape === 'file' || shape === 'file-inside') continue;
      const hidden = own.find((file) => isAtOrBelow(file.path, path) && file.path !== path);
      if (hidden === undefined) continue;
      const finding: RuleFinding = {
        at: target,
        message: `The image starts ${hidden.path}, which the mount on ${path} hides.`,
      };
      yield hidden.certain ? finding : { ...finding, severity: 'warning', confidence: 'medium' };
    }
  },
});

/** Files that the image's own command names: its program by an absolute path, and scripts by their ending. */
function filesOfImage({ words, workingDir }: EffectiveCommand): { path: string; certain: boolean }[] {
  return words.flatMap(({ text, known, from }, index): { path: string; certain: boolean }[] => {
    if (!known || from !== 'image') return [];
    if (index === 0 && text.startsWith('/')) return [{ path: resolvePath('/', text), certain: true }];
    if (workingDir === undefined || !/^[^-].*\.(?:py|sh|js|mjs|jar|rb|pl|R|r)$/.test(text)) return [];
    return [{ path: resolvePath(workingDir, text), certain: false }];
  });
}
