import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { isSecretName, isWrittenSecret } from '../../src/job/secret.js';
import type { Located } from '../../src/text/source.js';

export default defineRule({
  id: 'dockerfile/secret',
  stage: 'node',
  severity: 'warning',
  title: 'Secret stands in the image',
  why:
    'ENV is part of the config of the image, and the default of an ARG of its history: everybody who can pull the image ' +
    'reads it, and for Bacalhau that is every node, mostly from a public registry.',
  remedy:
    'Take it out and replace the secret, which has been seen. While building, use RUN --mount=type=secret; for the job, a value env:NAME is read on the node since 1.6.4.',
  examples: {
    bad: [
      {
        dockerfile: 'FROM python:3.12\nENV HF_TOKEN=hf_abcdefghijkl\n',
        expect: { stage: 'node', severity: 'warning', at: 'hf_abcdefghijkl', message: 'HF_TOKEN' },
      },
      {
        title: 'the default of an ARG',
        dockerfile: 'ARG NPM_TOKEN="npm_abcdefghijkl"\nFROM node:22\nCMD ["node"]\n',
        expect: { stage: 'node', severity: 'warning', message: 'NPM_TOKEN' },
      },
    ],
    good: [
      { dockerfile: 'FROM python:3.12\nARG HF_TOKEN\nENV HF_TOKEN=$HF_TOKEN MAX_TOKENS=20000000\n' },
      { title: 'a file that holds it', dockerfile: 'FROM postgres:17\nENV DB_PASSWORD=/run/secrets/db\n' },
      { title: 'a word for the laptop', dockerfile: 'FROM postgres:17\nENV POSTGRES_PASSWORD=postgres\n' },
      { title: 'to be filled in', dockerfile: 'FROM python:3.12\nENV API_KEY=<your-key> TOKEN=changeme\n' },
    ],
  },
  *check({ dockerfile, source }) {
    for (const pair of dockerfile?.args ?? []) yield* judged(pair, source.text, 'ARG');
    for (const pair of dockerfile?.final?.args ?? []) yield* judged(pair, source.text, 'ARG');
    for (const pair of dockerfile?.final?.env ?? []) yield* judged(pair, source.text, 'ENV');
  },
});

function* judged(pair: Located<string>, text: string, keyword: 'ARG' | 'ENV'): Iterable<RuleFinding> {
  const equals = pair.value.indexOf('=');
  const name = pair.value.slice(0, equals);
  const value = pair.value.slice(equals + 1);
  if (!isSecretName(name) || !isWrittenSecret(value) || value.includes('$')) return;
  const start = Math.min(pair.span.start + name.length + 1, pair.span.end);
  // A value of another variable is told where that is set.
  if (text.slice(start, pair.span.end).includes('$')) return;
  const place = keyword === 'ENV' ? 'the config' : 'the history';
  const message = `The value of ${name} lies in ${place} of the image, where everybody who can pull it reads it.`;
  yield { at: { span: { start, end: pair.span.end } }, isSecret: true, message };
}
