import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BIN, runCli, type CliResult } from './kit/cli.js';
import { GOOD, startHostileRegistry, type MisbehaviourName } from './kit/hostile-registry.js';
import { image, layoutFiles, savedFiles, tarEntry, tarOf, writeFiles } from './kit/images.js';

// Bad input ends in one clear line and the right exit code; the other files of the run are checked all the same.

const JOB = `Name: a
Type: batch
Count: 1
Tasks:
  - Name: main
    Engine: { Type: docker, Params: { Image: "alpine:3.20", Parameters: [echo, hi] } }
`;

let folder: string;
let server: Server;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  writeFileSync(join(folder, 'good.yaml'), JOB);
  server = createServer();
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

async function check(...args: readonly string[]): Promise<CliResult> {
  const result = await runCli(['check', '--offline', ...args], { cwd: folder });
  expectDecent(result);
  return result;
}

/** Holds for every run: no bug of ours, no stack trace, nothing that moves a terminal. */
function expectDecent({ code, stdout, stderr }: CliResult): void {
  expect([0, 1, 2, 3]).toContain(code);
  expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
  expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e]/u);
}

/** Gives the rules of the findings of a run in JSON. */
async function rulesFound(name: string, ...flags: readonly string[]): Promise<readonly string[]> {
  const { code, stdout } = await check('--format', 'json', ...flags, name);
  const rules = Array.from(stdout.matchAll(/^ *"rule": "(.+)",$/gm), ([, rule = '']) => rule);
  expect(code).toBe(stdout.includes('"errors": 0,') ? 0 : 1);
  return rules;
}

describe('what cannot be checked at all ends in one line and exit code 2, and the good file is checked:', () => {
  const NEITHER = '(say which with --as job or --as dockerfile)';
  const cases: readonly (readonly [string, () => string, string])[] = [
    ['no such file', () => 'nothing.yaml', 'cannot read nothing.yaml: there is no such file'],
    ['an empty name', () => '', 'cannot read : there is no such file'],
    ['a file as a folder', () => 'good.yaml/x', 'cannot read good.yaml/x: a part of the path is no folder'],
    ['a name that is too long', () => 'n'.repeat(300), `cannot read ${'n'.repeat(300)}: the name is too long`],
    [
      'a link to nothing',
      () => link('nowhere', 'dangling.yaml'),
      'cannot read dangling.yaml: it is a link to something that is not there',
    ],
    [
      'a link to itself',
      () => link('loop.yaml', 'loop.yaml'),
      'cannot read loop.yaml: it is a link that leads back to itself',
    ],
    ['a named pipe without a writer', namedPipe, 'cannot read pipe: it is a pipe that nobody writes to'],
    [
      'an empty file',
      () => file('empty.yaml', ''),
      `empty.yaml is empty: neither a job spec nor a Dockerfile ${NEITHER}`,
    ],
    [
      'a binary file',
      () => file('data.yaml', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256))),
      `data.yaml is a binary file, neither a job spec nor a Dockerfile ${NEITHER}`,
    ],
    [
      'prose',
      () => file('notes.txt', 'From me to you.\n'),
      `notes.txt is neither a job spec nor a Dockerfile ${NEITHER}`,
    ],
    [
      'a sparse file of 100 MB',
      () => sparse('sparse.yaml', 100_000_000),
      'sparse.yaml is larger than 1 MB, which no job spec or Dockerfile is; it was not read',
    ],
    [
      'a line of 5 MB',
      () => file('line.yaml', JOB.replace('hi', 'x'.repeat(5_000_000))),
      'line.yaml is larger than 1 MB, which no job spec or Dockerfile is; it was not read',
    ],
    [
      'a device without end',
      () => '/dev/zero',
      '/dev/zero is larger than 1 MB, which no job spec or Dockerfile is; it was not read',
    ],
    [
      'a Dockerfile in UTF-16',
      () => file('Dockerfile.utf16', Buffer.from('\ufeffFROM alpine:3.20\n', 'utf16le')),
      'Dockerfile.utf16 is UTF-16, which Docker does not read; save it as UTF-8',
    ],
    [
      'a name that would colour the terminal',
      () => '\u001b[31mred\u202e.yaml',
      'cannot read \\x1b[31mred\\u{202e}.yaml: there is no such file',
    ],
  ];

  test.each(cases)('%s', async (_, make, line) => {
    const { code, stdout, stderr } = await check(make(), 'good.yaml');
    expect(stderr).toBe(`${line}\n`);
    expect(stdout).toMatch(/^good\.yaml {2}against /);
    expect(code).toBe(2);
  });

  test('a socket', async () => {
    await new Promise<void>((done) => server.listen(join(folder, 'socket'), done));
    expect((await check('socket', 'good.yaml')).stderr).toBe('cannot read socket: it is a socket\n');
  });

  test('what comes out of a pipe is checked', () => {
    // Node gives its children sockets, which cannot be opened by name
    const line = `cat good.yaml | "${process.execPath}" "${BIN}" check --offline /dev/stdin`;
    const env = { PATH: process.env.PATH ?? '' }; // where CI is set, the report has another form
    expect(execFileSync('sh', ['-c', line], { cwd: folder, env }).toString()).toMatch(/^\/dev\/stdin {2}against /);
  });

  test('a file of commands', async () => {
    const { code, stderr } = await check('--commands', namedPipe(), '--commands', '/dev/zero', 'good.yaml');
    expect(stderr).toBe(
      'cannot read pipe: it is a pipe that nobody writes to\n/dev/zero is larger than 1 MB; it was not read\n',
    );
    expect(code).toBe(2);
  });
});

