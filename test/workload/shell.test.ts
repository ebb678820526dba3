import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readShell } from '../../src/workload/shell/read.js';
import { newScope as scope } from '../../src/workload/shell/scope.js';

/** Commands as one line each: words, then redirections, with the folder in front when it is known. */
function lines(text: string, cwd?: string): string[] {
  return readShell(text, scope(cwd)).commands.map(({ words, redirects, cwd: folder }) =>
    [
      ...(folder === undefined ? [] : [`${folder}:`]),
      ...words.map(({ text: word }) => word),
      ...redirects.map(({ operator, target }) => `${operator}${target.text}`),
    ].join(' '),
  );
}

describe('readShell', () => {
  test.each<[string, string[]]>([
    ['a b && c | d || e; f &', ['a b', 'c', 'd', 'e', 'f']],
    ['A=/outputs; cp x "$A/y" ${A}/z', ['cp x /outputs/y /outputs/z']],
    ['export A=/outputs && ls $A', ['export', 'ls /outputs']],
    ['ls $A "$A/b" ${A:-/x}', ['ls … …/b /x']],
    ['C="curl -O"; $C https://x', ['curl -O https://x']],
    ["A=1 run $A 'a b'", ['run … a b']],
    ['if [ -f /in/a ]; then A=1; else A=2; fi; echo $A', ['[ -f /in/a ]', 'echo …']],
    ['for f in a b; do cat $f; done; echo $f', ['cat a', 'cat b', 'echo …']],
    ['for f in /inputs/*.csv; do wc "$f"; done', ['wc /inputs/*.csv']],
    ['for f in $(ls /in); do cat $f; done', ['ls /in', 'cat …']],
    ['while read l; do echo $l; done < /in/list', [' </in/list', 'read l', 'echo …'].map((line) => line.trim())],
    ['f() { cat "$1"; }; f /in/a', ['cat /in/a']],
    ['f() { A=1; }; f; echo $A', ['echo 1']],
    ['cat <<EOF > /outputs/a\nhi $X\nEOF', ['cat >/outputs/a']],
    ['cmd 2>&1 >/outputs/log', ['cmd >/outputs/log']],
    ['cmd &> /outputs/log', ['cmd >/outputs/log']],
    ['mkdir -p /outputs/{a,b}', ['mkdir -p /outputs/a /outputs/b']],
    ['cat x{1..3} y{a,b}z {01..3..2}', ['cat x1 x2 x3 yaz ybz 01 03']],
    ['cat {1..99} {a,$B}', ['cat * *']],
    ['F=/in/a.tar.gz; ls ${F%.*} ${F%%.*} ${F##*/} ${F#/in} ${F%[a-z]}', ['ls /in/a.tar /in/a a.tar.gz /a.tar.gz …']],
    ['cat <<EOF\n$(curl a)\nEOF', ['curl a', 'cat']],
    ['f() { echo $1; g; }; g() { echo $1; }; f a', ['echo a', 'echo …']],
    ['cat ~/x "$(pwd)"', ['pwd', 'cat …/x …']],
    ['diff <(curl a) b', ['curl a', 'diff … b']],
    ['case $1 in a) x;; *) y;; esac', ['x', 'y']],
    ['# comment\nls # rest', ['ls']],
    ['[[ -f /x ]] && ls', ['ls']],
    ['read A; echo $A', ['read A', 'echo …']],
  ])('%s', (text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['cd /app && ls', ['/: cd /app', '/app: ls']],
    ['cd app; cd ..; ls', ['/: cd app', '/app: cd ..', '/: ls']],
    ['(cd /app; ls); ls', ['/: cd /app', '/app: ls', '/: ls']],
    ['cd $X; ls', ['/: cd …', 'ls']],
    ['if x; then cd /a; fi; ls', ['/: x', '/: cd /a', 'ls']],
    ['cd /a || exit 1; ls', ['/: cd /a', '/a: exit 1', '/a: ls']],
    ['cd /a; cat "$PWD/b" $(pwd)/c', ['/: cd /a', '/a: pwd', '/a: cat /a/b /a/c']],
  ])('follows cd: %s', (text, expected) => {
    expect(lines(text, '/')).toEqual(expected);
  });

  test.each<[string, string]>([
    ['a; b && c | d', 'a b c d'],
    ['a || b', ''],
    ['a || exit 1', 'a'],
    ['a || { echo no >&2; exit 1; }; b', 'a b'],
    ['a && b || c; d', 'd'],
    ['a || exit 1 && b', 'a b'],
    ['[ -f x ] && a; b', '[ b'],
    ['[[ -f x ]] && a', ''],
    ['echo x | grep -q x && a && b', 'echo grep'],
    ['command -v a && b || c', ''],
    ['if a; then b; else c; fi; d', 'd'],
    ['case $x in a) b;; esac; c', 'c'],
    ['for f in x y; do a; done', 'a a'],
    ['f() { a; }; if x; then f; fi; f', 'a'],
    ['if x; then $(a); b "$(c)"; fi', ''],
  ])('tells what certainly runs: %s', (text, expected) => {
    const certain = readShell(text, scope(undefined)).commands.filter((command) => command.certain);
    expect(certain.map(({ words }) => words[0]?.text).join(' ')).toBe(expected);
  });

  test('gives the place of every word', () => {
    const text = 'cd /app && cat "/in/a b" > /out/c';
    const [, cat] = readShell(text, scope(undefined)).commands;
    expect(cat?.words.map(({ start, end }) => text.slice(start, end))).toEqual(['cat', '"/in/a b"']);
    expect(cat?.redirects.map(({ target }) => text.slice(target.start, target.end))).toEqual(['/out/c']);
  });

  test('says that a text does not parse, and reads on', () => {
    const { commands, problem } = readShell('ls "a', scope(undefined));
    expect(problem).toMatch(/./);
    expect(commands).toHaveLength(1);
  });

  test('gives each command the variables that are set for it alone, and those that programs heed', () => {
    const { commands } = readShell('PGHOST=db.example.org; A=1 psql; B=2; psql', scope(undefined));
    expect(commands.map(({ environment }) => [...environment].map(([name, { text }]) => `${name}=${text}`))).toEqual([
      ['PGHOST=db.example.org', 'A=1'],
      ['PGHOST=db.example.org'],
    ]);
  });

  test('ends on functions that call themselves', () => {
    expect(lines('f() { f; f; f; }; f')).toEqual([]);
  });

  test('never throws', () => {
    const piece = fc.constantFrom(
      ...'$( ${ } ) ` " \' \\ | & ; < > << EOF\n \n for in do done if then fi case esac a=b f() { /x * ~ $A [[ ]] (( ))'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 60 }).map((list) => list.join(' ')),
        ),
        (text) => {
          for (const { words } of readShell(text, scope('/')).commands) {
            for (const { start, end } of words) expect(start <= end && end <= text.length).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    '(',
    '$(',
    '{ ',
    '`',
    '"$(',
    'if x; then ',
    'a<<E\n',
    '${a:-',
    '((',
    '[[ (',
    'a && ',
    'a || ',
    '[ a ] && ',
  ])('ends on 20,000 times %j', (part) => {
    expect(readShell(part.repeat(20_000), scope(undefined)).commands.length).toBeLessThan(100_000);
  });

  describe('costs no more than twice as much for a text of twice the length, and ends at its bounds', () => {
    test.each([
      'a; ',
      'a | ',
      'a && ',
      '(a); ',
      '( ',
      '$(a ',
      'if a; then ',
      'case a in b) ',
      'while a; do ',
      '{ a; ',
      'f() { a; }; f; ',
      'A=$A$A; ',
      'x{a,b} ',
      '<(a) ',
      '`a` ',
      'a <<E\n$(b)\nE\n',
      'for i in {1..9}; do ',
      'a "${b:-${c:-',
      '[[ a ]] && ',
      '! ',
    ])('%j', (part) => {
      const work = (times: number): number => readShell(part.repeat(times), scope('/')).work;
      for (const times of [100, 200, 400, 800, 1600]) {
        expect(work(2 * times)).toBeLessThanOrEqual(2 * work(times) + 50);
      }
    });

    test.each([
      ['a variable of many words, put in often', `A="${'a '.repeat(4000)}"; ${'x $A; '.repeat(10_000)}`],
      ['loops in loops', 'for a in 1 2 3 4 5 6 7 8; do '.repeat(60) + 'x; ' + 'done; '.repeat(60)],
      [
        'functions that call each other twice',
        Array.from({ length: 60 }, (_, i) => `f${String(i)}() { f${String(i + 1)}; f${String(i + 1)}; }; `).join('') +
          'f0',
      ],
      ['a text that doubles itself', `A=aa; ${'A=$A$A; '.repeat(5000)} echo $A`],
      ['braces in braces', `echo ${'{a,b}'.repeat(60)}`],
    ])('%s', (_name, text) => {
      const { work, commands } = readShell(text, scope('/'));
      expect(work).toBeLessThan(250_000);
      const longest = commands.flatMap(({ words }) => words.map(({ text: word }) => word.length));
      expect(Math.max(0, ...longest.slice(0, 50_000))).toBeLessThan(10_000);
    });
  });
});
