import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BIN, runCli, startCli, type CliResult } from '../kit/cli.js';

// The check command in front of a repository of strangers, as a user of the built CLI sees it.

const JOB = `Name: count
Type: batch
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "acme/count:latest" } }
    Network: { Type: Full }
`;

let outer: string;
let folder: string;
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'gate-'));
  folder = join(outer, 'repo');
  await mkdir(join(folder, '.git'), { recursive: true });
  await mkdir(join(folder, 'sub'));
  await write('job.yaml', JOB);
  await write('sub/job.yaml', JOB);
});
afterEach(() => rm(outer, { recursive: true }));

const write = (name: string, text: string | Buffer): Promise<void> => writeFile(join(folder, name), text);
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const CONFIG = '.bacalhau-preflight.yaml';

function check(args: readonly string[], cwd = folder): Promise<CliResult> {
  return runCli(['check', '--offline', ...args], { cwd });
}

/** Runs the CLI with standard output where a shell sends it; gives the exit code and standard error. */
function redirected(args: string, to: string): Promise<CliResult> {
  return new Promise((done, fail) => {
    const script = `"${process.execPath}" "${BIN}" check --offline ${args} ${to}`;
    const env = { PATH: process.env.PATH ?? '', BACALHAU_PREFLIGHT_NO_CACHE: '1' };
    const child = spawn('sh', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout: '', stderr }));
  });
}

describe('output that nobody takes', () => {
  test('a reader that leaves changes neither the exit code nor the other reports', async () => {
    const run = startCli(['check', '.', '--offline', '--fail-on', 'info', '--report', 'json:r.json'], {
      cwd: folder,
    });
    run.closeOutput();
    expect(await run.ended).toEqual({ code: 1, signal: null });
    expect(JSON.parse(await read('r.json'))).toMatchObject({ version: 1 });
  });

  test('a full disk is one line and exit 2', async () => {
    const result = await redirected('job.yaml --report json:r.json', '> /dev/full');
    expect(result).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot write to standard output: no space'),
    });
    expect(result.stderr).not.toContain(' at ');
    expect(JSON.parse(await read('r.json'))).toMatchObject({ version: 1 });
  });

  test('/dev/stdout is added to what was printed', async () => {
    await redirected('job.yaml --report json:/dev/stdout', '> out.txt');
    const text = await read('out.txt');
    expect(text).toMatch(/^job\.yaml  against/);
    expect(text).toContain('"version": 1');
  });
});

describe('a configuration that is found', () => {
  test.each([
    ['target: ../net.yaml\n', ':1:9: target ../net.yaml'],
    ['overrides: [{ paths: a, target: /etc/hostname }]\n', ':1:33: target'],
    ['baseline: ../known.json\n', ':1:11: baseline ../known.json'],
    ['images: { acme/count: ../Dockerfile }\n', ':1:23: the Dockerfile ../Dockerfile'],
    ['images: { acme/count: link/Dockerfile }\n', ':1:23: the Dockerfile link/Dockerfile'],
  ])('leads not out of the repository: %s', async (text, message) => {
    await symlink(outer, join(folder, 'link'));
    await writeFile(join(outer, 'net.yaml'), 'name: secret\n');
    await writeFile(join(outer, 'Dockerfile'), 'FROM secret\n');
    await write(CONFIG, text);
    const result = await check(['job.yaml', '--update-baseline', '--baseline', 'b.json']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain('leads out of the repository');
    expect(result.stderr).not.toContain('secret');
    expect((await check(['job.yaml', '--config', CONFIG])).stderr).not.toContain('leads out');
  });

  test('writes no baseline outside', async () => {
    await write(CONFIG, 'baseline: ../known.json\n');
    expect((await check(['job.yaml', '--update-baseline'])).code).toBe(2);
    await expect(stat(join(outer, 'known.json'))).rejects.toThrow('ENOENT');
  });

  test('is no link out of the repository; one within it is fine', async () => {
    await writeFile(join(outer, 'other.yaml'), 'secret: 1\n');
    await symlink('../other.yaml', join(folder, CONFIG));
    const result = await check(['job.yaml']);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('leads out of the repository') });
    expect(result.stderr).not.toContain('secret');
    await rm(join(folder, CONFIG));
    await write('real.yaml', 'failOn: never\n');
    await symlink('real.yaml', join(folder, CONFIG));
    expect((await check(['job.yaml', '--print-config'])).stdout).toContain('failOn: never');
  });

  test.each([
    ['a folder', (file: string) => mkdir(file), 'it is a folder'],
    ['a link to nothing', (file: string) => symlink('nowhere', file), 'a link to something that is not there'],
  ])('that is %s is told, not passed over', async (_, make, message) => {
    await make(join(folder, CONFIG));
    expect(await check(['job.yaml'])).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('above the repository is not heeded, and a misspelt name is told', async () => {
    await writeFile(join(outer, CONFIG), 'failOn: warning\n');
    await write('.bacalhau-preflight.yml', 'failOn: info\n');
    const result = await check(['job.yaml']);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain(`.bacalhau-preflight.yml is not read: the name that counts is ${CONFIG}`);
    expect((await check(['job.yaml', '--no-config'])).stderr).toBe('');
  });
});

test('a named link out of the folder is not followed with --ci-untrusted', async () => {
  await writeFile(join(outer, 'secret.yaml'), 'Name: secret\n');
  await symlink('../secret.yaml', join(folder, 'link.yaml'));
  await symlink('job.yaml', join(folder, 'inner.yaml'));
  const result = await check(['link.yaml', 'inner.yaml', '--as', 'job', '--ci-untrusted']);
  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('link.yaml is a link out of this folder') });
  expect(result.stdout).not.toContain('secret');
  expect(result.stdout).toContain('inner.yaml');
});

