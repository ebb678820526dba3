import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile, mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { padding, tarEnd, tarHeader } from '../../src/dryrun/tar-header.js';
import { runCli } from './cli.js';
import { build, load, type TestEngine } from './engine.js';
import { image, savedFiles, tarOf } from './images.js';

/** One dry run of the built CLI, with all that must come of it. */
export interface DryRunScenario {
  readonly title: string;
  /** A `bacalhau docker run` line without its first three words, or a job spec. */
  readonly line?: string;
  readonly job?: string;
  /** Further arguments. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files beside the job, by path; what begins with `-> ` is a link. */
  readonly files?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly ended?: 'not-started' | 'exited' | 'memory' | 'timeout' | 'limit';
  /** `severity rule`, in the order of the report. */
  readonly findings: readonly string[];
  /**
   * The folder of `--output`, file by file: its content, or its size as a number. A folder that is empty ends in a
   * slash. Undefined where a node publishes nothing: then there is no such folder.
   */
  readonly tree?: Readonly<Record<string, string | number>> | undefined;
  /** Parts of messages, of what is told, or of what is printed. */
  readonly says?: readonly string[];
}

/** What a scenario came to. */
export interface DryRunOutcome {
  readonly code: number | null;
  readonly ended: unknown;
  readonly findings: readonly string[];
  readonly tree: Readonly<Record<string, string>> | undefined;
  readonly text: string;
}

/** Files that are larger are compared by their size. */
const MOST_COMPARED = 400;