test.each([
  [
    ['--target', 'pipe'],
    '--target pipe: neither a Bacalhau release nor a file that can be read (it is a pipe that nobody writes to)',
  ],
  [['--target', '/dev/zero'], '--target /dev/zero: the file is larger than 1 MB'],
  [
    ['--target', '\u001b[31m'],
    '--target \\x1b[31m: neither a Bacalhau release nor a file that can be read (there is no such file)',
  ],
  [['--var', 'x'], '--var x: expected NAME=VALUE'],
  [['--platform', 'x'], '--platform x: expected OS/ARCH, such as linux/amd64 or linux/arm64'],
  [['--as', 'x'], 'Expected --as=x to be one of: job, dockerfile'],
])('a mistake in the call ends in one line: %j', async (args, line) => {
  namedPipe();
  const { code, stdout, stderr } = await check(...args, 'good.yaml');
  expect([stderr, stdout, code]).toEqual([`${line}\n`, '', 2]);
});

test('an argument that is missing is named', async () => {
  const { code, stderr } = await runCli(['inspect']);
  expect(stderr).toBe('name an image, or a job with --job FILE or --command LINE\n');
  expect(code).toBe(2);
});

function link(target: string, name: string): string {
  symlinkSync(target, join(folder, name));
  return name;
}

function namedPipe(): string {
  const path = join(folder, 'pipe');
  rmSync(path, { force: true });
  execFileSync('mkfifo', [path]);
  return 'pipe';
}

function sparse(name: string, length: number): string {
  file(name, '');
  truncateSync(join(folder, name), length);
  return name;
}

