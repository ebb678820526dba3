import { defineRule, type Fix, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { shortened } from '../../src/text/shortened.js';
import { readShellCall } from '../../src/workload/shell-call.js';
import { withoutWrappers } from '../../src/workload/started.js';
import type { Word } from '../../src/workload/workload.js';

export default defineRule({
  id: 'command/entrypoint-one-word',
  stage: 'run',
  severity: 'error',
  uses: ({ job }) => {
    const docker = job?.task?.engine?.docker;
    const own = (docker?.entrypoint?.items.length ?? 0) > 0;
    const first = docker?.parameters?.items[0]?.value ?? '';
    return !own && /\s/.test(first) ? ['image.config'] : [];
  },
  title: 'A whole command stands in one word',
  why:
    'The first word of a command is the name of the program, spaces included; nothing splits it. The container cannot ' +
    'be started: "executable file not found in $PATH". One word with spaces is right after `sh -c`, and for an image ' +
    'whose ENTRYPOINT takes it as an argument.',
  remedy: 'Write each word as an item of its own, or let a shell read it: Entrypoint ["/bin/sh", "-c"].',
  examples: {
    bad: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Parameters: ["echo hello"] } }
`,
        expect: {
          stage: 'run',
          severity: 'error',
          confidence: 'high',
          at: 'echo hello',
          message: 'called "echo hello"',
        },
      },
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: ["/bin/sh -c"], Parameters: [ls] } }
`,
        expect: { stage: 'run', severity: 'error', at: '/bin/sh -c' },
      },
      {
        title: 'a shell without -c',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [sh, "echo hello"] } }
`,
        expect: { stage: 'run', severity: 'error', at: 'echo hello', message: 'a script that is called "echo hello"' },
      },
      {
        title: 'a line for an image that is not known',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/train:1, Parameters: ["python train.py --epochs 3"] } }
`,
        image: { unknown: ['image.config'] },
        expect: { stage: 'run', severity: 'warning', confidence: 'low', at: 'python train.py --epochs 3' },
      },
      {
        dockerfile: 'FROM python:3.12\nENTRYPOINT ["python /app/count.py"]\n',
        expect: { stage: 'run', severity: 'error', at: 'python /app/count.py' },
      },
    ],
    good: [
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Parameters: [echo, hello] } }
`,
      },
      {
        title: 'an argument of the ENTRYPOINT of the image',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/duckdb:1, Parameters: ["SELECT 1"] } }
`,
        image: { config: { entrypoint: ['duckdb', '-c'] } },
      },
      {
        title: 'a shell',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [/bin/sh, -c], Parameters: ["echo hello"] } }
`,
      },
      {
        title: 'a query for an image that is not known',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/duckdb:1, Parameters: ["SELECT 1"] } }
`,
        image: { unknown: ['image.config'] },
      },
      {
        title: 'a script with a blank in its name',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [sh, "/app/run all.sh"] } }
`,
      },
      { dockerfile: 'FROM python:3.12\nENTRYPOINT python /app/count.py\n' },
    ],
  },
  *check(context) {
    const command = context.workload?.command;
    if (command?.entrypoint === 'unknown') {
      yield* ofUnknownImage(context);
      return;
    }
    const program = command?.words[0];
    if (command === undefined) return;
    const call = readShellCall(withoutWrappers(command.words));
    if (call?.kind === 'script' && call.script.at !== undefined && call.script.known && isShellText(call.script.text)) {
      yield {
        at: call.script.at,
        evidence: call.script.origin,
        message: `The shell looks for a script that is called "${shortened(call.script.text)}", spaces included, and ends with 127.`,
        remedy: 'Put -c before it, as a word of its own.',
      };
      return;
    }
    if (program?.at === undefined) return;
    const words = program.text.split(/\s+/).filter((word) => word !== '');
    if (!program.known || words.length < 2) return;
    // A folder may have a space in its name.
    const isPath = program.text.startsWith('/') && words.slice(1).some((word) => word.includes('/'));
    const list = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
    const shell = needsShell(program.text);
    yield {
      at: program.at,
      evidence: program.origin,
      message: `The container looks for a program that is called "${shortened(program.text)}", spaces included, and does not start.`,
      remedy: shell
        ? 'Let a shell read it: Entrypoint ["/bin/sh", "-c"], and this text as the only word of Parameters.'
        : `Write each word as an item of its own: ${list}.`,
      ...(isPath ? { severity: 'warning' as const, confidence: 'medium' as const } : {}),
      ...(shell ? {} : split(context, program, words)),
    };
  },
});

/** A program with blanks behind it; the path of a script may hold a blank. */
function isShellText(text: string): boolean {
  return /^[\w.-]+\s+\S/.test(text) && !/\.(?:sh|bash)$/.test(text);
}

/** Of an image that is not known, one word that begins with an interpreter and a blank was most likely meant as a line. */
function* ofUnknownImage({ job }: RuleContext): Iterable<RuleFinding> {
  const docker = job?.task?.engine?.docker;
  const [first, ...more] = docker?.parameters?.items ?? [];
  if (
    first === undefined ||
    more.length > 0 ||
    !/^(?:ba|da)?sh \S|^(?:python[\d.]*|node|Rscript|perl|java) \S/.test(first.value)
  )
    return;
  yield {
    at: first,
    severity: 'warning',
    confidence: 'low',
    message: `Unless the ENTRYPOINT of the image hands it to a shell, the container looks for a program that is called "${shortened(first.value)}", spaces included, and does not start.`,
    remedy: 'Write each word as an item of its own, or let a shell read it: Entrypoint ["/bin/sh", "-c"].',
  };
}

/** Whether words alone would not do: something in the text only means something to a shell. */
function needsShell(text: string): boolean {
  return /[|&;<>$*?`"'\\\n]/.test(text);
}

/** The edit that makes items of a quoted word in a list in brackets. */
function split({ source, kind }: RuleContext, { at }: Word, words: readonly string[]): { fix?: Fix } {
  if (at === undefined || kind === 'command') return {};
  const { text, path } = source;
  const [start, end] = [at.span.start - 1, at.span.end + 1];
  const before = text.slice(0, start).trimEnd().at(-1);
  if (text[start] !== '"' || text[end - 1] !== '"' || (before !== '[' && before !== ',')) return {};
  const items = words.map((word) => JSON.stringify(word)).join(', ');
  return { fix: { title: 'Write each word as an item', safe: false, edits: [{ path, start, end, text: items }] } };
}
