import { defineRule } from '../../src/check/rule.js';

const job = (env: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine:
      Type: docker
      Params:
        Image: python:3.12
        Entrypoint: [python, -c, "import os; print(os.environ['DATA_SET'])"]
    Env: { ${env} }
`;

export default defineRule({
  id: 'command/unset-variable',
  stage: 'run',
  severity: 'warning',
  imagePart: 'command',
  uses: ({ job, deep }) => (deep && job?.task?.engine?.docker !== undefined ? ['image.config'] : []),
  title: 'A script needs a variable that the job does not set',
  why:
    'A container gets the variables of its image, those of the job, and some of Bacalhau (BACALHAU_…); nothing of the ' +
    'machine where the job is submitted. Looked for with --deep, in Python, R, Julia and node scripts that are in the command, in ' +
    'inline inputs, or copied in by the Dockerfile.',
  remedy: 'Set it in Env of the task (-e NAME=VALUE), or give it a default in the script.',
  examples: {
    bad: [
      {
        deep: true,
        job: job('LEVEL: info'),
        expect: { stage: 'run', severity: 'warning', confidence: 'low', at: "'DATA_SET'", message: 'DATA_SET' },
      },
      {
        deep: true,
        dockerfile: 'FROM node:22\nENTRYPOINT ["node", "-e", "console.log(process.env.API_URL)"]\n',
        expect: { stage: 'run', severity: 'info', confidence: 'low', at: 'process.env.API_URL' },
      },
    ],
    good: [
      { deep: true, job: job('DATA_SET: small') },
      { title: 'only with --deep', job: job('LEVEL: info') },
      { deep: true, title: 'set by the image', job: job('A: b'), image: { config: { env: ['DATA_SET=small'] } } },
      {
        deep: true,
        title: 'with a default',
        dockerfile: 'FROM node:22\nENTRYPOINT ["node", "-e", "console.log(process.env.API_URL || 1)"]\n',
      },
    ],
  },
  *check({ workload, job, dockerfile, facts, kind, image, source, deep }) {
    if (!deep) return;
    const docker = job?.task?.engine?.docker;
    const set = new Set([
      ...(job?.task?.env ?? []).map(({ name }) => name.value),
      ...[
        ...(docker?.environmentVariables ?? []).map(({ value }) => value),
        ...(dockerfile?.final?.env ?? []).map(({ value }) => value),
        ...(facts['image.config']?.env ?? []),
      ].map((pair) => pair.slice(0, pair.indexOf('='))),
    ]);
    const who = facts['image.config'] === undefined ? 'the job does not set' : 'neither the job nor its image sets';
    for (const { name, by, word } of workload?.variables ?? []) {
      if (set.has(name) || name.startsWith('BACALHAU_')) continue;
      const isJob = kind === 'job' || kind === 'command';
      yield {
        at: word.at ?? image?.at ?? { span: { start: 0, end: source.text.length } },
        evidence: word.origin,
        ...(isJob ? {} : { severity: 'info' }),
        message: `${by} reads the variable ${name}, which ${isJob ? who : 'the image does not set; each job has to'}.`,
      };
    }
  },
});
