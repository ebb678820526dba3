import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'dockerfile/shell-form-entrypoint',
  stage: 'results',
  severity: 'warning',
  title: "ENTRYPOINT in shell form drops the job's Parameters",
  why:
    'ENTRYPOINT in shell form runs as `/bin/sh -c TEXT`. The Parameters of a job, and CMD, follow as further arguments ' +
    'of that shell, and the text sees nothing of them: the program runs as if they were not there.',
  remedy: 'Write ENTRYPOINT as a JSON list: ENTRYPOINT ["program", "argument"].',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nENTRYPOINT python /app/count.py\n',
        expect: { stage: 'results', severity: 'warning', at: 'python /app/count.py', message: 'Parameters' },
      },
      {
        title: 'inherited from a stage below',
        dockerfile: 'FROM python:3.12 AS base\nENTRYPOINT python /app/count.py\nFROM base\nUSER nobody\n',
        expect: { stage: 'results', severity: 'warning', at: 'python /app/count.py' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nENTRYPOINT ["python", "/app/count.py"]\n' },
      { title: 'CMD in shell form is replaced as a whole', dockerfile: 'FROM python:3.12\nCMD python /app/count.py\n' },
      {
        title: 'a text that hands them on by itself',
        dockerfile: 'FROM python:3.12\nENTRYPOINT exec python /app/count.py "$0" "$@"\n',
      },
    ],
  },
  *check({ dockerfile }) {
    const entrypoint = dockerfile?.final?.entrypoint;
    const text = entrypoint?.words[0];
    if (dockerfile === undefined || entrypoint?.form !== 'shell' || text === undefined) return;
    const isBroken = dockerfile.problems.some(({ at }) => at.span.start === text.span.start);
    if (isBroken || usesPositional(text.value)) return;
    yield {
      at: text,
      message: 'ENTRYPOINT is shell text, so the program never sees the Parameters of a job; it runs without them.',
    };
  },
});

/** Whether the text speaks of what follows it: `$@`, `$*`, `$0`, `${1}`. */
function usesPositional(text: string): boolean {
  return text.split('$').some((after, index) => index > 0 && '@*0123456789'.includes(after.replace('{', '').charAt(0)));
}
