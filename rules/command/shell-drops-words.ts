import { defineRule } from '../../src/check/rule.js';
import { shortened } from '../../src/text/shortened.js';
import { usesPositional } from '../../src/workload/positional.js';
import { readShellCall } from '../../src/workload/shell-call.js';
import { withoutWrappers } from '../../src/workload/started.js';

export default defineRule({
  id: 'command/shell-drops-words',
  stage: 'results',
  severity: 'error',
  imagePart: 'command',
  uses: ({ job }) => {
    const docker = job?.task?.engine?.docker;
    const own = (docker?.entrypoint?.items.length ?? 0) > 0;
    return !own && (docker?.parameters?.items.length ?? 0) > 0 ? ['image.config'] : [];
  },
  title: 'Words after the text of `sh -c` are dropped',
  why:
    '`sh -c` runs one word as its text. The words after it become $0, $1 and so on: `sh -c echo hello` runs `echo`, and ' +
    'prints an empty line. The same holds for Parameters after an ENTRYPOINT in shell form. The shell ends with 0.',
  remedy: 'Put the whole command into one word after -c.',
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
      Params: { Image: alpine:3.20, Entrypoint: [/bin/sh, -c], Parameters: [wc, -l, /inputs/a.csv] }
`,
        expect: { stage: 'results', severity: 'error', at: '-l', message: 'runs only "wc"' },
      },
      {
        title: 'an ENTRYPOINT in shell form',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/count:1, Parameters: [--all] }
`,
        image: { config: { entrypoint: ['/bin/sh', '-c', 'python /app/count.py'] } },
        expect: { stage: 'results', severity: 'warning', at: '--all', message: 'python /app/count.py' },
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
      Params: { Image: alpine:3.20, Entrypoint: [/bin/sh, -c], Parameters: ["wc -l /inputs/a.csv"] }
`,
      },
      {
        title: 'a text that uses them',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, Entrypoint: [/bin/sh, -c, 'wc -l "$@"'], Parameters: [sh, /inputs/a.csv] }
`,
      },
    ],
  },
  *check({ workload }) {
    if (workload === undefined) return;
    const call = readShellCall(withoutWrappers(workload.command.words));
    if (call?.kind !== 'text' || !call.text.known || usesPositional(call.text.text)) return;
    const dropped = call.parameters.find(({ at }) => at !== undefined);
    // One word more is the name under which the shell speaks of itself.
    const isName = call.parameters.length === 1 && call.text.from === 'subject' && /\s/.test(call.text.text);
    if (dropped?.at === undefined || isName) return;
    const isWord = call.text.from === 'subject' && !/\s/.test(call.text.text);
    yield {
      at: dropped.at,
      evidence: dropped.origin,
      message: `The shell runs only "${shortened(call.text.text)}"; what follows, from "${shortened(dropped.text)}" on, does not reach it.`,
      ...(isWord ? {} : { severity: 'warning' as const }),
    };
  },
});
