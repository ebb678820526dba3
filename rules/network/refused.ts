import { defineRule } from '../../src/check/rule.js';
import { networkMode, takesNetworkedJobsByDefault } from '../../src/target/network.js';

export default defineRule({
  id: 'network/refused',
  stage: 'node',
  severity: 'error',
  title: 'Job asks for a network that nodes refuse',
  why:
    'A node that does not accept networked jobs declines every job of mode Host, Bridge, HTTP or Full: "this node does ' +
    'not run jobs that require network access". Up to 1.6 that was what a node did unless its operator set ' +
    '`AcceptNetworkedJobs`; since 1.7 it does so only with `RejectNetworkedJobs`.',
  remedy: 'Give the data as inputs and drop the network, or submit to nodes that accept networked jobs.',
  examples: {
    bad: [
      {
        title: 'nodes up to 1.6 refuse unless told otherwise',
        job: `
Name: fetch
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    Network:
      Type: Full
`,
        target: '1.6',
        expect: { stage: 'node', severity: 'warning', at: 'Full', message: 'AcceptNetworkedJobs' },
      },
      {
        command: 'bacalhau docker run --network http --domain example.org alpine:3.20',
        target: '1.5',
        expect: { stage: 'node', severity: 'warning', message: 'mode HTTP' },
      },
    ],
    good: [
      { command: 'bacalhau docker run --network host alpine:3.20' },
      { command: 'bacalhau docker run --network none alpine:3.20', target: '1.6' },
      { title: 'the default is never refused', command: 'bacalhau docker run alpine:3.20', target: '1.6' },
    ],
  },
  *check({ job, target }) {
    const network = job?.task?.network;
    const mode = networkMode(network?.type?.value, target);
    if (network?.type === undefined || mode === undefined || mode === 'none' || mode === 'default') return;
    const name = mode === 'http' ? 'HTTP' : network.type.value;
    if (target.networkedJobs === 'no') {
      yield {
        at: network.type,
        message: `Network mode ${name} is asked for, and the target's nodes reject networked jobs: every one declines this.`,
      };
    } else if (target.networkedJobs === 'unknown' && !takesNetworkedJobsByDefault(target)) {
      yield {
        at: network.type,
        severity: 'warning',
        message:
          `Network mode ${name} is asked for, and nodes of Bacalhau ${target.bacalhau} decline networked jobs ` +
          'unless their operator set AcceptNetworkedJobs.',
      };
    }
  },
});
