import { defineRule } from '../../src/check/rule.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { valueToFile } from '../../src/text/align.js';
import type { Edit } from '../../src/text/edit.js';
import type { SourceText } from '../../src/text/source.js';
import { readCid } from '../../src/job/cid.js';
import { placeOfPart, sourceType, textParam } from '../../src/job/source-params.js';

const CID = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWNPBdG';

export default defineRule({
  id: 'input/ipfs-subpath',
  stage: 'node',
  severity: 'error',
  title: 'IPFS input names a path inside a CID',
  why:
    'Bacalhau mounts whole CIDs. In a job spec, `CID/path` does not decode, and every node fails to prepare the input. ' +
    'On a command line, `ipfs://CID/path` loses its path without a word: the job gets everything below the CID.',
  remedy: 'Give the CID alone and read the path below the Target, or give the CID of the file itself (`ipfs resolve`).',
  examples: {
    bad: [
      {
        job: `
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
            CID: ${CID}/data/a.csv
`,
        expect: { stage: 'node', severity: 'error', at: '/data/a.csv', message: 'does not decode' },
      },
      {
        title: 'a command line drops the path',
        command: `bacalhau docker run -i ipfs://${CID}/data/a.csv:/inputs alpine:3.20 -- ls /inputs`,
        expect: { stage: 'results', severity: 'error', at: '/data/a.csv', message: 'drops /data/a.csv' },
      },
    ],
    good: [
      { command: `bacalhau docker run -i ipfs://${CID}:/inputs alpine:3.20 -- cat /inputs/data/a.csv` },
      {
        job: `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: alpine:3.20 } }
    InputSources:
      - { Target: /inputs, Source: { Type: ipfs, Params: { CID: ${CID} } } }
      - { Target: /more, Source: { Type: ipfs, Params: { CID: "{{.cid}}/data" } } }
`,
      },
    ],
  },
  *check({ job, source }) {
    for (const input of job?.task?.inputs ?? []) {
      const target = input.target?.value ?? '/inputs';
      if (input.droppedPath !== undefined) {
        const path = input.droppedPath.value;
        yield {
          at: input.droppedPath,
          stage: 'results',
          message: `Bacalhau drops ${path} from this input without a word and mounts the whole CID at ${target}.`,
          remedy: `Leave the path out and let the program read ${below(target, path)}, or give the CID of the file itself.`,
          fix: {
            title: `Remove ${path}, and let the program read below it`,
            safe: false,
            edits: [
              { path: source.path, ...input.droppedPath.span, text: '' },
              ...readBelow(job, source, target, path),
            ],
          },
        };
        continue;
      }
      if (sourceType(input) !== 'ipfs') continue;
      const cid = textParam(input.source, 'CID');
      const read = cid === undefined ? undefined : readCid(cid.value);
      if (cid === undefined || read?.kind !== 'path') continue;
      const at = placeOfPart(source, cid, read.at, cid.value.length);
      yield {
        at,
        message: `A CID with the path ${read.path} behind it does not decode: every node fails to prepare this input.`,
        remedy: `Write the CID alone and let the program read ${below(target, read.path)}, or give the CID of the file itself.`,
        fix: {
          title: `Remove ${read.path}, and let the program read below it`,
          safe: false,
          edits: [{ path: source.path, ...at.span, text: '' }, ...readBelow(job, source, target, read.path)],
        },
      };
    }
  },
});

function below(target: string, path: string): string {
  return `${target.replace(/\/$/, '')}${path}`;
}

/** The edits that put the path behind the target wherever the command names it. */
function readBelow(job: JobSpec | undefined, source: SourceText, target: string, path: string): Edit[] {
  const docker = job?.task?.engine?.docker;
  const words = [...(docker?.entrypoint?.items ?? []), ...(docker?.parameters?.items ?? [])];
  const folder = target.replace(/\/$/, '');
  const below = path.replace(/\/$/, '');
  if (folder === '' || !/^[\w./-]+$/.test(below)) return [];
  return words.flatMap((word) => {
    const toFile = valueToFile(source, word.span, word.value);
    const ends: number[] = [];
    for (let at = word.value.indexOf(folder); at >= 0; at = word.value.indexOf(folder, at + 1)) {
      const end = at + folder.length;
      const isWhole = !/[\w./-]/.test(word.value[at - 1] ?? ' ') && !/[\w.-]/.test(word.value[end] ?? ' ');
      if (isWhole && !word.value.startsWith(below, end)) ends.push(end);
    }
    return ends.map((end) => {
      const at = toFile(end - 1, end).end;
      return { path: source.path, start: at, end: at, text: below };
    });
  });
}
