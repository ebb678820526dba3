import { defineRule, type RuleContext } from '../../src/check/rule.js';
import { readShellCall } from '../../src/workload/shell-call.js';
import { programKind, withoutWrappers } from '../../src/workload/started.js';
import { programName } from '../../src/workload/wrappers.js';

export default defineRule({
  id: 'command/nothing-to-run',
  stage: 'run',
  severity: 'error',
  imagePart: 'command',
  needs: ({ kind, job }) => {
    const docker = job?.task?.engine?.docker;
    const given = [docker?.entrypoint, docker?.parameters].some((list) => (list?.items.length ?? 0) > 0);
    return kind === 'image' || (docker !== undefined && !given) ? ['image.config'] : [];
  },
  title: 'There is no program to run',
  why:
    'A container runs ENTRYPOINT and CMD of its image, or what the job puts in their place. With neither, Docker refuses ' +
    'to create it ("No command specified"). A shell or interpreter alone waits for input that a job never has, and ' +
    'ends at once with 0: the job is Completed and has done nothing.',
  remedy: 'Give the job an Entrypoint or Parameters that start the program.',
  examples: {
    bad: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/data:1 } }
`,
        image: { config: { entrypoint: [], cmd: [] } },
        expect: {
          stage: 'run',
          severity: 'error',
          confidence: 'high',
          at: 'acme/data:1',
          message: 'No command specified',
        },
      },
      {
        title: 'the shell that the image starts when nothing is asked of it',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: ubuntu:24.04 } }
`,
        image: { config: { cmd: ['/bin/bash'] } },
        expect: { stage: 'results', severity: 'warning', at: 'ubuntu:24.04', message: '/bin/bash' },
      },
      {
        title: 'a shell that was promised a text',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: ubuntu:24.04, Entrypoint: [/bin/bash, -c] } }
`,
        expect: { stage: 'run', severity: 'error', at: '-c', message: 'no text' },
      },
      {
        dockerfile: 'FROM scratch\nCOPY count /count\n',
        expect: { stage: 'run', severity: 'info', message: 'ENTRYPOINT' },
      },
    ],
    good: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/data:1, Parameters: [/count] } }
`,
        image: { config: { entrypoint: [], cmd: [] } },
      },
      { title: 'what the base brings along is not known', dockerfile: 'FROM acme/base:1\nCOPY count /count\n' },
      { title: 'an image for other commands', reference: 'ubuntu:24.04', image: { config: { cmd: ['/bin/bash'] } } },
    ],
  },
  *check(context) {
    const { workload, kind, image, dockerfile } = context;
    if (!workload?.command.complete) return;
    const { words } = workload.command;
    const at = image?.at ?? dockerfile?.final?.base ?? wholeText(context);
    if (words.length === 0) {
      const what = kind === 'dockerfile' ? 'The final stage' : (image?.text ?? 'The image');
      const consequence =
        kind === 'job' || kind === 'command'
          ? 'and the job names no program, so Docker refuses to create the container: "No command specified".'
          : 'so every job has to name its program.';
      const found = `${what} has neither ENTRYPOINT nor CMD, ${consequence}`;
      yield kind === 'job' || kind === 'command' ? { at, message: found } : { at, message: found, severity: 'info' };
      return;
    }
    if (kind !== 'job' && kind !== 'command') return;
    const inner = withoutWrappers(words);
    const last = inner.at(-1);
    if (!last?.known) return;
    if (inner.length === 2 && last.text === '-c' && readShellCall(inner)?.kind === 'input') {
      yield {
        at: last.at ?? at,
        evidence: last.origin,
        message: 'The shell gets -c and no text to run, and ends with 2.',
      };
    } else if (inner.length === 1 && isWaiting(programName(last))) {
      yield {
        at: last.at ?? at,
        stage: 'results',
        severity: 'warning',
        evidence: last.origin,
        message: `The container starts only ${last.text}, which finds no input and ends at once with nothing done.`,
      };
    }
  },
});

/** Programs that read commands from their input when they are given none. Others with the same habit print help. */
function isWaiting(name: string): boolean {
  return programKind(name) === 'shell' || ['python', 'python3', 'node', 'R', 'julia', 'irb', 'php'].includes(name);
}

function wholeText({ source }: RuleContext): { span: { start: number; end: number } } {
  return { span: { start: 0, end: source.text.length } };
}
