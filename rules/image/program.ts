import { defineRule, type RuleContext, type RuleFinding } from '../../src/check/rule.js';
import { findProgram, type FoundProgram } from '../../src/image/layers/program.js';
import { howToStart, whyNotStarted } from '../../src/image/layers/program-text.js';
import { inputMounts, resultMounts } from '../../src/job/mounts.js';
import { isAtOrBelow, resolvePath } from '../../src/text/posix-path.js';
import { startedPrograms, type StartedProgram } from '../../src/workload/started-programs.js';

const script = (first: string): { head: { kind: 'script'; interpreter: string; hasCR: boolean } } => ({
  head: { kind: 'script', interpreter: first.trimEnd(), hasCR: first.endsWith('\r') },
});
const elf = (
  architecture: string,
  loader?: string,
): { head: { kind: 'elf'; architecture: string; loader?: string } } => ({
  head: { kind: 'elf', architecture, ...(loader === undefined ? {} : { loader }) },
});

export default defineRule({
  id: 'image/program',
  stage: 'run',
  severity: 'error',
  imagePart: 'command',
  needs: (context) => (context.deep && runs(context) ? ['image.files', 'image.config'] : []),
  title: 'Program cannot start in this image',
  why:
    'Docker looks for the program of the command in the image, in the folders of PATH unless it is a path. One that is ' +
    'not there, has no x bit, is a script without "#!" or with Windows line ends, or was built for another machine or C ' +
    'library ends the job before it begins. Bacalhau sees none of this before a node starts the container. Looked at ' +
    'with --deep only.',
  remedy: 'Name a program that the image has, or build it into the image.',
  examples: {
    bad: [
      {
        title: 'a slim image has no bash',
        command: 'bacalhau docker run alpine:3.20 -- bash -c "ls /inputs"',
        deep: true,
        image: { files: { '/bin/sh': '-> busybox', '/bin/busybox': {} } },
        expect: { stage: 'run', severity: 'error', confidence: 'high', at: 'bash', message: 'is not in the image' },
      },
      {
        title: 'called in a shell text',
        command: "bacalhau docker run alpine:3.20 -- sh -c 'ls /inputs && ffmpeg -i /inputs/a.mkv /outputs/a.mp4'",
        deep: true,
        image: { files: { '/bin/sh': {}, '/bin/ls': {} } },
        expect: { stage: 'run', severity: 'error', confidence: 'medium', at: 'ffmpeg', message: 'cannot call it' },
      },
      {
        title: 'saved on Windows',
        reference: 'acme/count:1',
        deep: true,
        image: { config: { entrypoint: ['/app/run.sh'] }, files: { '/app/run.sh': script('/bin/sh\r') } },
        expect: { stage: 'run', severity: 'error', message: 'Windows line ends' },
      },
      {
        title: 'built with glibc, copied into an image with musl',
        reference: 'acme/count:1',
        deep: true,
        image: { config: { entrypoint: ['/count'] }, files: { '/count': elf('amd64', '/lib64/ld-linux-x86-64.so.2') } },
        expect: { stage: 'run', severity: 'error', message: 'needs the loader /lib64/ld-linux-x86-64.so.2' },
      },
      {
        title: 'a binary of the builder’s own machine in an image that says amd64',
        reference: 'acme/count:1',
        deep: true,
        image: { config: { entrypoint: ['/count'] }, files: { '/count': elf('arm64') } },
        expect: { stage: 'run', severity: 'error', message: 'for arm64, while the image says linux/amd64' },
      },
    ],
    good: [
      {
        command: 'bacalhau docker run alpine:3.20 -- sh -c "ls /inputs"',
        deep: true,
        image: { files: { '/bin/sh': '-> busybox', '/bin/ls': '-> busybox', '/bin/busybox': elf('amd64') } },
      },
      {
        title: 'what may have been installed before',
        command: 'bacalhau docker run alpine:3.20 -- sh -c "apk add curl && curl -O https://example.org/a"',
        deep: true,
        image: { files: { '/bin/sh': {}, '/sbin/apk': {} } },
      },
      {
        title: 'the program comes with an input',
        command: 'bacalhau docker run -i s3://acme/tools/:/tools alpine:3.20 -- /tools/count',
        deep: true,
        image: { files: { '/bin/sh': {} } },
      },
    ],
  },
  *check(context) {
    const { facts, workload, job, image } = context;
    const { 'image.files': files, 'image.config': config } = facts;
    if (!context.deep || files === undefined || config === undefined || workload === undefined) return;
    if (image === undefined) return;
    for (const program of startedPrograms(workload, config, job?.task)) {
      if (maybeMounted(program, context)) continue;
      const found = findProgram(files, program);
      const isShells = program.by === 'shell';
      const why = isShells && found.kind === 'absent' ? NOT_FOUND : whyNotStarted(found, files.platform);
      // A shell reads a text without "#!" by itself.
      if (why === undefined || (isShells && (found.kind === 'no-shebang' || found.kind === 'empty'))) continue;
      const remedy = howToStart(found);
      yield {
        at: program.at.at ?? image.at,
        evidence: program.at.origin,
        message: `${program.word} ${why}.`,
        ...(remedy === undefined ? {} : { remedy }),
        ...related(program, image.at, found),
      };
    }
  },
});

const NOT_FOUND = 'is not in the image, so that the shell cannot call it (127, "not found")';

function runs({ kind, job }: Omit<RuleContext, 'facts' | 'workload'>): boolean {
  return kind === 'image' || job?.task?.engine?.docker !== undefined;
}

/** Whether a mount of the job may bring the program, or something on its way. */
function maybeMounted({ word, workingDir, searchPath }: StartedProgram, { job }: RuleContext): boolean {
  const places = word.includes('/') ? [resolvePath(workingDir, word)] : searchPath;
  const mounts = [...inputMounts(job?.task), ...resultMounts(job?.task)];
  return mounts.some((mount) => places.some((place) => isAtOrBelow(place, mount.path)));
}

/** Tells of the image where the word stands in the job, and of the job's word where it stands in the image. */
function related(
  { at }: StartedProgram,
  image: NonNullable<RuleContext['image']>['at'],
  found: FoundProgram,
): Pick<RuleFinding, 'related'> {
  if (at.at === undefined) return { related: [{ message: 'the command of the image names it' }] };
  const path = 'path' in found ? ` at ${found.path}` : '';
  return { related: [{ message: `this image was looked into${path}`, at: image }] };
}
