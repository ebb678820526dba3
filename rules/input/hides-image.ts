import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import type { FilesBelow } from '../../src/image/facts.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isAtOrBelow, resolvePath } from '../../src/text/posix-path.js';
import type { EffectiveCommand } from '../../src/workload/workload.js';

export default defineRule({
  id: 'input/hides-image',
  stage: 'run',
  severity: 'error',
  uses: ({ job, deep }) =>
    job?.task?.engine?.docker === undefined ? [] : ['image.config', ...(deep ? ['image.files' as const] : [])],
  title: 'Mount hides the program of the image',
  why:
    'A node mounts a folder over what the image has at that path, for inputs and for result paths alike (URL inputs are ' +
    'the exception: their one file is put into the image’s folder). A program that the image brings below that path ' +
    'is gone for this job, and Docker says "no such file or directory". With --deep, what the mount hides is named.',
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
      {
        title: 'files that the image has there, seen with --deep',
        command: 'bacalhau docker run -i s3://acme/logs/:/opt/models acme/count:1',
        deep: true,
        image: { files: { '/opt/models/a.bin': {}, '/opt/models/b.bin': {}, '/bin/sh': {} } },
        expect: { stage: 'run', severity: 'info', at: '/opt/models', message: '2 files of the image: a.bin, b.bin' },
      },
      {
        title: 'the working directory of the image',
        command: 'bacalhau docker run -o out:/srv acme/count:1',
        deep: true,
        image: { config: { workingDir: '/srv' }, files: { '/srv/model.bin': {}, '/bin/sh': {} } },
        expect: { stage: 'run', severity: 'warning', message: 'the working directory of the image, and 1 file' },
      },
    ],
    good: [
      {
        title: 'an empty working directory, as --deep sees',
        command: 'bacalhau docker run -o out:/work acme/count:1',
        deep: true,
        image: { config: { workingDir: '/work' }, files: { '/bin/sh': {} } },
      },
      {
        title: 'a script that the mount brings, as --deep sees',
        command: 'bacalhau docker run -i s3://acme/code/:/srv acme/count:1',
        deep: true,
        image: { config: { entrypoint: ['python', 'main.py'], workingDir: '/srv' }, files: { '/bin/sh': {} } },
      },
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
  *check({ job, workload, facts, image }) {
    if (workload === undefined) return;
    const files = facts['image.files'];
    const workingDir = resolvePath('/', facts['image.config']?.workingDir ?? '');
    const own = filesOfImage(workload.command).filter(({ path }) => files?.stat(path).kind !== 'absent');
    for (const { path, target, shape } of [...inputMounts(job?.task), ...resultMounts(job?.task)]) {
      if (shape === 'file' || shape === 'file-inside') continue;
      const related = image === undefined ? [] : [{ message: `the image has ${path}`, at: image.at }];
      const hidden = own.find((file) => isAtOrBelow(file.path, path) && file.path !== path);
      const below = files?.below(path);
      if (hidden !== undefined) {
        const message = `The image starts ${hidden.path}, which the mount on ${path} hides.`;
        const finding: RuleFinding = { at: target, message, related };
        yield hidden.certain || files !== undefined
          ? finding
          : { ...finding, severity: 'warning', confidence: 'medium' };
      } else if (below !== undefined && below.count > 0) {
        const isHome = workingDir !== '/' && isAtOrBelow(workingDir, path);
        const what = `${isHome ? 'the working directory of the image, and ' : ''}${namesOf(below, path)}`;
        yield {
          at: target,
          severity: isHome ? 'warning' : 'info',
          message: `The mount on ${path} hides ${what}.`,
          related,
        };
      }
    }
  },
});

/** How many files, and the first names below the mount. */
function namesOf({ count, isMore, paths }: FilesBelow, folder: string): string {
  const names = paths.slice(0, MOST_NAMES).map((path) => path.slice(folder === '/' ? 1 : folder.length + 1));
  const number = `${isMore ? 'more than ' : ''}${String(count)} file${count === 1 ? '' : 's'} of the image`;
  return `${number}: ${names.join(', ')}${count > MOST_NAMES ? ', …' : ''}`;
}

const MOST_NAMES = 5;

/** Files that the image's own command names: its program by an absolute path, and scripts by their ending. */
function filesOfImage({ words, workingDir }: EffectiveCommand): { path: string; certain: boolean }[] {
  return words.flatMap(({ text, known, from }, index): { path: string; certain: boolean }[] => {
    if (!known || from !== 'image') return [];
    if (index === 0 && text.startsWith('/')) return [{ path: resolvePath('/', text), certain: true }];
    if (workingDir === undefined || !/^[^-].*\.(?:py|sh|js|mjs|jar|rb|pl|R|r)$/.test(text)) return [];
    return [{ path: resolvePath(workingDir, text), certain: false }];
  });
}
