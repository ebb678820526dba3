import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { meantList } from '../../src/dockerfile/exec-form.js';
import { readDockerfile } from '../../src/dockerfile/read.js';
import type { Dockerfile } from '../../src/dockerfile/dockerfile.js';
import { sourceText, type Place } from '../../src/text/source.js';

function read(text: string): Dockerfile {
  return readDockerfile(sourceText('Dockerfile', text));
}

function textAt(file: Dockerfile, place: Place | undefined): string {
  return place === undefined ? '' : file.source.text.slice(place.span.start, place.span.end);
}

describe('stages', () => {
  test('FROM with platform, ARG with a default, and a name', () => {
    const file = read('ARG TAG=3.12\nFROM --platform=linux/arm64 python:${TAG}-slim AS build\nFROM build\n');
    const [build, final] = file.stages;
    expect(build?.base.value).toBe('python:3.12-slim');
    expect(build?.baseKnown).toBe(true);
    expect(textAt(file, build?.base)).toBe('python:${TAG}-slim');
    expect(textAt(file, build?.platform)).toBe('linux/arm64');
    expect(textAt(file, build?.name)).toBe('build');
    expect(final?.baseStage).toBe(0);
    expect(final?.platform?.value).toBe('linux/arm64');
    expect(file.problems).toEqual([]);
  });

  test.each([
    ['ARG BASE\nFROM $BASE', false, '$BASE'],
    ['ARG BASE\nFROM ${BASE:-alpine:3.20}', true, 'alpine:3.20'],
    ['FROM scratch', true, 'scratch'],
  ])('base of %j', (text, known, base) => {
    const { final } = read(text);
    expect([final?.baseKnown, final?.base.value]).toEqual([known, base]);
  });

  test('a stage takes over what the stage below it says', () => {
    const file = read(
      'FROM alpine AS a\nWORKDIR /app\nUSER app\nVOLUME /data\nEXPOSE 80\nCMD ["x"]\nFROM a\nWORKDIR sub\nEXPOSE 81/tcp\n',
    );
    const { final } = file;
    expect(final?.workingDir?.value).toBe('/app/sub');
    expect(final?.user?.value).toBe('app');
    expect(final?.volumes.map(({ value }) => value)).toEqual(['/data']);
    expect(final?.exposed.map(({ value }) => value)).toEqual(['80', '81/tcp']);
    expect(final?.cmd?.words.map(({ value }) => value)).toEqual(['x']);
  });

  test('ENTRYPOINT clears the CMD of the stage below, not the one beside it', () => {
    expect(read('FROM alpine AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["y"]').final?.cmd).toBeUndefined();
    expect(read('FROM alpine\nCMD ["x"]\nENTRYPOINT ["y"]').final?.cmd?.words).toHaveLength(1);
  });
});

describe('commands', () => {
  test('exec form over several lines, with comments between', () => {
    const file = read('FROM a\nCMD [ "python", \\\n # why\n  "x y.py" ]\n');
    expect(file.final?.cmd?.form).toBe('exec');
    expect(file.final?.cmd?.words.map(({ value }) => value)).toEqual(['python', 'x y.py']);
    expect(file.final?.cmd?.words.map((word) => textAt(file, word))).toEqual(['python', 'x y.py']);
  });

  test('shell form, CRLF', () => {
    const file = read('FROM a\r\nCMD python x.py \\\r\n  --all\r\nUSER app\r\n');
    expect(file.final?.cmd?.form).toBe('shell');
    expect(file.final?.cmd?.words.map(({ value }) => value)).toEqual(['python x.py   --all']);
    expect(textAt(file, file.final?.cmd?.words[0])).toBe('python x.py \\\r\n  --all');
    expect(file.final?.user?.value).toBe('app');
  });

  test('another escape character', () => {
    const file = read('# escape=`\nFROM a\nWORKDIR /x\nCMD echo a `\n  b\n');
    expect(file.final?.cmd?.words[0]?.value).toBe('echo a   b');
    expect(file.final?.workingDir?.value).toBe('/x');
  });

  test.each([
    ['ENTRYPOINT ["a"] # b', 'trailing-text'],
    ["ENTRYPOINT ['a', 'b']", 'single-quotes'],
    ['ENTRYPOINT ["a", "b",]', 'trailing-comma'],
    ['ENTRYPOINT ["a" "b"]', 'not-json'],
  ])('%s is no exec form', (line, reason) => {
    const file = read(`FROM a\n${line}\n`);
    expect(file.problems).toMatchObject([{ kind: 'bad-exec-form', reason }]);
    expect(file.final?.entrypoint?.form).toBe('shell');
  });

  test('here-documents and mounts of RUN hold no instructions', () => {
    const file = read('FROM a\nRUN --mount=type=cache,target=/c <<EOF\nUSER root\nFROM x\nEOF\nUSER app\n');
    expect(file.stages).toHaveLength(1);
    expect(file.final?.user?.value).toBe('app');
    expect(file.problems).toEqual([]);
  });

  test('SHELL, ENV, COPY', () => {
    const file = read(
      'FROM a\nSHELL ["/bin/bash", "-c"]\nENV HOME_DIR=/srv B="two words"\nWORKDIR $HOME_DIR\nCOPY --chown=1:1 a b data/\n' +
        'ADD ["x", "/y/z"]\nCOPY <<EOF /etc/conf\ntext\nEOF\n',
    );
    expect(file.final?.shell?.map(({ value }) => value)).toEqual(['/bin/bash', '-c']);
    expect(file.final?.env?.map(({ value }) => value)).toEqual(['HOME_DIR=/srv', 'B=two words']);
    expect(file.final?.workingDir?.value).toBe('/srv');
    expect(file.final?.writes.map(({ value }) => value)).toEqual(['/srv/data', '/y/z', '/etc/conf']);
    expect(file.final?.writes.map((path) => textAt(file, path))).toEqual(['data/', '/y/z', '/etc/conf']);
  });
});

