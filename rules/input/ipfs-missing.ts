import { defineRule } from '../../src/check/rule.js';
import { ipfsInputs, needsIpfs, seen } from '../../src/probe/inputs.js';

const JOB = `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source: { Type: ipfs, Params: { CID: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG } }
`;

export default defineRule({
  id: 'input/ipfs-missing',
  stage: 'node',
  severity: 'warning',
  needs: needsIpfs,
  title: 'Content of an IPFS input is not where you look for it',
  why:
    'A node asks its own IPFS node for the content, which finds only what some reachable node still holds; after five ' +
    'minutes it gives up ("unable to retrieve content"). What nobody pins is gone sooner or later.',
  remedy: 'Pin the content where it stays: ipfs pin add CID on a node that runs on, or a pinning service.',
  examples: {
    bad: [
      {
        title: 'the gateway does not find it',
        job: JOB,
        probe: { ipfs: { kind: 'missing', host: 'gateway.example.org' } },
        expect: { stage: 'node', severity: 'warning', confidence: 'medium', message: 'gateway.example.org' },
      },
    ],
    good: [{ title: 'the gateway finds it', job: JOB }],
  },
  *check({ job, facts }) {
    for (const [{ cid }, probe] of seen(ipfsInputs(job), facts['probe.ipfs'])) {
      if (probe.kind !== 'missing') continue;
      const message = `${probe.host} does not have the content of this CID: nodes that do not find it elsewhere refuse the job.`;
      yield { at: cid, confidence: 'medium', message };
    }
  },
});
