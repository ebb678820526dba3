import { defineRule } from '../../src/check/rule.js';

import { commandPlace } from '../../src/job/place.js';

const none = 'bacalhau docker run --network none acme/count:1 -- count /inputs';
const http = 'bacalhau docker run --network http --domain data.example.org acme/count:1 -- count /inputs';

export default defineRule({
  id: 'run/network',
  judges: 'run',
  stage: 'run',
  severity: 'warning',
  title: 'Program was kept from the network',
  why:
    'With network mode None a container has no interface and no DNS; with HTTP it reaches the named domains only, ' +
    'through a proxy that stands in http_proxy and https_proxy (lower case, without a scheme) and that many tools ignore.',
  remedy: 'Give the job the network that it needs, or the data as an input.',
  examples: {
    bad: [
      {
        title: 'a dry run whose program could not resolve a name',
        command: none,
        run: {
          exitCode: 6,
          signs: [{ kind: 'network', line: 'curl: (6) Could not resolve host: a.org', about: 'a.org' }],
        },
        expect: { stage: 'run', severity: 'error', at: 'none', message: 'a.org' },
      },
      {
        title: 'a host that is not among the domains',
        command: http,
        run: { network: { mode: 'http', allowed: ['data.example.org'], refused: ['cdn.example.org:443'] } },
        expect: { stage: 'run', severity: 'warning', message: 'cdn.example.org:443' },
      },
    ],
    good: [
      { title: 'nothing was asked for', command: none, run: {} },
      {
        title: 'with a network, a name that does not exist is not ours to judge',
        command: 'bacalhau docker run acme/count:1 -- count /inputs',
        run: {
          network: { mode: 'bridge', allowed: [], refused: [] },
          signs: [{ kind: 'network', line: 'curl: (6) Could not resolve host: a.org', about: 'a.org' }],
        },
      },
    ],
  },
  *check({ job, run }) {
    if (job === undefined || run === undefined) return;
    const { mode, refused } = run.network;
    const failed = run.ended === 'exited' && run.exitCode !== 0;
    const network = job.task?.network;
    const at = network?.type ?? network?.at ?? commandPlace(job);
    if (refused.length > 0) {
      const hosts = refused.map((host) => host.replace(/:80$/, ''));
      yield {
        at: network?.domains[0] ?? at,
        ...(failed ? { severity: 'error' } : {}),
        message: `The program asked the proxy for ${hosts.slice(0, 5).join(', ')}${hosts.length > 5 ? ', …' : ''}, which no Domain of the job names: it was refused.`,
        remedy: 'Add the domain to Domains, if the program needs it.',
      };
      return;
    }
    const sign = mode === 'none' || mode === 'http' ? run.signs.find(({ kind }) => kind === 'network') : undefined;
    if (sign === undefined) return;
    const who = sign.about ?? 'a host';
    yield {
      at,
      ...(failed ? { severity: 'error' } : {}),
      confidence: 'medium',
      message:
        mode === 'none'
          ? `The program looked for ${who}, and the job has no network.`
          : `The program looked for ${who} itself, and a job with network mode HTTP reaches nothing but its proxy.`,
      related: [{ message: `It says: ${sign.line}` }],
    };
  },
});