/** Runs a scenario in a folder of its own. */
export async function runScenario(engine: TestEngine, scenario: DryRunScenario): Promise<DryRunOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'dry-run-'));
  try {
    const files = { ...scenario.files, ...(scenario.job === undefined ? {} : { 'job.yaml': scenario.job }) };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      if (content.startsWith('-> ')) await symlink(content.slice(3), join(folder, path));
      else await writeFile(join(folder, path), content);
    }
    const what =
      scenario.job !== undefined
        ? ['job.yaml']
        : scenario.line === undefined
          ? []
          : ['--command', `bacalhau docker run ${scenario.line}`];
    const [dashes, rest] = split(scenario.args ?? []);
    const args = ['dry-run', ...what, '--format', 'json', '--output', 'results', ...dashes, ...rest];
    const { code, stdout, stderr } = await runCli(args, {
      cwd: folder,
      env: { DOCKER_HOST: engine.host, ...scenario.env },
    });
    const report: unknown = stdout === '' ? {} : JSON.parse(stdout);
    const subject = at(at(report, 'subjects'), '0');
    const findings: unknown = at(subject, 'findings');
    return {
      code,
      ended: at(at(subject, 'run'), 'ended'),
      findings: (Array.isArray(findings) ? findings : []).map(
        (finding: unknown) => `${String(at(finding, 'severity'))} ${String(at(finding, 'rule'))}`,
      ),
      tree: await treeOf(join(folder, 'results')),
      text: `${stderr}\n${stdout}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Words from `--` on stay last. */
function split(args: readonly string[]): [string[], string[]] {
  const dashes = args.indexOf('--');
  return dashes < 0 ? [[...args], []] : [args.slice(0, dashes), args.slice(dashes)];
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

async function treeOf(root: string): Promise<Record<string, string> | undefined> {
  const tree: Record<string, string> = {};
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    if (entries.length === 0) tree[`${folder}/`] = '';
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (!entry.isFile()) tree[path] = 'not a file';
      else {
        const { size } = await stat(join(root, path));
        tree[path] = size > MOST_COMPARED ? String(size) : await readFile(join(root, path), 'utf8');
      }
    }
  };
  try {
    await walk('');
  } catch {
    return undefined;
  }
  return tree;
}

/** The tree of a scenario as `runScenario` gives it. */
export function textTree(tree: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).map(([path, content]) => [path, String(content)]));
}

/** Everything that dry runs have left in an engine. */
export async function leftovers({ docker }: TestEngine): Promise<string[]> {
  const filters = { label: ['bacalhau-preflight.run'] };
  const [containers, volumes, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters: JSON.stringify(filters) }),
    docker.listNetworks({ filters }),
  ]);
  return [
    ...containers.map(({ Id }) => `container ${Id}`),
    ...volumes.Volumes.map(({ Name }) => `volume ${Name}`),
    ...networks.map(({ Name }) => `network ${Name}`),
  ].sort();
}

const SCRIPTS: Readonly<Record<string, string>> = {
  '/crlf.sh': '#!/bin/sh\r\necho hi\r\n',
  '/no-shebang': 'echo hi\n',
  '/no-interpreter': '#!/no/such/interpreter\n',
  '/deaf.sh': '#!/bin/sh\ntrap "" TERM\necho ready\nwhile true; do sleep 1; done\n',
  // As a client does that speaks TLS through a proxy: nc connects, and starts the second script on the connection.
  '/https.sh': '#!/bin/sh\nexec nc ${https_proxy%:*} ${https_proxy#*:} -e /tunnel.sh $1\n',
  '/tunnel.sh': [
    '#!/bin/sh',
    "printf 'CONNECT %s:443 HTTP/1.1\\r\\nHost: %s:443\\r\\n\\r\\n' $1 $1",
    'read -r status; echo "$status" >&2',
    'case $status in *" 200 "*) ;; *) exit 1 ;; esac',
    'while read -r line && [ ${#line} -gt 1 ]; do :; done',
    "exec 3<&0; printf 'GET /tls HTTP/1.0\\r\\n\\r\\n' | ssl_client -s 3 -n $1 >&2",
    '',
  ].join('\n'),
  '/bomb.sh':
    '#!/bin/sh\nexec 2>/dev/null\nb() { b | b & }\n( b )\ni=0\nwhile [ $i -lt 200000 ]; do i=$((i+1)); done\necho survived\n',
};

/**
 * Builds the images of the scenarios from busybox alone: `tools:1` has it and some broken scripts; others differ in
 * USER, ENTRYPOINT, CMD, VOLUME, WORKDIR or platform.
 */
export async function buildImages(engine: TestEngine): Promise<void> {
  const busybox = readFileSync('/bin/busybox');
  const entries = [
    entry('Dockerfile', Buffer.from(DOCKERFILE), 0o644),
    entry('busybox', busybox, 0o755),
    ...Object.entries(SCRIPTS).map(([path, text]) => entry(path.slice(1), Buffer.from(text), 0o755)),
    entry('plain.txt', Buffer.from('plain\n'), 0o644),
    tarEnd(),
  ];
  await build(engine, 'tools:1', Buffer.concat(entries));
  const from = (name: string, ...lines: string[]): Promise<void> =>
    build(engine, name, { Dockerfile: ['FROM tools:1', ...lines, ''].join('\n') });
  await from('user:1', 'USER app');
  await from('stranger:1', 'USER nobody-here');
  await from('entry:1', 'ENTRYPOINT ["echo", "entry"]', 'CMD ["cmd"]');
  await from('volume:1', 'VOLUME /scratch');
  await from('workdir:1', 'WORKDIR /app', 'ENV FROM_IMAGE=yes', 'ENV NAME=image');
  await from('default:1', 'CMD ["echo", "from the image"]');
  await build(engine, 'empty:1', { Dockerfile: 'FROM scratch\nCOPY a /a\n', a: 'x' });
  await load(engine, tarOf(savedFiles({ 'arm:1': image({ platform: 'linux/arm64' }) })));
}

const DOCKERFILE = [
  'FROM scratch',
  'COPY busybox /bin/busybox',
  'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
  'ENV PATH=/bin',
  'RUN mkdir -p /app /etc /tmp && chmod 1777 /tmp && echo baked > /app/baked && echo "app:x:1000:1000::/:/bin/sh" > /etc/passwd',
  `COPY ${Object.keys(SCRIPTS)
    .map((path) => path.slice(1))
    .join(' ')} plain.txt /`,
  '',
].join('\n');

function entry(name: string, content: Buffer, mode: number): Buffer {
  const header = tarHeader({ name, type: 'file', mode, size: content.length, mtime: 0 });
  return Buffer.concat([header, content, padding(content.length)]);
}