describe('what does not build', () => {
  test.each([
    ['', 'no-from', ''],
    ['# only a comment\n', 'no-from', '# only a comment\n'],
    ['RUN x\n', 'syntax', 'RUN'],
    ['FROM a\nENTRYPONT ["x"]\n', 'syntax', 'ENTRYPONT'],
    ['FROM\n', 'syntax', 'FROM'],
    ['FROM a b\n', 'syntax', 'b'],
    ['FROM a\nCMD ["sleep", 10]\n', 'syntax', '["sleep", 10]'],
  ])('%j', (text, kind, at) => {
    const file = read(text);
    expect(file.problems.map((problem) => [problem.kind, textAt(file, problem.at)])).toContainEqual([kind, at]);
  });
});

describe('exec form', () => {
  test.each(['CMD [ -f /a ] && run', 'CMD [ "$A" = b ] && run', `ENTRYPOINT [ '$A' = b ] || run`])(
    '%s is a test of the shell',
    (line) => {
      expect(read(`FROM a\n${line}`).problems).toEqual([]);
    },
  );

  test.each([
    [`['a', 'b']`, '["a", "b"]'],
    ['["a",]', '["a"]'],
    ['["a"] # why', '["a"]'],
    ['["a" "b"]', undefined],
  ])('%s means %s', (text, list) => expect(meantList(text)).toBe(list));
});

test('instructions of another frontend are none of ours', () => {
  expect(read('# syntax=acme/frontend:1\nFROM a\nINCLUDE b\n').problems).toEqual([]);
  expect(read('# syntax=docker/dockerfile:1.7\nFROM a\nINCLUDE b\n').problems).toHaveLength(1);
});

test('a platform from an ARG', () => {
  expect(read('ARG P=linux/arm64\nFROM --platform=$P a').final?.platform?.value).toBe('linux/arm64');
  expect(read('FROM --platform=$BUILDPLATFORM a').final?.platform?.value).toBe('$BUILDPLATFORM');
});

describe('any text', () => {
  const line = fc.constantFrom(
    'FROM a AS b',
    'FROM --platform=$X ${Y:-',
    'ENTRYPOINT ["a", \\',
    '"b"]',
    "CMD ['x'",
    'RUN <<EOF',
    'EOF',
    '# escape=`',
    '\\',
    'COPY a',
    'ENV A="',
    'ARG $A=${A}',
    'ONBUILD RUN x',
    'SHELL ["',
    '\r',
    '\t# c',
    'VOLUME []',
    'WORKDIR ../..',
    'USER "',
  );
  test('does not throw, and every place lies inside the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        (lines, eol) => {
          const text = lines.join(eol);
          const file = read(text);
          const commands = file.stages.flatMap(({ entrypoint, cmd }) => [entrypoint, cmd].flatMap((c) => c ?? []));
          const places = [
            ...file.problems.map(({ at }) => at),
            ...file.stages.flatMap((s) => [s.at, s.base, ...s.volumes, ...s.exposed, ...s.writes, ...(s.runs ?? [])]),
            ...commands,
            ...commands.flatMap(({ words }) => words),
          ];
          for (const { span } of places) {
            expect(span.start).toBeGreaterThanOrEqual(0);
            expect(span.end).toBeGreaterThanOrEqual(span.start);
            expect(span.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });

  test('work grows with the text, not with its square', () => {
    const steps = (n: number): number => {
      const file = read(`FROM a\n${'RUN x \\\n y\n'.repeat(n)}CMD [${'"a", '.repeat(n)}"b"]\n`);
      return (file.final?.runs?.length ?? 0) + (file.final?.cmd?.words.length ?? 0);
    };
    expect(steps(5_000)).toBe(10_001);
  });
});

test('an instruction of very many lines is not checked, for Docker may build it', () => {
  const text = `FROM alpine:3.20\nRUN true ${'\\\n && true '.repeat(6_000)}\n`;
  const { stages, problems, unread } = readDockerfile(sourceText('Dockerfile', text));
  expect({ stages, problems }).toEqual({ stages: [], problems: [] });
  expect(unread).toBe('the instruction in line 2 goes over more than 5000 lines');
});
