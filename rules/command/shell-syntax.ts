import { defineRule, type Fix, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { quoteWord } from '../../src/job/command-line/words.js';
import { shortened } from '../../src/text/shortened.js';
import { unreadSyntax, type UnreadSyntax } from '../../src/workload/unread-syntax.js';

export default defineRule({
  id: 'command/shell-syntax',
  stage: 'run',
  severity: 'error',
  uses: ({ job }) => {
    const docker = job?.task?.engine?.docker;
    const own = (docker?.entrypoint?.items.length ?? 0) > 0;
    return !own && (docker?.parameters?.items.length ?? 0) > 0 ? ['image.config'] : [];
  },
  title: 'Shell syntax in a command that no shell reads',
  why:
    'Bacalhau starts the program with its words as they are; it puts no shell around them. `&&`, `|` and `>` reach the ' +
    'program as arguments, `$NAME` stays as it is written, and `*` is part of a file name.',
  remedy: 'Let a shell read it: Entrypoint ["/bin/sh", "-c"], and the whole command as one word in Parameters.',
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
      Params: { Image: alpine:3.20, Parameters: [cat, /inputs/a.csv, "|", wc, -l] }
`,
        expect: { stage: 'run', severity: 'error', confidence: 'high', at: '|', message: 'cat gets "|"' },
      },
      {
        title: 'a redirection, and a program that prints it',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, Parameters: [echo, hello, ">", /outputs/a.txt] }
`,
        expect: { stage: 'results', severity: 'error', at: '>', message: 'prints it' },
      },
      {
        title: 'a pattern',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, Entrypoint: [wc, -l], Parameters: [/inputs/*.csv] }
`,
        expect: { stage: 'run', severity: 'error', at: '/inputs/*.csv', message: 'a file of exactly this name' },
      },
      {
        title: 'a variable in a text that is sent as it is',
        job: `
Name: tell
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: curlimages/curl:8.9.1
        Entrypoint: [curl, -d, '{"job": "\${BACALHAU_JOB_ID}"}', "https://example.org/done"]
`,
        expect: { stage: 'run', severity: 'warning', confidence: 'high', message: 'no value takes its place' },
      },
      {
        title: 'an ENTRYPOINT of the image that may hand it to a shell',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/tools:1, Parameters: [prepare, "&&", count] }
`,
        image: { config: { entrypoint: ['/entrypoint.sh'] } },
        expect: { stage: 'run', severity: 'warning', confidence: 'low', at: '&&' },
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
      Params: { Image: alpine:3.20, Entrypoint: [/bin/sh, -c], Parameters: ["cat /inputs/*.csv | wc -l > /outputs/n"] }
`,
      },
      {
        title: 'SQL for an image with an ENTRYPOINT',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: acme/duckdb:1, Parameters: ["-c", "SELECT a || '>' FROM '/inputs/*.csv'; SELECT 1"] }
`,
        image: { config: { entrypoint: ['duckdb'] } },
      },
      {
        title: 'a delimiter',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, Parameters: [cut, -d, "|", -f1, /inputs/a.csv] }
`,
      },
      {
        title: 'what the own shell puts in',
        command: 'bacalhau docker run --entrypoint echo alpine:3.20 -- "$HOME" ${USER} $(date)',
      },
      {
        title: 'patterns and variables of the program itself',
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params: { Image: alpine:3.20, Parameters: [find, /inputs, -name, "*.csv", -exec, wc, -l, "{}", ";"] }
`,
      },
    ],
  },
  *check(context) {
    if (context.workload === undefined) return;
    const told = new Set<UnreadSyntax['kind']>();
    for (const syntax of unreadSyntax(context.workload.command)) {
      if (told.has(syntax.kind) || syntax.word.at === undefined || isExpandedBefore(context, syntax)) continue;
      told.add(syntax.kind);
      yield { ...about(syntax, syntax.word.at), ...(told.size === 1 ? letShellRead(context) : {}) };
    }
  },
});

function about({ word, kind, program, certain }: UnreadSyntax, at: RuleFinding['at']): RuleFinding {
  const gets = `No shell acts on it: ${program} gets "${shortened(word.text)}" as it is written`;
  const prints = program === 'echo' || program === 'printf';
  const effect = prints
    ? 'and prints it'
    : kind === 'glob'
      ? 'and looks for a file of exactly this name'
      : kind === 'variable'
        ? 'and no value takes its place'
        : 'as one more argument';
  return {
    at,
    evidence: certain ? word.origin : 'guess',
    message: `${gets}, ${effect}.`,
    ...(prints ? { stage: 'results' } : {}),
    ...(kind === 'variable' ? { severity: 'warning' } : {}),
  };
}

/** Gives the whole command to a shell, where the job says all of it in lists in brackets. */
function letShellRead({ kind, job, source, workload }: RuleContext): { fix?: Fix } {
  const docker = job?.task?.engine?.docker;
  const lists = [docker?.entrypoint, docker?.parameters].filter((list) => list !== undefined);
  const [first, ...rest] = lists.filter(({ items }) => items.length > 0);
  const isInJob = workload?.command.complete === true && workload.command.words.every(({ at }) => at !== undefined);
  if (kind !== 'job' || first === undefined || !isInJob) return {};
  if (lists.some(({ span }) => source.text[span.start] !== '[')) return {};
  const raw = new Set(unreadSyntax(workload.command).map(({ word }) => word.text));
  const text = workload.command.words.map((word) => (raw.has(word.text) ? word.text : quoteWord(word.text))).join(' ');
  const { path } = source;
  const edits = [
    { path, ...first.span, text: `["sh", "-c", ${JSON.stringify(text)}]` },
    ...rest.map(({ span }) => ({ path, ...span, text: '[]' })),
  ];
  return { fix: { title: 'Let a shell read the command', safe: false, edits } };
}

/** On a command line the user's own shell puts in file names, unless they are in quotes; its variables are no part of the words. */
function isExpandedBefore({ kind, source }: RuleContext, { kind: syntax, word }: UnreadSyntax): boolean {
  if (kind !== 'command' || syntax !== 'glob') return false;
  return source.text[(word.at?.span.start ?? 0) - 1] !== "'";
}
