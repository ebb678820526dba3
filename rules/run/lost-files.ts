import { defineRule } from '../../src/check/rule.js';

import type { JobSpec } from '../../src/job/job-spec.js';
import { commandPlace } from '../../src/job/place.js';
import { sizeText } from '../../src/text/size.js';
import { isAtOrBelow } from '../../src/text/posix-path.js';
import type { LostFile } from '../../src/workload/run-evidence.js';

const command = 'bacalhau docker run --publisher local -o outputs:/outputs acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/lost-files',
  judges: 'run',
  stage: 'results',
  severity: 'warning',
  title: 'Program wrote files that no result path collects',
  why:
    'Bacalhau keeps what lies in the result paths, and stdout and stderr. Everything else in the container is deleted ' +
    'with it. Places where programs leave scratch files (/tmp, /var, caches) are not counted.',
  remedy: 'Let the program write below a result path, or collect the folder too.',
  examples: {
    bad: [
      {
        title: 'a dry run that found a file beside the results',
        command,
        run: { lost: [{ path: '/app/cache.bin', bytes: 12e6 }] },
        expect: { stage: 'results', severity: 'warning', message: 'also wrote /app/cache.bin (12 MB)' },
      },
      {
        title: 'many files in one folder',
        command,
        run: {
          results: [],
          lost: [
            { path: '/results/a', bytes: 1 },
            { path: '/results/b', bytes: 2 },
          ],
        },
        expect: { stage: 'results', severity: 'warning', message: 'wrote 2 files below /results (3 B)' },
      },
    ],
    good: [
      { title: 'all files lay in the results', command, run: {} },
      { title: 'the container never started', command, run: { ended: 'not-started', lost: [] } },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run === undefined || run.lost.length === 0) return;
    const also = run.results.some(({ files }) => files.length > 0) ? 'also ' : '';
    for (const { folder, files } of byFolder(run.lost)) {
      const [first] = files;
      const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
      const what =
        files.length === 1 && first !== undefined ? first.path : `${String(files.length)} files below ${folder}`;
      const size = first?.bytes === undefined ? '' : ` (${sizeText(bytes)})`;
      yield {
        at: commandPlace(job),
        message: `The program ${also}wrote ${what}${size}, which no result path collects.`,
        remedy: remedyFor(job, folder, run.results[0]?.path),
      };
    }
  },
});

/** Nothing can be mounted at /, and the empty folder of a result path hides what the image has there. */
function remedyFor({ origin }: JobSpec, folder: string, collected: string | undefined): string {
  const below = collected === undefined ? 'Write to a folder that a result path collects' : `Write below ${collected}`;
  if (folder === '/') return `${below}.`;
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const add = origin === 'command' ? `-o ${name}:${folder}` : `{ Name: ${name}, Path: ${folder} } to ResultPaths`;
  return `${below}, or add ${add} if the image needs nothing that is there.`;
}

const MOST_FOLDERS = 3;

/** Files by the folder they lie in; one that lies below another counts there. */
function byFolder(files: readonly LostFile[]): { folder: string; files: LostFile[] }[] {
  const groups: { folder: string; files: LostFile[] }[] = [];
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const folder = file.path.slice(0, Math.max(1, file.path.lastIndexOf('/')));
    const group = groups.find((each) => each.folder !== '/' && isAtOrBelow(folder, each.folder));
    if (group !== undefined) group.files.push(file);
    else groups.push({ folder, files: [file] });
  }
  return groups.slice(0, MOST_FOLDERS);
}
