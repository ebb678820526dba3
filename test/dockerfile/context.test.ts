import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copiedFile } from '../../src/dockerfile/context.js';
import { readDockerfile } from '../../src/dockerfile/read.js';
import { positionAt, sourceText } from '../../src/text/source.js';

let folder = '';
const FILES = {
  'context/count.py': 'count',
  'context/app/main.py': 'main',
  'context/app/app': 'inner',
  'context/secret/key.py': 'key',
  'context/secret/open.py': 'open',
  'context/big.py': 'x'.repeat(300 * 1024),
  'context/.dockerignore': '# not these\nsecret\n**/hidden.py\n',
  'context/app/hidden.py': 'hidden',
  'outside.py': 'outside',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'context-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await symlink('../outside.py', join(folder, 'context/link.py'));
  await symlink('..', join(folder, 'context/up'));
});

afterAll(() => rm(folder, { recursive: true }));

async function find(copy: string, path: string): Promise<string | undefined> {
  const dockerfile = readDockerfile(sourceText(join(folder, 'context/Dockerfile'), `FROM a:1\nWORKDIR /w\n${copy}\n`));
  const found = await copiedFile(dockerfile, path);
  return typeof found === 'object' ? found.text.trim() : found;
}

test.each([
  ['COPY count.py .', '/w/count.py', 'count'],
  ['COPY . .', '/w/app/main.py', 'main'],
  ['COPY app/ /opt/app', '/opt/app/main.py', 'main'],
  ['COPY app/*.py count.py /opt/', '/opt/main.py', 'main'],
  ['COPY app /opt/', '/opt/app', 'inner'],
  ['COPY ["count.py", "/bin/run me"]', '/bin/run me', 'count'],
  ['ADD --chown=1 ./count.py /x.py', '/x.py', 'count'],
  ['COPY <<E /run.py\nhello\nE', '/run.py', 'hello'],
  ['COPY count.py /x.py\nCOPY app/main.py /x.py', '/x.py', 'main'],
  ['COPY nope.py /x.py', '/x.py', 'absent'],
  ['COPY count.py /y.py', '/x.py', undefined],
  ['COPY --from=build count.py /x.py', '/x.py', undefined],
  ['ADD https://example.org/count.py /x.py', '/x.py', undefined],
  ['COPY $FILE /x.py', '/x.py', undefined],
  ['COPY ../outside.py /x.py', '/x.py', 'absent'],
  ['COPY link.py /x.py', '/x.py', 'absent'],
  ['COPY up/outside.py /x.py', '/x.py', 'absent'],
  ['COPY secret /s', '/s/key.py', 'absent'],
  ['COPY . .', '/w/app/hidden.py', 'absent'],
  ['COPY big.py /x.py', '/x.py', 'absent'],
])('%s brings to %s: %s', async (copy, path, text) => expect(await find(copy, path)).toBe(text));

test('a here-document keeps its lines', async () => {
  const dockerfile = readDockerfile(sourceText('Dockerfile', 'FROM a:1\nCOPY <<E /x.sh\ncurl\nE\n'));
  const found = await copiedFile(dockerfile, '/x.sh');
  expect(typeof found === 'object' && positionAt(found, found.text.indexOf('curl'))).toEqual({ line: 3, column: 1 });
});
