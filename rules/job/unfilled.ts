import { defineRule, type RuleFinding } from '../../src/check/rule.js';
import { parseReference } from '../../src/image/reference.js';
import { s3Fetch } from '../../src/job/input-name.js';
import type { TypedParams } from '../../src/job/job-spec.js';
import { placeOfPart, sourceType, textParam } from '../../src/job/source-params.js';
import { unfilledPart, whyUnfilled, type Unfilled } from '../../src/job/unfilled.js';
import type { Located, SourceText } from '../../src/text/source.js';

const jobWith = (task: string, params = 'Image: alpine:3.20'): string => `
Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { ${params} } }
    ${task}
`;
const input = (params: string, type = 's3'): string =>
  `InputSources: [{ Target: /inputs, Source: { Type: ${type}, Params: { ${params} } } }]`;
const publisher = (params: string): string =>
  `Publisher: { Type: s3, Params: { ${params} } }\n    ResultPaths: [{ Name: outputs, Path: /outputs }]`;

/** A value that may have been left to fill in. */
interface Part {
  /** What it is called in a sentence. */
  readonly name: string;
  readonly value: Located<string> | undefined;
  readonly stage: 'node' | 'run' | 'results';
  /** What happens with the value as it is. */
  readonly effect: string;
  readonly severity?: 'warning';
}

export default defineRule({
  id: 'job/unfilled',
  stage: 'node',
  severity: 'error',
  title: 'Value was left to fill in',
  why:
    'Client and server take a bucket, a key or a path as it is written: `<bucket>` of an example, or a `$NAME` that no ' +
    'shell has replaced. Bacalhau fills in Go templates ({{.name}}) and, in the Key of an S3 publisher, {jobID} and ' +
    'the like, and nothing else. Nodes then look for what is not there, or the results are not published.',
  remedy: 'Write the real value, or a template variable {{.name}} and give it with --template-vars.',
  examples: {
    bad: [
      {
        job: jobWith(input('Bucket: "<bucket>", Key: logs/')),
        expect: { stage: 'node', severity: 'error', at: '<bucket>', message: 'left to fill in' },
      },
      {
        job: jobWith(publisher('Bucket: $BUCKET, Key: results')),
        expect: { stage: 'results', severity: 'error', at: '$BUCKET', message: 'does not expand $BUCKET' },
      },
      {
        title: 'nodes make an empty folder of a listing without objects',
        job: jobWith(input('Bucket: acme, Key: logs/$DATE/')),
        expect: { stage: 'results', severity: 'warning', at: '$DATE', message: 'an empty folder' },
      },
      {
        title: 'a name that may exist',
        job: jobWith(publisher('Bucket: your-bucket, Key: results')),
        expect: { stage: 'results', severity: 'warning', at: 'your-bucket' },
      },
      {
        command: "bacalhau docker run -p 's3://<bucket>/<key>' -o outputs:/outputs alpine:3.20 -- touch /outputs/a",
        expect: { stage: 'results', severity: 'error', at: '<bucket>' },
      },
      {
        job: jobWith(input('SourcePath: $PWD/data', 'local')),
        expect: { stage: 'node', severity: 'error', at: '$PWD', message: 'does not expand $PWD' },
      },
      {
        title: 'an image of nobody',
        job: jobWith('', 'Image: your-user/count:1'),
        expect: { stage: 'node', severity: 'warning', at: 'your-user' },
      },
      {
        title: 'the program of an example',
        command: 'bacalhau docker run --memory 1Gb alpine:3.20 -- <command>',
        expect: { stage: 'run', severity: 'error', at: '<command>', message: 'left to fill in' },
      },
      {
        job: jobWith('Env: { TOKEN_FILE: <path-to-token> }'),
        expect: { stage: 'run', severity: 'warning', at: '<path-to-token>' },
      },
    ],
    good: [
      { job: jobWith(input('Bucket: acme, Key: "logs/part_$folder$/"')) },
      { title: 'as Lambda calls its logs', job: jobWith(input('Bucket: acme, Key: "logs/2026/10/01/[$LATEST]9f3a/"')) },
      { job: jobWith(publisher('Bucket: "{{.bucket}}", Key: "{date}/{jobID}"')) },
      { title: 'a shell replaces it', command: 'bacalhau docker run -i s3://$BUCKET/logs/ alpine:3.20 -- ls /inputs' },
      {
        title: 'words for a shell and a program',
        job: jobWith('', 'Image: alpine:3.20, Entrypoint: [sh, -c], Parameters: ["sort <in.txt >out.txt; echo ..."]'),
      },
      { job: jobWith('Env: { SEPARATOR: "<>", NOTE: "a < b > c", YOURS: yes-yours }') },
    ],
  },
  *check({ job, source }) {
    const task = job?.task;
    if (task === undefined) return;
    const missing = 'no node finds what it names';
    for (const each of task.inputs) {
      const type = sourceType(each);
      if (type === 's3') yield* judgeAll(source, placesOf(each.source, 'node', missing).map(asListed));
      if (type === 'local' || type === 'localdirectory') {
        const value = textParam(each.source, 'SourcePath');
        yield* judge(source, { name: 'SourcePath', value, stage: 'node', effect: missing });
      }
    }
    if (task.publisher?.type?.value.trim().toLowerCase() === 's3')
      yield* judgeAll(
        source,
        placesOf(task.publisher, 'results', 'the results are not published where they should be'),
      );
    for (const value of task.network?.domains ?? [])
      yield* judge(source, { name: 'Domain', value, stage: 'run', effect: 'no host is called so' });
    const docker = task.engine?.docker;
    // What is no reference at all is told with the image.
    if (docker?.image !== undefined && parseReference(docker.image.value).ok)
      yield* judge(source, { name: 'Image', value: docker.image, stage: 'node', effect: 'no node can pull it' });
    const program = (docker?.entrypoint ?? docker?.parameters)?.items[0];
    if (program !== undefined && /^(?:<[^<>]+>|\.{3})$/.test(program.value))
      yield* judge(source, { name: 'command', value: program, stage: 'run', effect: 'the container gets it as it is' });
    for (const { name, value } of task.env) {
      if (!/^<[\w -]+>$|^your[-_]\w[\w-]*$/i.test(value.value)) continue;
      // Some programs take any text.
      const effect = 'the program gets it as it is';
      yield* judge(source, { name: `value of ${name.value}`, value, stage: 'run', effect, severity: 'warning' });
    }
  },
});