describe('--print-config', () => {
  test('shows control characters that a target file holds, and sends none to the terminal', async () => {
    await write('net.yaml', 'name: "lab\\e]0;x\\a\\u202e"\n');
    const { stdout } = await check(['--print-config', '--target', 'net.yaml']);
    expect(stdout).toContain('lab\\x1b]0;x\\x07\\u{202e}');
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  const TEXT = `target: net.yaml
failOn: warning
rules: { image/moving-tag: off, image/*: warning }
baseline: known.json
ignore: [{ paths: old/, rules: input/*, reason: kept }]
overrides: [{ paths: sub/, platforms: linux/arm64, rules: { image/moving-tag: error } }]
`;
  beforeEach(async () => {
    await write('net.yaml', "name: lab\nbacalhau: '1.8'\nsources: [s3]\nlabels: { zone: a }\n");
    await write('known.json', '{"version":1,"findings":[]}');
    await write(CONFIG, TEXT);
  });

  test.each([
    [[], '1.8.0', ['linux/amd64']],
    [['sub/job.yaml'], '1.8.0', ['linux/arm64']],
    [['sub/job.yaml', '--target', '1.6', '--platform', 'linux/s390x'], '1.6.5', ['linux/s390x']],
  ])('%j: what it prints is read as what was in effect', async (args, target, platforms) => {
    const printed = await check([...args, '--print-config']);
    expect(parse(printed.stdout)).toMatchObject({
      target,
      platforms,
      failOn: 'warning',
      baseline: 'known.json',
      ignore: [{ paths: ['old/'], rules: ['input/*'], reason: 'kept' }],
      ...(target === '1.8.0' ? { network: { sources: ['s3'], labels: { zone: 'a' } } } : {}),
    });
    await write('printed.yaml', printed.stdout);
    const again = await check([...args, '--print-config', '--config', 'printed.yaml']);
    expect(parse(again.stdout)).toEqual(parse(printed.stdout));
    const job = args[0] ?? 'job.yaml';
    const format = ['--format', 'json', ...args.slice(1)];
    const report = async (config: string): Promise<unknown> => {
      const { subjects } = JSON.parse((await check([job, ...format, '--config', config])).stdout) as {
        subjects: { findings: { rule: string; severity: string }[] }[];
      };
      return subjects[0]?.findings.map(({ rule, severity }) => `${rule} ${severity}`);
    };
    expect(await report('printed.yaml')).toEqual(await report(CONFIG));
  });

  test('has the hosts of flags, and with --ci-untrusted none', async () => {
    const hosts = ['--print-config', '--no-config'];
    expect((await check([...hosts, '--allow-host', 'a.example'])).stdout).toContain('allowHosts:\n  - a.example');
    await write('own.yaml', 'allowHosts: [a.example]\n');
    expect((await check(['--print-config', '--config', 'own.yaml', '--ci-untrusted'])).stdout).not.toContain(
      'a.example',
    );
  });
});

describe('what is of no use', () => {
  test('is told of ignores whose rules could look, and of no others', async () => {
    await write(
      CONFIG,
      `ignore:
  - { rules: input/s3-glob, reason: finds nothing }
  - { rules: image/platform, reason: could not look }
  - { rules: command/unset-variable, reason: looks with --deep }
  - { rules: network/*, reason: of use }
  - { paths: sub/, rules: network/deprecated-mode, reason: of use too }
  - { paths: gone/, reason: fits none }
overrides: [{ paths: [sub/, none/], rules: { input/s3-glob: off } }]
`,
    );
    const result = await check(['.']);
    expect(result.stderr.split('\n').filter((line) => line.startsWith(CONFIG))).toEqual([
      `${CONFIG}:8:29: none/ fits none of the files that were checked`,
      `${CONFIG}:7:14: gone/ fits none of the files that were checked`,
    ]);
    await write(CONFIG, '# none\nignore: [{ rules: input/s3-glob, reason: finds nothing }]\n');
    expect((await check(['.'])).stderr).toContain(
      `${CONFIG}:2:10: the ignore of input/s3-glob finds nothing; it can go`,
    );
  });

  test('is told of the entries of a baseline, but not of rules that are off', async () => {
    await check(['.', '--baseline', 'known.json', '--update-baseline']);
    const first = await read('known.json');
    await check(['.', '--baseline', 'known.json', '--update-baseline']);
    expect(await read('known.json')).toBe(first);
    await write(CONFIG, 'rules: { network/deprecated-mode: off }\n');
    expect((await check(['.', '--baseline', 'known.json'])).stderr).not.toContain('nothing any more');
    expect((await check(['.', '--baseline', 'known.json', '--target', '1.5', '--no-config'])).stderr).not.toContain(
      'any more',
    );
    await write('job.yaml', JOB.replace('Full', 'None'));
    expect((await check(['.', '--baseline', 'known.json', '--no-config'])).stderr).toContain(
      '1 entry matches nothing any more',
    );
  });
});

test('a baseline is read back however large it was written, and marks of a merge are named', async () => {
  const entry = { rule: 'input/unused', path: 'job.yaml', pointer: 'x'.repeat(200), content: '', count: 1 };
  const findings = Array.from({ length: 6000 }, (_, at) => ({ ...entry, content: String(at) }));
  await write('known.json', JSON.stringify({ version: 1, findings }));
  expect((await check(['job.yaml', '--baseline', 'known.json'])).code).toBe(0);
  await write('known.json', '{"version":1,"findings":[\n<<<<<<< ours\n=======\n>>>>>>> theirs\n]}');
  const torn = await check(['job.yaml', '--baseline', 'known.json']);
  expect(torn).toMatchObject({ code: 2, stderr: expect.stringContaining('has the marks of a merge in it') });
});

test('a spec whose name is no UTF-8 is not passed over', async () => {
  const name = Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff]), Buffer.from('.yaml')]);
  await writeFile(name, JOB);
  expect(await check(['.'])).toMatchObject({ code: 2, stderr: expect.stringContaining('its name is not UTF-8') });
});