describe('text of a known kind is read as Bacalhau reads it:', () => {
  test.each([
    ['a byte order mark', `\ufeff${JOB}`],
    ['lines of Windows', JOB.replaceAll('\n', '\r\n')],
    ['both', `\ufeff${JOB.replaceAll('\n', '\r\n')}`],
    ['lines of an old Mac', JOB.replaceAll('\n', '\r')],
    ['UTF-16, little end first', Buffer.from(`\ufeff${JOB}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${JOB}`, 'utf16le').swap16()],
    ['a long word', JOB.replace('hi', 'x'.repeat(900_000))],
  ])('%s is no problem', async (_, content) => {
    expect(await rulesFound(file('fine.yaml', content))).toEqual([]);
  });

  test.each([
    ['an empty text', ''],
    ['a zero byte', JOB.replace('hi', 'h\0i')],
    ['a control character', JOB.replace('hi', 'h\u001b[31mi')],
    ['a byte that is no UTF-8', Buffer.from(JOB.replace('hi', 'h\u00fci'), 'latin1')],
    ['half of an emoji', JOB.replace('hi', '"\\ud83d\\ude80"')],
    ['100,000 lists inside each other', `${JOB}Meta: ${'['.repeat(100_000)}`],
    ['a Dockerfile', 'FROM alpine:3.20\nCMD ["x"]\n'],
    ['an alias inside itself', `${JOB}Meta: &a [*a]\n`],
  ])('%s is one finding', async (_, content) => {
    expect(await rulesFound(file('bad.yaml', content), '--as', 'job')).toEqual(['job/syntax']);
  });

  test('a job spec as a Dockerfile is findings', async () => {
    expect(new Set(await rulesFound('good.yaml', '--as', 'dockerfile'))).toEqual(new Set(['dockerfile/syntax']));
  });

  test('20,000 unknown keys are told a hundred times', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${String(index)}: v\n`).join('');
    const rules = await rulesFound(file('keys.yaml', JOB + keys));
    expect(rules.filter((rule) => rule === 'job/unknown-key')).toHaveLength(100);
  });

  test('more mistakes than a call takes arguments are findings', async () => {
    const rules = await rulesFound(file('many.yaml', 'a: b\n'.repeat(190_000)), '--as', 'job');
    expect(new Set(rules)).toContain('job/duplicate-key');
  });

  test.each([
    ['commands inside each other', '$('.repeat(60_000)],
    ['wrappers of wrappers', 'sudo '.repeat(25_000)],
    ['a variable that doubles itself', 'A=x;' + 'A=$A$A;'.repeat(10_000)],
    ['quotes that stay open', `'`.repeat(100_001)],
    ['a text of 900 kB', 'a '.repeat(450_000)],
  ])('a shell text of %s comes to an end', async (_, text) => {
    const job = JOB.replace('[echo, hi]', JSON.stringify(['sh', '-c', text]));
    const { code } = await check(file('shell.yaml', job));
    expect([0, 1]).toContain(code);
  });
});

describe('a Dockerfile', () => {
  test.each([
    ['ENV that doubles itself', `ENV A0=xx\n${doubling('ENV')}ENTRYPOINT $A99\n`],
    ['ARG that doubles itself', `${doubling('ARG')}RUN $A99\n`],
    ['quotes that stay open', `ENV A="${'\\"\\\n'.repeat(4000)}\n`],
    ['stages that inherit each other', 'FROM a AS a\nRUN x\n'.repeat(20_000)],
    ['ENV and ARG in turns', 'ENV a=1\nARG b=1\n'.repeat(30_000)],
    ['folders inside folders', 'WORKDIR a\n'.repeat(50_000)],
  ])('with %s comes to an end', async (_, text) => {
    expect(await rulesFound(file('Dockerfile', `FROM alpine AS a\n${text}`))).not.toContain('dockerfile/syntax');
  });

  test.each([['a line that BuildKit does not take', `RUN ${'x'.repeat(70_000)}\n`]])(
    'with %s is one finding',
    async (_, text) => {
      expect(await rulesFound(file('Dockerfile', `FROM alpine:3.20\n${text}`))).toEqual(['dockerfile/syntax']);
    },
  );

  test('with an instruction over 20,000 lines is read like any other', async () => {
    const path = file('Dockerfile', `FROM alpine:3.20\nRUN ${'--a \\\n'.repeat(20_000)}x\nENTRYPOINT ["a"] # b\n`);
    expect(await rulesFound(path)).toEqual(['dockerfile/broken-exec-form']);
  });

  test('of 70,000 unknown instructions comes to an end', async () => {
    const rules = await rulesFound(file('Dockerfile', `FROM alpine:3.20\n${'FOO x\n'.repeat(70_000)}`));
    expect(new Set(rules)).toEqual(new Set(['dockerfile/syntax']));
  });

  function doubling(keyword: string): string {
    const lines = Array.from(
      { length: 100 },
      (_, at) => `${keyword} A${String(at + 1)}=${`$A${String(at)}`.repeat(10)}\n`,
    );
    return `${keyword} A0=xxxxxxxxxx\n${lines.join('')}`;
  }
});

