import { extract } from 'tar-stream';
import { planRun, type PlannedInput } from '../../src/dryrun/plan.js';
import type { FetchOptions } from '../../src/dryrun/fetch/fetching.js';
import { stageInput } from '../../src/dryrun/staging.js';
import type { StagedInput } from '../../src/dryrun/staged-input.js';
import { tarOfInput } from '../../src/dryrun/tar-of-input.js';
import { readJobSpec } from '../../src/job/read.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { sourceText } from '../../src/text/source.js';

/** What else a test says of the job. */
export interface PlannedOptions {
  readonly Target?: string;
  /** Keys of the job, such as Type and Count. */
  readonly job?: object;
  readonly release?: string;
  readonly partition?: number;
}

/** An input of a job, as a dry run plans it. */
export function plannedInput(
  Type: string,
  Params: object,
  { Target = '/in', job = {}, release = '1.9.3', partition }: PlannedOptions = {},
): PlannedInput {
  const Engine = { Type: 'docker', Params: { Image: 'a/b:1' } };
  const Tasks = [{ Name: 'main', Engine, InputSources: [{ Target, Source: { Type, Params } }] }];
  const source = sourceText('job.json', JSON.stringify({ Name: 'x', Type: 'batch', Count: 1, ...job, Tasks }));
  const read = readJobSpec(source, { release, variables: new Map() });
  const replacements = new Map<string, string>();
  const options = {
    target: builtInTarget(release),
    image: 'a/b:1',
    replacements,
    addsInputs: false,
    id: 'ID',
    ...(partition === undefined ? {} : { partition }),
  };
  const plan = planRun(read, { ...options, freePort: () => 20_000 });
  const [input] = 'reason' in plan ? [] : plan.inputs;
  if (input === undefined) throw new Error('no such input');
  return input;
}

/** Stages an input; servers of this machine may be asked. */
export function stage(input: PlannedInput, options: Partial<FetchOptions> = {}): Promise<StagedInput> {
  const fetching: FetchOptions = {
    env: {},
    allowedHosts: ['127.0.0.1'],
    whyNot: undefined,
    sendsCredentials: true,
    ipfs: undefined,
    sample: undefined,
    maxBytes: 4e9,
    maxMs: 60_000,
    ...options,
  };
  return stageInput(input, fetching, new AbortController().signal);
}

/** What the engine would unpack: one line an entry, `file 644 0:0 in/a.txt "hello"`. Long content is told by its length. */
export async function unpacked(
  input: StagedInput,
  signal: AbortSignal = new AbortController().signal,
): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarOfInput('in', input, signal)) chunks.push(chunk);
  const lines: string[] = [];
  const tar = extract();
  tar.end(Buffer.concat(chunks));
  for await (const entry of tar) {
    const { name, type, mode, uid, gid, linkname } = entry.header;
    const content = type === 'file' ? shown(await textOf(entry)) : type === 'symlink' ? linkname : '';
    lines.push(`${type} ${mode.toString(8)} ${uid}:${gid} ${name} ${content}`.trim());
    entry.resume();
  }
  return lines;
}

function shown(text: string): string {
  return text.length > 100 ? `${String(text.length)} bytes` : JSON.stringify(text);
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
