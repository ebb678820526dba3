import { defineRule } from '../../src/check/rule.js';

export default defineRule({
  id: 'dockerfile/replaced-command',
  stage: 'results',
  severity: 'warning',
  title: 'An earlier CMD or ENTRYPOINT has no effect',
  why:
    'A container runs one command. Of several CMD, or several ENTRYPOINT, in a stage the last counts; the program of ' +
    'an earlier one is never started, and a job that ends well without it shows nothing of that.',
  remedy: 'Keep one CMD and one ENTRYPOINT. To run several programs, start them from one script.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nCMD ["python", "prepare.py"]\nCMD ["python", "count.py"]\n',
        expect: { stage: 'results', severity: 'warning', at: 'CMD', message: 'never started' },
      },
      {
        title: 'in a stage below',
        dockerfile: 'FROM alpine:3.20 AS base\nENTRYPOINT ["/a"]\nENTRYPOINT ["/b"]\nFROM base\nUSER root\n',
        expect: { stage: 'results', severity: 'warning', at: 'ENTRYPOINT' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nENTRYPOINT ["python"]\nCMD ["count.py"]\n' },
      {
        title: 'a stage that changes the command of the one below',
        dockerfile: 'FROM python:3.12 AS base\nCMD ["python", "serve.py"]\nFROM base\nCMD ["python", "count.py"]\n',
      },
      {
        title: 'a stage that is not the one that runs',
        dockerfile: 'FROM node:22 AS build\nCMD ["a"]\nCMD ["b"]\nFROM alpine:3.20\nCMD ["c"]\n',
      },
    ],
  },
  *check({ dockerfile }) {
    for (const keyword of dockerfile?.final?.replaced ?? []) {
      if (keyword.value === 'HEALTHCHECK') continue;
      yield {
        at: keyword,
        message: `A later ${keyword.value} takes the place of this one, whose program is never started.`,
      };
    }
  },
});