/** The parts of an S3 source or publisher that name a place. */
function placesOf(params: TypedParams | undefined, stage: Part['stage'], effect: string): Part[] {
  return ['Bucket', 'Key', 'Region', 'Endpoint'].map((name) => ({
    name,
    value: textParam(params, name),
    stage,
    effect,
  }));
}

/** A listing that finds nothing is an empty folder to a node, and no error. */
function asListed(part: Part): Part {
  return part.name === 'Key' && s3Fetch(part.value?.value ?? '').kind === 'prefix'
    ? { ...part, stage: 'results', effect: 'the program finds an empty folder', severity: 'warning' }
    : part;
}

function* judgeAll(source: SourceText, parts: readonly Part[]): Iterable<RuleFinding> {
  for (const part of parts) yield* judge(source, part);
}

function* judge(source: SourceText, { name, value, stage, effect, severity }: Part): Iterable<RuleFinding> {
  const unfilled = value === undefined ? undefined : unfilledPart(value.value);
  if (value === undefined || unfilled === undefined || unfilled.kind === 'template') return;
  // Keys may hold a dollar sign: Hadoop's `_$folder$`, Lambda's `[$LATEST]`.
  if (name === 'Key' && unfilled.kind === 'variable' && /^\$(?:[a-z]|LATEST$)/.test(unfilled.text)) return;
  const at = placeOfPart(source, value, unfilled.start, unfilled.start + unfilled.text.length);
  yield cannotBeMeant(unfilled)
    ? {
        at,
        stage,
        ...(severity === undefined ? {} : { severity }),
        message: `The ${name} is not complete: ${whyUnfilled(unfilled)}, and ${effect}.`,
      }
    : {
        at,
        stage,
        severity: 'warning',
        message: `The ${name} looks like that of an example: unless ${unfilled.text} is a real name, ${effect}.`,
      };
}

/** A name such as your-bucket may exist after all. */
function cannotBeMeant({ kind, text }: Unfilled): boolean {
  return kind === 'variable' || /^[<.…]/.test(text);
}
