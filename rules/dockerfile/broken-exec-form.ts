import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import type { DockerfileProblem, DockerfileStage } from '../../src/dockerfile/dockerfile.js';
import { meantList, type BrokenReason } from '../../src/dockerfile/exec-form.js';
import type { Edit } from '../../src/text/edit.js';
import { lineAt, lineBreakOf, lineIndexAt, lineStart } from '../../src/text/lines.js';
import type { SourceText } from '../../src/text/source.js';

const CAUSE: Readonly<Record<BrokenReason, string>> = {
  'single-quotes': 'single quotes make no JSON strings',
  'trailing-comma': 'JSON allows no comma after the last string',
  'trailing-text': 'nothing may follow the list, not even a comment',
  'not-json': 'this is no JSON list of strings',
};

export default defineRule({
  id: 'dockerfile/broken-exec-form',
  stage: 'run',
  severity: 'error',
  title: 'ENTRYPOINT or CMD is meant as a list and becomes shell text',
  why:
    'Only a JSON list of strings in double quotes is exec form. BuildKit takes anything else as text for `/bin/sh -c`, ' +
    'without a warning that stops the build; the shell then looks for a program called `[python,` and the ' +
    'container ends with 127. Builders from before BuildKit let text after the list pass.',
  remedy: 'Write a JSON list: double quotes, a comma between the words, nothing after the bracket.',
  examples: {
    bad: [
      {
        dockerfile: "FROM python:3.12\nENTRYPOINT ['python', '/app/count.py']\n",
        expect: {
          stage: 'run',
          severity: 'error',
          at: "['python', '/app/count.py']",
          message: 'single quotes make no JSON strings',
        },
      },
      {
        dockerfile: 'FROM python:3.12\nCMD ["python", "/app/count.py",]\n',
        expect: { stage: 'run', severity: 'error', message: 'no comma after the last string' },
      },
      {
        title: 'a comment on the line, which builders from before BuildKit let pass',
        dockerfile: 'FROM python:3.12\nENTRYPOINT ["python"] # the interpreter\n',
        expect: { stage: 'run', severity: 'warning', message: 'not even a comment' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nENTRYPOINT ["python", "/app/it\'s.py"]\n' },
      { title: 'a test of the shell', dockerfile: 'FROM alpine:3.20\nCMD [ -f /app/ready ] && /app/run\n' },
      {
        title: 'a stage that is not the one that runs',
        dockerfile: 'FROM python:3.12 AS build\nCMD [\'python\']\nFROM alpine:3.20\nCMD ["/app"]\n',
      },
    ],
  },
  *check({ dockerfile, source }) {
    const final = dockerfile?.final;
    if (dockerfile === undefined || final === undefined) return;
    for (const problem of dockerfile.problems) {
      if (problem.reason === undefined || !runs(final, problem)) continue;
      yield {
        at: problem.at,
        message: `${problem.message}, which finds no such program: ${CAUSE[problem.reason]}.`,
        ...(problem.reason === 'trailing-text' ? { severity: 'warning' } : {}),
        ...mended(problem, source),
      };
    }
  },
});

/** Whether the text is the ENTRYPOINT or CMD of the final image. */
function runs({ entrypoint, cmd }: DockerfileStage, { at }: DockerfileProblem): boolean {
  return [entrypoint, cmd].some((command) => command?.words[0]?.span.start === at.span.start);
}

function mended({ at }: DockerfileProblem, source: SourceText): Pick<RuleFinding, 'fix'> {
  const { path, text } = source;
  const { start, end } = at.span;
  const meant = meantList(text.slice(start, end));
  if (meant === undefined) return {};
  const { list, comment } = meant;
  const edits: Edit[] = [{ path, start, end, text: list }];
  if (comment !== '') {
    // It gets a line of its own above the instruction.
    const line = lineIndexAt(source, start);
    const above = lineStart(source, line);
    if (/[\r\n]/.test(text.slice(start, end)) || !/^\s*[A-Za-z]+\s+$/.test(text.slice(above, start))) return {};
    if (line > 0 && /[\\`]\s*$/.test(lineAt(source, line - 1))) return {};
    edits.push({ path, start: above, end: above, text: comment + lineBreakOf(source) });
  }
  return { fix: { title: 'Write a JSON list', safe: true, edits } };
}
