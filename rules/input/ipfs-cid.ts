import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { readCid } from '../../src/job/cid.js';
import { placeOfPart, sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart, whyUnfilled } from '../../src/job/unfilled.js';
import { replaceValue } from '../../src/text/replace.js';
import type { Located, SourceText } from '../../src/text/source.js';

const CID = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const jobWith = (cid: string): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - Target: /inputs
        Source:
          Type: ipfs
          Params:
            CID: ${cid}
`;

export default defineRule({
  id: 'input/ipfs-cid',
  stage: 'node',
  severity: 'error',
  title: 'CID of an IPFS input is not a CID',
  why:
    'Neither `bacalhau` nor the server looks at the CID of a job spec. Every node decodes it before it takes the job ' +
    'and refuses anything else: gateway addresses, ipfs:// and IPNS names included ("unable to decode CID").',
  remedy: 'Write the CID alone, as `ipfs add` prints it (Qm… or bafy…).',
  examples: {
    bad: [
      {
        title: 'the address of a gateway',
        job: jobWith(`https://ipfs.io/ipfs/${CID}`),
        expect: { stage: 'node', severity: 'error', at: `https://ipfs.io/ipfs/${CID}`, message: 'gateway' },
      },
      { job: jobWith(`ipfs://${CID}`), expect: { stage: 'node', severity: 'error', message: 'the CID alone' } },
      {
        job: jobWith('k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8'),
        expect: { stage: 'node', severity: 'error', message: 'IPNS name' },
      },
      {
        title: 'a placeholder',
        job: jobWith('<your-cid>'),
        expect: { stage: 'node', severity: 'error', at: '<your-cid>', message: 'left to fill in' },
      },
      {
        job: jobWith('$INPUT_CID'),
        expect: { stage: 'node', severity: 'error', at: '$INPUT_CID', message: 'does not expand' },
      },
      { job: jobWith(CID.slice(0, -3)), expect: { stage: 'node', severity: 'error', message: 'does not decode' } },
      {
        title: 'a line that takes something else for the CID',
        command: `bacalhau docker run -i IPFS://${CID}:/data alpine:3.20`,
        expect: { stage: 'node', severity: 'error', message: 'takes IPFS: for the CID' },
      },
      {
        command: `bacalhau docker run -i src=ipfs://${CID}:/data alpine:3.20`,
        expect: { stage: 'node', severity: 'error', message: 'with its colon' },
      },
    ],
    good: [
      { job: jobWith(CID) },
      { title: 'upper-case base32', job: jobWith(CID.toUpperCase()) },
      { title: 'a template variable without a value', job: jobWith('"{{.cid}}"') },
      { title: 'what the own shell puts in', command: 'bacalhau docker run -i ipfs://$CID:/data alpine:3.20' },
    ],
  },
  *check({ job, source }) {
    for (const input of job?.task?.inputs ?? []) {
      const cid = sourceType(input) === 'ipfs' ? textParam(input.source, 'CID') : undefined;
      if (cid === undefined) continue;
      const finding = (job?.origin === 'command' ? misread(cid) : undefined) ?? judgeCid(source, cid);
      if (finding !== undefined) yield finding;
    }
  },
});

/** What `bacalhau` reads off an `--input` that is written otherwise than it expects. */
function misread(cid: Located<string>): RuleFinding | undefined {
  if (/^ipfs:?$/i.test(cid.value)) {
    return {
      at: cid,
      message: `Bacalhau takes ${cid.value} for the CID of this input, which is written ipfs://, in lower case.`,
      remedy: 'Write -i ipfs://CID:/path.',
    };
  }
  if (!cid.value.endsWith(':')) return undefined;
  return {
    at: cid,
    message: 'Bacalhau takes the CID with its colon: only the last colon divides an input, and behind src= none does.',
    remedy: `Write src=ipfs://${cid.value.slice(0, -1)},dst=/path.`,
  };
}

function judgeCid(source: SourceText, cid: Located<string>): RuleFinding | undefined {
  const read = readCid(cid.value);
  if (read.kind === 'cid' || read.kind === 'path') return undefined;
  const unfilled = unfilledPart(cid.value);
  if (unfilled?.kind === 'template') return undefined;
  if (unfilled !== undefined) {
    const at = placeOfPart(source, cid, unfilled.start, unfilled.start + unfilled.text.length);
    return { at, message: `The CID is not a CID: ${whyUnfilled(unfilled)}, and every node fails to decode it.` };
  }
  switch (read.kind) {
    case 'gateway':
    case 'scheme': {
      const what = read.kind === 'gateway' ? 'the address of a gateway' : 'an address';
      const rest = read.path === '' ? '' : ` and let the program read ${read.path} below the Target`;
      return {
        at: cid,
        message: `The CID is ${what} where nodes expect the CID alone; they fail to decode it.`,
        remedy: `Write ${read.cid}${rest}.`,
        fix: { title: `Write ${read.cid}`, safe: false, edits: [replaceValue(source, cid, read.cid)] },
      };
    }
    case 'ipns':
      return {
        at: cid,
        message: 'The CID is an IPNS name, which points to changing content; nodes fetch only what a CID names.',
        remedy: `Write the CID that it points to now: ipfs name resolve --recursive ${cid.value}`,
      };
    case 'other':
      return {
        at: cid,
        message: 'The CID does not decode: it is cut short, mistyped or no CID at all; every node refuses it.',
      };
  }
}