test('rules that only an override turns on are described in SARIF', async () => {
  await write(
    CONFIG,
    "rules: { '*': off }\noverrides: [{ paths: sub/, rules: { network/deprecated-mode: warning } }]\n",
  );
  const { stdout } = await check(['.', '--format', 'sarif']);
  const sarif = JSON.parse(stdout) as {
    runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex?: number }[] }[];
  };
  expect(sarif.runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(['network/deprecated-mode']);
  expect(sarif.runs[0]?.results).toMatchObject([{ ruleId: 'network/deprecated-mode', ruleIndex: 0 }]);
});

test('the job summary is left alone where GitHub would drop it, and begins on a line of its own', async () => {
  const env = { GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  await write('summary', 'before');
  const args = ['check', 'job.yaml', '--offline', '--format', 'github'];
  await runCli(args, { cwd: folder, env });
  expect(await read('summary')).toMatch(/^before\n<!-- bacalhau-preflight -->\n/);
  await write('summary', 'x'.repeat(1024 * 1024));
  const full = await runCli(args, { cwd: folder, env });
  expect(full).toMatchObject({ code: 0, stderr: expect.stringContaining('has no room for this report') });
  expect((await read('summary')).length).toBe(1024 * 1024);
});

test('what was not read stands in the JSON report', async () => {
  const { stdout, code } = await check(['none.yaml', '--format', 'json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    problems: ['cannot read none.yaml: there is no such file'],
    subjects: [],
  });
});
