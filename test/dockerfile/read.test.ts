import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { meantList } from '../../src/dockerfile/exec-form.js';
import { readInstructions } from '../../src/dockerfile/instructions.js';
import { readDockerfile } from '../../src/dockerfile/read.js';
import type { Dockerfile } from '../../src/dockerfile/dockerfile.js';
import { expandVariables } from '../../src/dockerfile/variables.js';
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
    expect(file.final?.env.map(({ value }) => value)).toEqual(['HOME_DIR=/srv', 'B=two words']);
    expect(file.final?.workingDir?.value).toBe('/srv');
    const copies = file.final?.copies ?? [];
    expect(copies.map(({ destination }) => destination.value)).toEqual(['/srv/data/', '/y/z', '/etc/conf']);
    expect(copies.map(({ destination }) => textAt(file, destination))).toEqual(['data/', '/y/z', '/etc/conf']);
    expect(copies.map(({ sources }) => sources.map(({ value }) => value))).toEqual([['a', 'b'], ['x'], []]);
    expect(copies[2]?.documents.map(({ content }) => textAt(file, { span: content }))).toEqual(['text\n']);
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
    ["['a'] # why", '["a"]'],
    ['["a"] && b', undefined],
  ])('%s means %s', (text, list) => expect(meantList(text)?.list).toBe(list));
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
    "RUN << E <<-'F",
    'COPY --from=x ["a", "b"]',
    'HEALTHCHECK --interval=1s CMD ["',
    'ONBUILD ONBUILD CMD x',
    'ENV A=${A:-${B:-$A',
    '\uFEFF',
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
            ...file.stages.flatMap((s) => [s.at, s.base, ...s.volumes, ...s.exposed, ...s.runs, ...s.env, ...s.args]),
            ...file.stages.flatMap(({ copies }) => copies.flatMap((c) => [c, c.destination, ...c.sources])),
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
      return (file.final?.runs.length ?? 0) + (file.final?.cmd?.words.length ?? 0);
    };
    expect(steps(5_000)).toBe(10_001);
  });
});

test('the text of RUN is without its flags, and that of a here-document', () => {
  const { final } = read(
    'FROM a\nRUN --mount=type=cache,target=/c  a && b\nRUN <<EOF\na\nEOF\nRUN cat <<E >/x\nb\nE\n',
  );
  expect(final?.runs.map(({ value }) => value)).toEqual(['a && b', 'a\n', 'cat <<E >/x']);
});

test('an instruction may go over very many lines', () => {
  const { final, problems } = read(`FROM alpine:3.20\nRUN true ${'\\\n && true '.repeat(60_000)}\nUSER app\n`);
  expect(problems).toEqual([]);
  expect(final?.runs[0]?.value).toHaveLength(4 + 60_000 * 9);
  expect(final?.user?.value).toBe('app');
});

describe('here-documents', () => {
  const contents = (text: string): string[] => {
    const file = read(text);
    const { list } = readInstructions(file.source);
    expect(file.problems).toEqual([]);
    return list.flatMap(({ documents }) => documents.map(({ content }) => textAt(file, { span: content })));
  };
  test.each([
    ['two in one instruction', 'RUN <<A <<B\n1\nA\n2\nB\n', ['1\n', '2\n']],
    ['a quoted end word, and a blank before it', `RUN cat << 'E F' > /x\nUSER a\nE F\n`, ['USER a\n']],
    ['tabs before the end word', 'COPY <<-E /x\n\ta\n\tE\n', ['\ta\n']],
    ['a file descriptor', 'RUN cmd 3<<E\na\nE\n', ['a\n']],
    ['empty', 'RUN <<E\nE\n', ['']],
    ['CRLF', 'RUN <<E\r\na\r\nE\r\n', ['a\r\n']],
    ['below ONBUILD', 'ONBUILD RUN <<E\nFROM x\nE\n', ['FROM x\n']],
    ['none in quotes', 'RUN echo "<<E"\nUSER a\n', []],
    ['none inside a word', 'RUN echo $((1<<E)) a<<E\nUSER a\n', []],
    ['no here-string', 'RUN cat <<<E\nUSER a\n', []],
    ['none in a list', 'RUN ["cat", "<<E"]\nUSER a\n', []],
    ['none in CMD', 'CMD cat <<E\nUSER a\n', []],
  ])('%s', (_title, text, expected) => expect(contents(`FROM a\n${text}`)).toEqual(expected));

  test('one without an end does not build', () => {
    const file = read('FROM a\nRUN cat <<EOF\nUSER a\n');
    expect(file.problems.map(({ kind, at }) => [kind, textAt(file, at)])).toEqual([['syntax', '<<EOF']]);
  });
});

describe('directives', () => {
  test.each([
    ['# escape=x\nFROM a\n', '# escape=x'],
    ['# syntax=a\n# Syntax = b\nFROM a\n', '# Syntax = b'],
  ])('%j does not build', (text, at) => {
    const file = read(text);
    expect(file.problems.map((problem) => textAt(file, problem.at))).toEqual([at]);
  });
  test.each([
    '\n# escape=`\nFROM a\n',
    '# x\n# escape=`\nFROM a\n',
    '# check=skip=all\n# unknown=1\n# escape=`\nFROM a\n',
  ])('%j has no other escape character', (text) =>
    expect(readInstructions(sourceText('Dockerfile', text)).escape).toBe('\\'),
  );
});

test.each([
  ['$A/${A}b$Ab', 'x/xb$Ab', false],
  ['\'$A\' "$A" \\$A', '$A x $A', true],
  ['${N:-${A}}${A:-n}${A:+y}${E:-e}${E-f}|', 'xxye|', true],
  ['${A#x} ${A%x} ${A/x/y}', '${A#x} ${A%x} ${A/x/y}', false],
  ['$ $1 ${ ${A', '$ $1 ${ x', false],
  ['"a\\b\\"c" a\\b', 'a\\b"c ab', true],
])('the value of %s', (text, value, known) => {
  const variables = new Map([
    ['A', 'x'],
    ['E', ''],
  ]);
  expect(expandVariables(text, variables)).toEqual({ text: value, known });
});
