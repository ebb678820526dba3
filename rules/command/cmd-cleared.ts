import { defineRule } from '../../src/check/rule.js';
import { shortened } from '../../src/text/shortened.js';
import { programName } from '../../src/workload/wrappers.js';

export default defineRule({
  id: 'command/cmd-cleared',
  stage: 'run',
  severity: 'warning',
  imagePart: 'command',
  needs: ({ job }) => {
    const docker = job?.task?.engine?.docker;
    const lone = (docker?.entrypoint?.items.length ?? 0) > 0 && (docker?.parameters?.items.length ?? 0) === 0;
    return lone ? ['image.config'] : [];
  },
  title: "The job's Entrypoint clears the image's CMD",
  why:
    "Bacalhau hands the job's Entrypoint to Docker, which then drops the image's CMD as well as its ENTRYPOINT. A job " +
    'that only repeats the beginning of what the image runs starts the program without its arguments.',
  remedy: "Put the image's CMD into the Parameters, or leave Entrypoint out.",
  examples: {
    bad: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Entrypoint: [python] } }
`,
        image: { config: { entrypoint: ['python'], cmd: ['/app/count.py', '--all'] } },
        expect: { stage: 'run', severity: 'warning', at: 'python', message: '/app/count.py --all' },
      },
      {
        title: 'an option more, and the script is gone',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Entrypoint: [python3, -u] } }
`,
        image: { config: { entrypoint: [], cmd: ['python3', '/app/count.py'] } },
        expect: { stage: 'run', severity: 'warning', at: 'python3', message: '/app/count.py' },
      },
    ],
    good: [
      {
        title: 'a whole command of its own',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Entrypoint: [python, /app/other.py] } }
`,
        image: { config: { entrypoint: ['python'], cmd: ['/app/count.py'] } },
      },
      {
        title: 'another program',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Entrypoint: [/app/run] } }
`,
        image: { config: { entrypoint: ['python'], cmd: ['/app/count.py'] } },
      },
      {
        title: 'the CMD is given again',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/count:1, Entrypoint: [python], Parameters: [/app/count.py] } }
`,
        image: { config: { entrypoint: ['python'], cmd: ['/app/count.py'] } },
      },
    ],
  },
  *check({ job, facts }) {
    const config = facts['image.config'];
    const docker = job?.task?.engine?.docker;
    const [first, ...more] = docker?.entrypoint?.items ?? [];
    if (config === undefined || first === undefined || (docker?.parameters?.items.length ?? 0) > 0) return;
    const [program, ...rest] = [...config.entrypoint, ...config.cmd];
    if (program === undefined || config.cmd.length === 0 || baseName(program) !== baseName(first.value)) return;
    // What the job keeps of the arguments; anything else than options makes it a command of its own.
    const own = more.filter(({ value }) => !rest.includes(value));
    const kept = more.map(({ value }) => value);
    const lost = rest.filter((word) => !kept.includes(word));
    if (lost.length === 0 || own.some(({ value }) => !value.startsWith('-') || value === '-c' || value === '-m'))
      return;
    yield {
      at: first,
      message:
        `The image runs ${shortened([program, ...rest].join(' '))}; the job's Entrypoint takes the place of all of it, ` +
        `so ${first.value} starts without ${shortened(lost.join(' '))}.`,
    };
  },
});

function baseName(path: string): string {
  return programName({ text: path, known: true, origin: 'spec', from: 'image' });
}
