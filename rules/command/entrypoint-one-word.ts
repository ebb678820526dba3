import { defineRule, type Fix, type RuleContext } from '../../src/check/rule.js';
import { shortened } from '../../src/text/shortened.js';
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
        dockerfile: 'FROM python:3.12\nENTRYPOINT ["python /app/count.py"]\n',
        expect: { stage: 'run', severity: 'error', at: 'python /app/count.py' },
      },
    ],
    good: [
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
      { dockerfile: 'FROM python:3.12\nENTRYPOINT python /app/count.py\n' },
    ],
  },
  *check(context) {
    const command = context.workload?.command;
    const program = command?.words[0];
    if (command === undefined || program?.at === undefined || command.entrypoint === 'unknown') return;
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
