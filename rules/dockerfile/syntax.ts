import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'dockerfile/syntax',
  stage: 'client',
  severity: 'error',
  title: 'Dockerfile does not build',
  why:
    'BuildKit refuses a file without FROM, with an instruction that it does not know, or with a list of something ' +
    'else than strings. There is then no image that a node could pull.',
  remedy: 'Correct the instruction; the Dockerfile reference lists all of them.',
  examples: {
    bad: [
      {
        title: 'a misspelt instruction',
        dockerfile: 'FROM python:3.12\nENTRYPONT ["python", "/app/count.py"]\n',
        expect: { stage: 'client', severity: 'error', at: 'ENTRYPONT', message: 'did you mean ENTRYPOINT?' },
      },
      {
        title: 'nothing to build on',
        dockerfile: '# to be written\n',
        expect: { stage: 'client', severity: 'error', message: 'no FROM' },
      },
      {
        title: 'a number in a list',
        dockerfile: 'FROM alpine:3.20\nCMD ["sleep", 10]\n',
        expect: { stage: 'client', severity: 'error', at: '["sleep", 10]', message: 'double quotes' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nENTRYPOINT ["python", "/app/count.py"]\n' },
      { dockerfile: 'ARG TAG=3.12\nFROM python:${TAG}\nRUN <<EOF\nSOME text\nEOF\nCMD ["python"]\n' },
      {
        title: 'a frontend with instructions of its own',
        dockerfile: '# syntax=acme/frontend:1\nFROM alpine:3.20\nINCLUDE common\n',
      },
    ],
  },
  *check({ dockerfile }) {
    // Docker stops at the first one too; in a file of another kind every line would be one.
    const first = dockerfile?.problems.find(({ kind }) => kind !== 'bad-exec-form');
    if (first !== undefined) yield { at: first.at, message: `${first.message}.` };
  },
});
