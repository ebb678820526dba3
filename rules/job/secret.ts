import { defineRule } from '../../src/check/rule.js';
import type { EnvEntry } from '../../src/job/job-spec.js';
import { isSecretName, isWrittenSecret } from '../../src/job/secret.js';
import { holdsFor } from '../../src/target/release.js';

const jobWith = (env: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: acme/wordcount:1.4 } }
    Env: { ${env} }
`;

export default defineRule({
  id: 'job/secret',
  stage: 'orchestrator',
  severity: 'warning',
  title: 'Secret stands in the job',
  why:
    'The server keeps a job with all its variables and shows them to everyone who may list jobs ' +
    '(`bacalhau job describe`); every node that runs it gets them too.',
  remedy:
    'Take the secret out of the job. Since 1.6.4 a value env:NAME is read on the node, from a variable that its operator allows.',
  examples: {
    bad: [
      {
        job: jobWith('HF_TOKEN: hf_abcdefghijkl'),
        expect: { stage: 'orchestrator', severity: 'warning', at: 'hf_abcdefghijkl', message: 'HF_TOKEN' },
      },
      {
        command: 'bacalhau docker run -e AWS_SECRET_ACCESS_KEY=abcdef123456 amazon/aws-cli:2.17.0 -- s3 ls',
        expect: { stage: 'orchestrator', severity: 'warning' },
      },
    ],
    good: [
      { title: 'read on the node', job: jobWith('HF_TOKEN: "env:HF_TOKEN"') },
      { title: 'not a secret', job: jobWith('TOKENIZERS_PARALLELISM: "false", MAX_TOKENS: "200"') },
      { title: 'to be filled in', job: jobWith('API_KEY: "<your-key>", DB_PASSWORD: "{{.password}}"') },
      { title: 'a file that holds it', job: jobWith('DB_PASSWORD: /run/secrets/db') },
      { command: 'bacalhau docker run -e HF_TOKEN=$HF_TOKEN acme/count:1 -- true' },
    ],
  },
  *check({ job, target }) {
    for (const { name, value } of job?.task?.env ?? []) {
      if (!isSecretName(name.value) || !isWritten(value, target.bacalhau)) continue;
      yield {
        at: value,
        isSecret: true,
        message: `The value of ${name.value} is stored with the job, where others can read it.`,
      };
    }
  },
});

/** Whether a value is the secret itself, not the name of a variable of the node. */
function isWritten({ value }: EnvEntry['value'], release: string): boolean {
  if (value.startsWith('env:') && holdsFor(release, { since: '1.6.4' })) return false;
  return isWrittenSecret(value);
}