describe('escape sequences come out as text', () => {
  const EVIL = String.raw`"\e]0;x\a\e[2J\u202E"`;
  const job = `Name: ${EVIL}
Type: ${EVIL}
${EVIL}: 1
Count: 1
Tasks:
  - Name: ${EVIL}
    Engine: { Type: docker, Params: { Image: ${EVIL}, Parameters: [${EVIL}], Entrypoint: [sh, -c, ${EVIL}] } }
    InputSources: [{ Target: ${EVIL}, Source: { Type: ${EVIL}, Params: { CID: ${EVIL} } } }]
    ResultPaths: [{ Name: ${EVIL}, Path: ${EVIL} }]
    Network: { Type: ${EVIL}, Domains: [${EVIL}] }
    Env: { ${EVIL}: ${EVIL} }
`;

  test.each([
    ['pretty', [], {}],
    ['for logs', [], { CI: 'true' }],
    ['as JSON', ['--format', 'json'], {}],
  ])('%s', async (_, flags, env) => {
    const result = await runCli(['check', '--offline', ...flags, file('evil.yaml', job)], { cwd: folder, env });
    expectDecent(result);
    expect(result.stdout).toContain('job/unknown-key');
    expect(result.code).toBe(1);
  });

  test('of an image', async () => {
    const evil = '\u001b]0;x\u0007\u202e\n';
    const config = { Cmd: [evil], User: evil, Env: [`${evil}=1`], Labels: { [evil]: evil }, WorkingDir: evil };
    const archive = file('evil.tar', tarOf(savedFiles({ 'app:1': image({ config }) })));
    const result = await runCli(['inspect', '--offline', `docker-archive:${archive}`], { cwd: folder });
    expectDecent(result);
    expect(result.stdout).toContain(String.raw`user        \x1b]0;x\x07\u{202e}\x0a`);
    expect(result.code).toBe(0);
    const two = savedFiles({ [`${evil}:1`]: image(), [`${evil}:2`]: image() });
    expect((await check('--image', `docker-archive:${file('two.tar', tarOf(two))}`)).stderr).toContain(
      String.raw`it holds 2 images; say which, after a colon: \x1b]0;x\x07\u{202e}\x0a:1`,
    );
  });
});

