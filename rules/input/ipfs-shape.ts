import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { looksLikeFile } from '../../src/job/input-name.js';
import { ipfsInputs, needsIpfs, seen, type IpfsInput } from '../../src/probe/inputs.js';
import { resolvePath } from '../../src/text/posix-path.js';

const jobWith = (target: string, parameters = '[]'): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20, Entrypoint: [cat], Parameters: ${parameters} } }
    InputSources:
      - Target: ${target}
        Source: { Type: ipfs, Params: { CID: QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG } }
`;

export default defineRule({
  id: 'input/ipfs-shape',
  stage: 'run',
  severity: 'warning',
  needs: needsIpfs,
  title: 'IPFS input is a file where a folder is expected, or the reverse',
  why:
    'The content of a CID decides what lies at the Target: one file is mounted as the Target itself, a folder as a ' +
    'folder. Where the image has a folder and a file comes, or the reverse, Docker refuses to start the container.',
  remedy: 'Give the file a Target with its name (/inputs/a.csv), or put it into a folder: ipfs add -w FILE.',
  examples: {
    bad: [
      {
        job: jobWith('/inputs'),
        probe: { ipfs: { kind: 'found', shape: 'file', size: 5 } },
        expect: { stage: 'run', severity: 'warning', at: '/inputs', message: 'one file' },
      },
      {
        title: 'the program reads below it',
        job: jobWith('/inputs', '[/inputs/a.csv]'),
        probe: { ipfs: { kind: 'found', shape: 'file', size: 5 } },
        expect: { stage: 'run', severity: 'error', at: '/inputs', message: 'cat reads /inputs/a.csv' },
      },
      {
        job: jobWith('/inputs/a.csv'),
        probe: { ipfs: { kind: 'found', shape: 'folder', size: 5 } },
        expect: { stage: 'run', severity: 'warning', at: '/inputs/a.csv', message: 'a folder' },
      },
    ],
    good: [
      { job: jobWith('/inputs/a.csv'), probe: { ipfs: { kind: 'found', shape: 'file', size: 5 } } },
      { job: jobWith('/inputs'), probe: { ipfs: { kind: 'found', shape: 'folder', size: 5 } } },
    ],
  },
  *check(context) {
    for (const [input, probe] of seen(ipfsInputs(context.job), context.facts['probe.ipfs'])) {
      const finding = probe.kind === 'found' ? judgeShape(context, input, probe.shape) : undefined;
      if (finding !== undefined) yield finding;
    }
  },
});

function judgeShape(
  { workload }: RuleContext,
  { input: { target } }: IpfsInput,
  shape: 'file' | 'folder',
): RuleFinding | undefined {
  if (target === undefined || looksLikeFile(target.value) === (shape === 'file')) return undefined;
  if (shape === 'folder') {
    return { at: target, message: `This CID holds a folder, so that ${target.value} is a folder and not a file.` };
  }
  const path = resolvePath('/', target.value);
  const message = `This CID holds one file, which is mounted as ${path} itself, and not below it`;
  const read = workload?.reads.find((use) => use.path.startsWith(`${path}/`));
  if (read === undefined) return { at: target, message: `${message}.` };
  return {
    at: target,
    severity: 'error',
    evidence: read.origin,
    confidence: read.guess ? 'low' : 'high',
    message: `${message}; ${read.by} reads ${read.path}.`,
  };
}
