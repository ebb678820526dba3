import { defineRule } from '../../src/check/rule.js';
import { uselessDomain } from '../../src/job/domains.js';
import { networkMode } from '../../src/target/network.js';
import { replaceValue } from '../../src/text/replace.js';

export default defineRule({
  id: 'network/useless-domain',
  stage: 'run',
  severity: 'warning',
  title: 'Domain is accepted but matches no host',
  why:
    "Bacalhau's check of Domains takes any text that contains a domain, but the gateway of network mode HTTP compares " +
    'bare host names: one with a scheme, a path, a port or a `*` lets nothing through. A leading dot means the domain ' +
    'and everything below it.',
  remedy: 'Write the bare host name, or a leading dot for all subdomains.',
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
      Domains:
        - https://example.org/data
`,
        expect: { stage: 'run', severity: 'warning', at: 'https://example.org/data', message: 'example.org' },
      },
      {
        command: "bacalhau docker run --network http --domain '*.example.org' alpine:3.20",
        expect: { stage: 'run', severity: 'warning', message: '.example.org' },
      },
      {
        command: 'bacalhau docker run --network http --domain example.org:443 alpine:3.20',
        expect: { stage: 'run', severity: 'warning', at: 'example.org:443', message: 'a port' },
      },
    ],
    good: [
      { command: 'bacalhau docker run --network http --domain example.org --domain .example.com alpine:3.20' },
      { command: 'bacalhau docker run --network http --domain 203.0.113.7 alpine:3.20' },
    ],
  },
  *check({ job, source, target }) {
    const network = job?.task?.network;
    if (network === undefined || networkMode(network.type?.value, target) !== 'http') return;
    for (const domain of network.domains) {
      const useless = uselessDomain(domain.value);
      if (useless === undefined) continue;
      const { meant, because } = useless;
      yield {
        at: domain,
        message: `Domain ${domain.value} has ${because}: it is accepted, and lets no host through; ${meant} is meant.`,
        remedy: `Write ${meant}.`,
        fix: { title: `Write ${meant}`, safe: false, edits: [replaceValue(source, domain, meant)] },
      };
    }
  },
});
