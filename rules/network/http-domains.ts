import { defineRule } from '../../src/check/rule.js';
import { networkMode } from '../../src/target/network.js';
import { outsideUses } from '../../src/workload/network-uses.js';

export default defineRule({
  id: 'network/http-domains',
  stage: 'run',
  severity: 'error',
  title: 'Network mode HTTP without Domains',
  why:
    'Mode HTTP lets the container reach only the listed domains. A job that lists none passes every check of the ' +
    'submission and fails when its container is made: "at least one domain is required when HTTP networking is enabled".',
  remedy: 'List the hosts that the program contacts under Domains (on a command line: one --domain for each).',
  examples: {
    bad: [
      {
        job: `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Network:
      Type: HTTP
`,
        expect: { stage: 'run', severity: 'error', at: 'HTTP', message: 'no Domains' },
      },
      {
        command: 'bacalhau docker run --network http alpine:3.20 -- wget https://example.org/a.csv',
        expect: { stage: 'run', severity: 'error', message: 'no Domains' },
      },
    ],
    good: [
      { command: 'bacalhau docker run --network http --domain example.org alpine:3.20' },
      { command: 'bacalhau docker run --network bridge alpine:3.20' },
    ],
  },
  *check({ job, target, workload }) {
    const network = job?.task?.network;
    if (network === undefined || networkMode(network.type?.value, target) !== 'http') return;
    if (network.domains.length > 0) return;
    const hosts = [...new Set(outsideUses(workload?.network ?? []).flatMap(({ host }) => host ?? []))];
    yield {
      at: network.type ?? network.at,
      message: 'Network mode HTTP has no Domains: nodes take the job and cannot create its container.',
      ...(hosts.length === 0
        ? {}
        : { remedy: `List the hosts under Domains that the program contacts: ${hosts.join(', ')}.` }),
    };
  },
});
