import { defineRule } from '../../src/check/rule.js';
import { imageCommand } from '../../src/workload/effective-command.js';
import { familyOf, programKind, withoutWrappers } from '../../src/workload/started.js';
import type { Word } from '../../src/workload/workload.js';
import { programName } from '../../src/workload/wrappers.js';

export default defineRule({
  id: 'command/entrypoint-repeated',
  stage: 'run',
  severity: 'error',
  imagePart: 'command',
  since: '1.1',
  needs: ({ job }) => {
    const docker = job?.task?.engine?.docker;
    const own = (docker?.entrypoint?.items.length ?? 0) > 0;
    return !own && (docker?.parameters?.items.length ?? 0) > 0 ? ['image.config'] : [];
  },
  title: "Parameters repeat the program that the image's ENTRYPOINT starts",
  why:
    "Since 1.1 Parameters are put after the image's ENTRYPOINT, as Docker does; before, they took its place. An " +
    'interpreter takes the first of them for the name of a script: `python python x.py` looks for a file called ' +
    '"python", and `bash bash -c …` ends with "cannot execute binary file".',
  remedy: "Leave the program out of Parameters, or name it in the job's Entrypoint.",
  examples: {
    bad: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/python:1, Parameters: [python, /app/count.py] }
`,
        image: { config: { entrypoint: ['/usr/bin/python3'] } },
        expect: {
          stage: 'run',
          severity: 'error',
          confidence: 'high',
          at: 'python',
          message: '/usr/bin/python3 python',
        },
      },
      {
        title: 'a shell that is given to a shell, behind tini',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/tools:1, Parameters: [bash, -c, "wc -l /inputs/a.csv"] }
`,
        image: { config: { entrypoint: ['/usr/bin/tini', '--', 'bash'] } },
        expect: { stage: 'run', severity: 'error', at: 'bash', message: 'cannot execute' },
      },
      {
        title: 'any other program is likely to fail',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/ffmpeg:7, Parameters: [ffmpeg, -i, /inputs/a.mp4, /outputs/a.webm] }
`,
        image: { config: { entrypoint: ['ffmpeg'] } },
        expect: { stage: 'run', severity: 'warning', at: 'ffmpeg', message: 'ffmpeg ffmpeg' },
      },
    ],
    good: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/python:1, Parameters: [/app/count.py] }
`,
        image: { config: { entrypoint: ['/usr/bin/python3'] } },
      },
      {
        title: 'an ENTRYPOINT that starts what it is given',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/db:1, Parameters: [docker-entrypoint.sh, postgres] }
`,
        image: { config: { entrypoint: ['docker-entrypoint.sh'] } },
      },
      {
        title: 'tini, which starts the program',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/python:1, Parameters: [python, /app/count.py] }
`,
        image: { config: { entrypoint: ['/usr/bin/tini', '--'], cmd: ['python'] } },
      },
      {
        title: "the job's own Entrypoint",
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/python:1, Entrypoint: [python], Parameters: [/app/count.py] }
`,
        image: { config: { entrypoint: ['python'] } },
      },
    ],
  },
  *check({ job, facts, workload }) {
    const config = facts['image.config'];
    if (job === undefined || config === undefined || workload?.command.arguments !== 'job') return;
    const { entrypoint } = imageCommand({ config, configKnown: true });
    if (entrypoint === 'unknown' || workload.command.entrypoint !== 'image') return;
    const image = withoutWrappers(entrypoint);
    const first = workload.command.words[entrypoint.length];
    const [program, ...rest] = image;
    if (program === undefined || first?.at === undefined || !isSame(program, first)) return;
    const name = programName(program);
    const kind = programKind(name);
    // `sh -c` takes its text from the next word; that the text is lone `sh` is another rule's.
    if (kind === 'shell' && rest.length > 0) return;
    const runs = `The image's ENTRYPOINT already starts ${program.text}, so the container runs "${program.text} ${first.text} …"`;
    const takesScript = (kind === 'shell' || kind === 'interpreter') && rest.length === 0;
    yield {
      at: first.at,
      evidence: first.origin,
      message: !takesScript
        ? `${runs} and the program gets its own name as an argument.`
        : kind === 'shell'
          ? `${runs}, which ends with "cannot execute binary file".`
          : `${runs}, which looks for a script of that name.`,
      ...(takesScript ? {} : { severity: 'warning' as const }),
    };
  },
});

/** The same program, or its sister; scripts and programs that start others are left alone. */
function isSame(program: Word, first: Word): boolean {
  const [a, b] = [programName(program), programName(first)];
  if (a === '' || a.includes('.sh') || a.includes('entrypoint') || a === 'busybox' || a === 'echo') return false;
  return familyOf(a) === familyOf(b) && (first.text === b || first.text.endsWith(`/bin/${b}`));
}