describe('a place that is named and holds no image ends in one line and exit code 2:', () => {
  const manifest = (value: unknown): Buffer => tarOf({ 'manifest.json': JSON.stringify(value) });
  const whole = tarOf(savedFiles({ 'app:1': image() }));

  test.each<[string, Buffer, string]>([
    ['an empty archive', Buffer.alloc(0), 'it is no tar archive'],
    ['one that is cut off', whole.subarray(0, 2048), 'the archive is cut off'],
    [
      'one that is damaged',
      Buffer.concat([whole.subarray(0, 1024), Buffer.alloc(1024, 0xff)]),
      'the archive is damaged',
    ],
    ['a path that leaves it', manifest([{ Config: '../../../etc/passwd' }]), 'manifest.json names no valid config'],
    ['an absolute path', manifest([{ Config: '/etc/passwd' }]), 'manifest.json names no valid config'],
    ['no list of images', manifest('x'), 'it holds no image'],
    ['names of no kind', manifest([{ Config: {}, RepoTags: 5 }]), 'manifest.json names no valid config'],
    [
      'a link for the config',
      Buffer.concat([...tarEntry('c.json', Buffer.alloc(0), '2', '/etc/passwd'), manifest([{ Config: 'c.json' }])]),
      'c.json in the archive is a link or no plain file',
    ],
    [
      '20 MB of zeros',
      gzipSync(Buffer.alloc(20_480_000)),
      'it has no manifest.json, so "docker save" did not write it',
    ],
    [
      'more JSON than memory should hold',
      gzipSync(tarOf(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${String(at)}.json`, bigJson()])))),
      'the archive holds too much JSON',
    ],
    [
      'a compressed one that is cut off',
      gzipSync(whole).subarray(0, 100),
      'the compressed archive is damaged or cut off',
    ],
  ])('%s', async (_, bytes, reason) => {
    const { code, stderr } = await check('--image', `docker-archive:${file('image.tar', bytes)}`, 'good.yaml');
    expect(stderr).toBe(`image.tar: ${reason}\n`);
    expect(code).toBe(2);
  });

  function bigJson(): Buffer {
    const bytes = Buffer.alloc(4_000_000, 0x20);
    bytes[0] = 0x5b;
    return bytes;
  }

  test.each([
    ['a size of a petabyte', (index: string) => index.replace(/"size":\d+/, '"size":1000000000000000'), 'bytes long'],
    ['a size that is too small', (index: string) => index.replace(/"size":\d+/, '"size":5'), 'bytes long'],
    ['another digest', (index: string) => index.replace(/sha256:..../, 'sha256:0000'), 'the layout lacks sha256:0000'],
    [
      'a path as digest',
      (index: string) => index.replace(/sha256:\w+/, 'sha256:../../x'),
      'without valid digest and size',
    ],
    ['no JSON', () => '{', 'is not JSON'],
  ])('a layout with %s', async (name, change, reason) => {
    const files = layoutFiles({ v1: GOOD });
    const path = `layout ${name}`;
    await writeFiles(join(folder, path), {
      ...files,
      'index.json': Buffer.from(change(files['index.json']?.toString() ?? '')),
    });
    const { code, stderr } = await check('--image', `oci:${path}`);
    expect(stderr).toMatch(/^.+\n$/);
    expect(stderr).toContain(reason);
    expect(code).toBe(2);
  });

  test('a named pipe', async () => {
    const { code, stderr } = await check('--image', `docker-archive:${namedPipe()}`);
    expect(stderr).toBe('pipe: it is no plain file\n');
    expect(code).toBe(2);
  });
});

describe('a registry that', () => {
  test.each<[MisbehaviourName, string]>([
    ['says a digest that is not that of its answer', 'digest mismatch: what the registry gives as sha256:0000'],
    ['sends HTML', 'answered with a web page, as no registry does'],
    ['never ends', 'sent more than 4 MiB where that much is never needed'],
    ['breaks off', 'closed the connection without an answer'],
    ['redirects for ever', 'redirects more than 5 times'],
    ['redirects to a file', 'redirects to an address that is not http(s)'],
    ['redirects to the metadata service', 'a cloud metadata address'],
    ['sends deep JSON', 'the manifest nests more than 32 levels deep'],
  ])('%s leaves the image unchecked, with the reason', leavesUnchecked);

  test('never answers, or drips a byte now and then, is left after ten seconds', async () => {
    const reason = 'did not answer within 10 s';
    await Promise.all([leavesUnchecked('never answers', reason), leavesUnchecked('drips', reason)]);
  }, 30_000);

  async function leavesUnchecked(name: MisbehaviourName, reason: string): Promise<void> {
    const registry = await startHostileRegistry(name);
    try {
      const job = file(`${name}.yaml`, JOB.replace('alpine:3.20', `${registry.host}/app:1`));
      const result = await runCli(['check', '--strict', job], { cwd: folder });
      expectDecent(result);
      expect(result.stdout.replace(/\s+/g, ' ')).toContain(reason);
      expect(result.stderr).toBe('');
      expect(result.code).toBe(3);
    } finally {
      await registry.stop();
    }
  }
});
