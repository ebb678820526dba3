import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDockerfile } from '../../src/dockerfile/read.js';
import type { ImageConfig } from '../../src/image/facts.js';
import { readCommandLine } from '../../src/job/command-line.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import { readJobSpec } from '../../src/job/read.js';
import { sourceText, type SourceText, type Span } from '../../src/text/source.js';
import { readWorkload } from '../../src/workload/read.js';
import type { PathUse, Word, Workload } from '../../src/workload/workload.js';

/** What shells, wrappers and programs act on, and what trips up readers. */
const PIECES =
  '$( ${ } ) ` " \' \\ | & && ; < > >> << <<EOF EOF 2>&1 \n for in do done if then fi case esac while A=1 A=/in $A ${A:-/x} ' +
  '"$A" $1 $@ f() { [[ ]] (( )) * ~ {a,b} {{.x}} {{ .x }} {{$X}} … \u{1f600} \ud800 \0 - -- -c -o -i -f -O -exec {} + ; ' +
  'sh bash /bin/sh busybox env timeout xargs sudo uv conda run exec eval . source cd pushd popd read set shift ' +
  'python3.12 node perl java -jar -m pip install curl wget git clone aws s3 cp tar xzf dd if=/in/a of=/out/b find grep sed ' +
  'tee ffmpeg magick duckdb ssh psql -h rsync a@b:/c https://example.org/a.csv http://[::1]/x s3://b/k ftp:// ' +
  '/inputs/a.csv /outputs ../outputs/x ./a //a /../.. /dev/null toString __proto__ constructor hasOwnProperty';

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...PIECES.split(' ')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);
const text = fc.array(piece, { maxLength: 25 }).map((list) => list.join(' '));
const words = fc.oneof(
  fc.array(fc.oneof(piece, text), { maxLength: 6 }),
  text.map((value) => ['sh', '-c', value]),
  text.map((value) => ['bash', '-euo', 'pipefail', '-c', value, 'name', '/in']),
);
const EMPTY: ImageConfig = {
  source: 'registry',
  platform: 'linux/amd64',
  entrypoint: [],
  cmd: [],
  env: [],
  user: '',
  workingDir: '',
  volumes: [],
  exposedPorts: [],
  labels: {},
  hasHealthcheck: false,
};
const config = fc
  .record({ entrypoint: words, cmd: words, env: fc.array(piece), workingDir: piece })
  .map((given): ImageConfig => ({ ...EMPTY, ...given }));

function jobText(given: { entrypoint: string[]; parameters: string[]; workdir: string; env: string[] }): string {
  const Params = {
    Image: 'acme/count:1',
    Entrypoint: given.entrypoint,
    Parameters: given.parameters,
    WorkingDirectory: given.workdir,
    EnvironmentVariables: given.env,
  };
  const task = { Name: 'main', Engine: { Type: 'docker', Params }, Env: { A: '/in' } };
  return JSON.stringify({ Type: 'batch', Tasks: [task] }, undefined, 1);
}

const job = fc
  .record({ entrypoint: words, parameters: words, workdir: piece, env: fc.array(piece, { maxLength: 3 }) })
  .map((given) => sourceText('job.yaml', jobText(given)));

/** Everything in a workload that has a place. */
function wordsOf({ command, calls, reads, writes, mentions, network, opaque }: Workload): Word[] {
  return [
    ...command.words,
    ...calls.flatMap((call) => call.words),
    ...[...reads, ...writes, ...mentions, ...network].map(({ word }) => word),
    ...opaque.flatMap(({ word }) => word ?? []),
  ];
}

function uses({ reads, writes, mentions }: Workload): PathUse[] {
  return [...reads, ...writes, ...mentions];
}

function expectInside(workload: Workload, source: SourceText): void {
  for (const { at } of wordsOf(workload)) {
    if (at === undefined) continue;
    const { start, end } = at.span;
    expect(0 <= start && start <= end && end <= source.text.length).toBe(true);
  }
}

/** Paths are absolute and clean, so that rules can compare them as text. */
function expectClean(workload: Workload): void {
  for (const { path } of uses(workload)) expect(path).toMatch(/^\/(?:$|(?:(?!\.{1,2}(?:\/|$))[^/]+(?:\/(?!$)|$))*$)/s);
}

function workloadOf(spec: JobSpec, source: SourceText, image?: ImageConfig): Workload {
  const docker = spec.task?.engine?.docker;
  return readWorkload({
    source,
    configKnown: image !== undefined,
    ...(image === undefined ? {} : { config: image }),
    ...(docker === undefined ? {} : { docker }),
    ...(spec.task === undefined ? {} : { env: spec.task.env }),
  });
}

describe('whatever is run, nothing throws and every place lies in the text', () => {
  test('job specs', () => {
    fc.assert(
      fc.property(job, fc.option(config, { nil: undefined }), (source, image) => {
        const workload = workloadOf(readJobSpec(source), source, image);
        expectInside(workload, source);
        expectClean(workload);
      }),
      { numRuns: 1000 },
    );
  });

  test('command lines', () => {
    fc.assert(
      fc.property(text, fc.option(config, { nil: undefined }), (line, image) => {
        const source = sourceText('<command>', `bacalhau docker run -w /w acme/count:1 -- ${line}`);
        const workload = workloadOf(readCommandLine(source), source, image);
        expectInside(workload, source);
        expectClean(workload);
      }),
      { numRuns: 1000 },
    );
  });

  test('Dockerfiles', () => {
    const instruction = fc
      .tuple(fc.constantFrom('ENTRYPOINT', 'CMD', 'ENV', 'WORKDIR', 'SHELL', 'RUN'), fc.oneof(text, words))
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 5 }), (instructions) => {
        const source = sourceText('Dockerfile', ['FROM scratch', ...instructions].join('\n'));
        const { final } = readDockerfile(source);
        if (final === undefined) return;
        const workload = readWorkload({ source, dockerfile: final, configKnown: false });
        expectInside(workload, source);
        expectClean(workload);
      }),
      { numRuns: 500 },
    );
  });

  test('images alone have no places', () => {
    fc.assert(
      fc.property(config, (image) => {
        const workload = readWorkload({ config: image, configKnown: true });
        for (const { at } of wordsOf(workload)) expect(at).toBeUndefined();
        expectClean(workload);
      }),
      { numRuns: 500 },
    );
  });
});

describe('places', () => {
  const plain = fc.stringMatching(/^[a-z/][a-z0-9/.]{0,11}$/);

  function textAt({ text: all }: SourceText, span: Span | undefined): string | undefined {
    return span === undefined ? undefined : all.slice(span.start, span.end);
  }

  test('a plain word of an exec form or of a shell text stands where its place says', () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 6 }), fc.boolean(), (list, shell) => {
        const parameters = shell ? ['/bin/sh', '-c', list.join(' ')] : list;
        const source = sourceText('job.yaml', jobText({ entrypoint: [], parameters, workdir: '/w', env: [] }));
        const workload = workloadOf(readJobSpec(source), source, EMPTY);
        const told = wordsOf(workload).filter(({ known, text: value }) => known && list.includes(value));
        if (!shell) expect(told.length).toBeGreaterThan(0);
        for (const word of told) expect(textAt(source, word.at?.span)).toBe(word.text);
      }),
      { numRuns: 300 },
    );
  });
});
