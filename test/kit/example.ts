import { check, type Looked } from '../../src/check/check.js';
import type { SubjectReport } from '../../src/check/finding.js';
import type { BadExample, Example, ExampleProbe, Facts, Rule } from '../../src/check/rule.js';
import type { SubjectInput } from '../../src/check/subject.js';
import type { ImageConfig } from '../../src/image/facts.js';
import { looksLikeFile } from '../../src/job/input-name.js';
import type { JobSpec } from '../../src/job/job-spec.js';
import type { IpfsProbe, S3Probe, UrlProbe } from '../../src/probe/facts.js';
import { ipfsInputs, s3Inputs, urlInputs } from '../../src/probe/inputs.js';
import { builtInTarget } from '../../src/target/built-in.js';
import { resolveRelease } from '../../src/target/release.js';
import type { Target } from '../../src/target/target.js';
import { exampleFiles } from './example-files.js';
import type { RunEvidence } from '../../src/workload/run-evidence.js';
import { sourceText } from '../../src/text/source.js';

/** A program that did its work in a second. */
const GOOD_RUN: RunEvidence = {
  ended: 'exited',
  exitCode: 0,
  command: ['count', '/inputs'],
  seconds: 1,
  memory: { limitBytes: 512e6, requested: false, peakBytes: 40e6 },
  cpu: { limit: 0.5, requested: false, used: 0.2, throttled: 0 },
  hardened: false,
  user: '',
  network: { mode: 'none', allowed: [], refused: [] },
  stdout: { bytes: 0, cut: false },
  stderr: { bytes: 0, cut: false },
  results: [{ name: 'outputs', path: '/outputs', files: [{ path: 'count.txt', bytes: 12 }], dropped: [] }],
  lost: [],
  inputs: [],
  signs: [],
};

const DIGEST = `sha256:${'1'.repeat(64)}`;

/**
 * Gives a check of texts through the whole engine, in the world of an example: its target, and what it says of the
 * image and the inputs; only the look at these is made up. `offers` is what the target has beside the built-in one.
 */
export function checkAs(
  example: Example,
  rules: readonly Rule[],
  offers: Partial<Target> = {},
): (inputs: readonly SubjectInput[]) => Promise<SubjectReport[]> {
  const release = resolveRelease(example.target ?? '1.9');
  if (release === undefined) throw new Error(`an example names an unknown target ${example.target ?? ''}`);
  const allowed = example.allowed === undefined ? {} : { allowedImages: example.allowed };
  const target = { ...builtInTarget(release, example.platforms), ...allowed, ...offers };
  return (inputs) =>
    check(inputs, {
      rules,
      target,
      variables: new Map(),
      deep: example.deep ?? false,
      lookAtImage: (name) => Promise.resolve(looked(example, target, name.source)),
      lookAtInputs: (job) => Promise.resolve({ facts: probed(example, job), missing: {} }),
      ...(example.day === undefined ? {} : { now: Date.parse(example.day) }),
      ...(example.run === undefined ? {} : { run: { ...GOOD_RUN, ...example.run } }),
    });
}

/** Runs one rule over one of its examples, as `checkAs`. */
export async function runExample(rule: Rule, example: Example, offers: Partial<Target> = {}): Promise<SubjectReport> {
  const [report] = await checkAs(example, [rule], offers)([inputOf(example)]);
  if (report === undefined) throw new Error('no report');
  return report;
}

/** The text that a finding underlines. */
export function underlined(report: SubjectReport, index: number): string {
  const at = report.findings[index]?.at.span;
  return at === undefined ? '' : report.source.text.slice(at.start, at.end);
}

/** Whether some finding of the report is what the example expects. */
export function meets(report: SubjectReport, expected: BadExample['expect']): boolean {
  return report.findings.some(
    (finding, index) =>
      finding.stage === expected.stage &&
      finding.severity === expected.severity &&
      (expected.confidence === undefined || finding.confidence === expected.confidence) &&
      (expected.at === undefined || underlined(report, index) === expected.at) &&
      (expected.message === undefined || finding.message.includes(expected.message)),
  );
}

