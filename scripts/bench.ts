import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/** Runs of each command, taken in turn so that a slow phase of the machine meets all of them. */
const ROUNDS = 25;
const FILES = 10_000;

/** Prints start-up and throughput as ratios: the machine's own speed cancels out. */
export function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'preflight-bench-'));
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: folder };
  delete env.NODE_EXTRA_CA_CERTS; // Node would read that bundle at every start
  const run = (args: readonly string[]): number => {
    const start = process.hrtime.bigint();
    spawnSync(process.execPath, args, { env, stdio: 'ignore' });
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  try {
    const spec = 'fixtures/demo/good.yaml';
    const check = ['bin/run.js', 'check', spec, '--offline'];
    const first = run(check); // compiles the bundle and writes the code cache
    const commands = {
      'node -e 0': ['-e', '0'],
      '--version': ['bin/run.js', '--version'],
      '--help': ['bin/run.js', '--help'],
      'check --offline, one spec': check,
    };
    const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, args] of Object.entries(commands)) times.get(name)?.push(run(args));
    }
    const floor = median(times.get('node -e 0') ?? []);
    for (const [name, list] of times) print(name, median(list), floor);
    print('check, first run', first, floor);
    dryRunOverhead(env);
    throughput(spec, folder, run, floor);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs of each, in turn: a container takes long enough for the ratio to settle soon. */
const CONTAINER_ROUNDS = 7;

/** A dry run against the `docker run` line that it stands for, where there is an engine with the image for it. */
function dryRunOverhead(env: NodeJS.ProcessEnv): void {
  const image = process.env.BENCH_IMAGE ?? 'busybox:latest';
  const time = (program: string, args: readonly string[]): number | undefined => {
    const start = process.hrtime.bigint();
    const { status } = spawnSync(program, args, { env, stdio: 'ignore' });
    return status === 0 ? Number(process.hrtime.bigint() - start) / 1e6 : undefined;
  };
  const docker = ['run', '--rm', '--memory', '512000000b', '--cpus', '0.5', '--network', 'none', image, 'true'];
  const dry = ['bin/run.js', 'dry-run', '--command', `bacalhau docker run --network none ${image} -- true`, '--yes'];
  const times: [number, number][] = [];
  for (let round = 0; round < CONTAINER_ROUNDS; round++) {
    const [one, other] = [time('docker', docker), time(process.execPath, dry)];
    if (one === undefined || other === undefined) {
      process.stdout.write(`dry-run: not measured, no Docker engine that holds ${image} (BENCH_IMAGE names another)\n`);
      return;
    }
    times.push([one, other]);
  }
  const [plain, whole] = [median(times.map(([one]) => one)), median(times.map(([, other]) => other))];
  process.stdout.write(
    `dry-run                      ${whole.toFixed(1).padStart(7)} ms  ${(whole / plain).toFixed(2)} × docker run (${plain.toFixed(1)} ms)\n`,
  );
}

/** Many small specs in one run, against the bare YAML parse of the same texts. */
function throughput(spec: string, folder: string, run: (args: readonly string[]) => number, floor: number): void {
  const text = readFileSync(spec, 'utf8');
  const jobs = join(folder, 'jobs');
  mkdirSync(jobs);
  const files = Array.from({ length: FILES }, (_, i) => {
    const path = join(jobs, `job-${String(i)}.yaml`);
    writeFileSync(path, text.replace('Name: wordcount', `Name: wordcount-${String(i)}`));
    return path;
  });
  const whole = run(['bin/run.js', 'check', '--offline', '--format', 'json', jobs]) - floor;
  const start = process.hrtime.bigint();
  for (const file of files) parseDocument(readFileSync(file, 'utf8'), { uniqueKeys: false });
  const parse = Number(process.hrtime.bigint() - start) / 1e6;
  process.stdout.write(
    `${String(FILES)} specs: ${whole.toFixed(0)} ms, ${((FILES / whole) * 1000).toFixed(0)} a second, ${(whole / parse).toFixed(2)} × the bare YAML parse (${parse.toFixed(0)} ms)\n`,
  );
}

function print(name: string, time: number, floor: number): void {
  process.stdout.write(
    `${name.padEnd(28)} ${time.toFixed(1).padStart(7)} ms  ${(time / floor).toFixed(2)} × node -e 0\n`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