function inputOf(example: Example): SubjectInput {
  if (example.job !== undefined) return { kind: 'job', source: sourceText('job.yaml', example.job) };
  if (example.command !== undefined) return { kind: 'command', source: sourceText('<command>', example.command) };
  if (example.dockerfile !== undefined) {
    return { kind: 'dockerfile', source: sourceText('Dockerfile', example.dockerfile) };
  }
  if (example.reference !== undefined) {
    return { kind: 'image', source: sourceText(example.reference, example.reference) };
  }
  throw new Error('an example needs a job, a command, a dockerfile or a reference');
}

function looked(example: Example, target: Target, place: ImageConfig['source']): Looked {
  const image = example.image ?? {};
  const source = image.source ?? place;
  const platforms = image.platforms ?? target.platforms.slice(0, 1);
  const digest = image.digest ?? DIGEST;
  const config: ImageConfig = {
    source,
    platform: platforms.find((platform) => target.platforms.includes(platform)) ?? platforms[0] ?? '',
    digest,
    entrypoint: [],
    cmd: ['/bin/sh'],
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    user: '',
    workingDir: '',
    volumes: [],
    exposedPorts: [],
    labels: {},
    hasHealthcheck: false,
    ...image.config,
  };
  const access = image.access ?? 'public';
  const served = access === 'public' || access === 'credentials';
  const local = image.local;
  const facts: Facts = {
    'image.access': { kind: access, registry: 'docker.io', triedCredentials: access !== 'public' },
    ...(served || source !== 'registry'
      ? {
          'image.platforms': {
            source,
            digest,
            kind: platforms.length > 1 ? 'index' : 'manifest',
            platforms: platforms.map((platform) => ({ platform, digest })),
            ...(source === 'docker-daemon' && image.digest !== undefined ? { isPartial: true } : {}),
          },
          'image.config': config,
        }
      : {}),
    ...(image.seen === undefined ? {} : { 'image.seen': image.seen }),
    ...(image.base === undefined ? {} : { 'image.base': image.base }),
    ...(image.files === undefined ? {} : { 'image.files': exampleFiles(image.files, config) }),
    'image.local':
      local === undefined || local === 'absent'
        ? { present: false }
        : {
            present: true,
            id: `sha256:${'2'.repeat(64)}`,
            platform: local.platform ?? target.platforms[0] ?? '',
            repoDigests: local.repoDigests ?? [],
            config,
          },
  };
  const kept = Object.entries(facts).filter(([name]) => !image.unknown?.some((fact) => fact === name));
  const missing = Object.fromEntries((image.unknown ?? []).map((fact) => [fact, 'offline']));
  if (!served && source === 'registry') {
    missing['image.platforms'] = missing['image.config'] = 'the image cannot be pulled';
  }
  return { facts: Object.fromEntries(kept), missing };
}

/** All inputs as they should be, but for what the example says of them. */
function probed({ probe = {} }: Example, job: JobSpec): Facts {
  const urls = urlInputs(job).map(({ input, url }): [number, UrlProbe] => {
    const { host, pathname } = new URL(url.value);
    const fileName = pathname.slice(pathname.lastIndexOf('/') + 1);
    const good = { status: 200, host, size: 1000, contentType: 'text/csv', redirected: false, folder: false, fileName };
    return [input.index, { ...good, ...probe.url }];
  });
  const contents = ipfsInputs(job).map(({ input }): [number, IpfsProbe] => {
    const shape = looksLikeFile(input.target?.value ?? '') ? 'file' : 'folder';
    return [input.index, probe.ipfs ?? { kind: 'found', shape, size: 1000 }];
  });
  const objects = s3Inputs(job).map(({ input }): [number, S3Probe] => [input.index, objectsOf(probe)]);
  return {
    'probe.url': new Map(urls),
    'probe.s3': new Map(objects),
    'probe.ipfs': new Map(contents),
    'probe.bucket': probe.bucket ?? { exists: true },
  };
}

function objectsOf({ s3 = {} }: ExampleProbe): S3Probe {
  if ('kind' in s3) return s3;
  return { kind: 'found', access: 'public', objects: 1, size: 1000, listed: 1, isWhole: true, ...s3 };
}
