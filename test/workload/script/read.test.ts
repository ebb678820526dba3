import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { languageOf, readScript } from '../../../src/workload/script/read.js';
import { scriptTokens, type Language } from '../../../src/workload/script/tokens.js';

function uses(language: Language, text: string): string[] {
  const at = (start: number, end: number): { span: { start: number; end: number } } => ({ span: { start, end } });
  const { reads, writes, network, variables } = readScript(text, language, 'x', at);
  return [
    ...network.map(({ word }) => `fetch ${word.text}`),
    ...reads.map(({ path }) => `read ${path}`),
    ...writes.map(({ path }) => `write ${path}`),
    ...variables.map(({ name }) => `needs ${name}`),
  ];
}

describe('python', () => {
  test.each<[string, string[]]>([
    ['requests.get("https://e.org/a", timeout=5)', ['fetch https://e.org/a']],
    ['urllib.request.urlretrieve("https://e.org/a", "/tmp/a")', ['fetch https://e.org/a']],
    ['df = pd.read_csv("https://e.org/a.csv")', ['fetch https://e.org/a.csv']],
    ['requests.get(f"https://e.org/{name}")', ['fetch https://e.org/…']],
    ['requests.get("https://e.org/" + name)', ['fetch https://e.org/']],
    ['# requests.get("https://e.org/a")', []],
    ['"""requests.get("https://e.org/a")"""', []],
    ['URL = "https://e.org/a"\nprint("https://e.org/b")\nlog.info("see https://e.org")', []],
    ['ET.register_namespace("x", "https://e.org/ns")', []],
    ['open("/data/a")', ['read /data/a']],
    ["open('/data/a', 'wb')", ['write /data/a']],
    ['open("/data/a", mode="w", encoding="utf-8")', ['write /data/a']],
    ['open("/data/a", encoding="utf-8")', ['read /data/a']],
    ['open("/data/" + name); open(f"/data/{name}"); open("data")', []],
    ['df.to_csv("/out/a.csv"); plt.savefig(\n  "/out/a.png")', ['write /out/a.csv', 'write /out/a.png']],
    ['app.route("/api")\nre.split("/x", y)', []],
    ['os.environ["A_KEY"]', ['needs A_KEY']],
    ['os.environ["A_KEY"] = "x"', []],
    ['if os.environ["A_KEY"] == "x": pass', []],
    ['if "A_KEY" in os.environ: os.environ["A_KEY"]', []],
    ['try: os.environ["A_KEY"]\nexcept KeyError: pass', []],
    ['os.environ.get("A_KEY"); os.getenv("B"); os.environ["HOME"]', []],
  ])('%s', (text, expected) => expect(uses('python', text)).toEqual(expected));
});

describe('R', () => {
  test.each<[string, string[]]>([
    ['download.file("https://e.org/a", "a")', ['fetch https://e.org/a']],
    ['x <- utils::read.csv("https://e.org/a.csv")', ['fetch https://e.org/a.csv']],
    ['readr::read_csv("/data/a.csv")', ['read /data/a.csv']],
    ['saveRDS(x, file = "/out/a.rds") # saveRDS(x, "/b")', ['write /out/a.rds']],
    ['library(httr); GET("https://e.org")', ['fetch https://e.org']],
    ['Sys.getenv("A_KEY")', ['needs A_KEY']],
    ['Sys.getenv("A_KEY", "b")', []],
    ['options(repos = c(CRAN = "https://cran.r-project.org"))', []],
    ['x <- r"(read.csv("/a"))"', []],
  ])('%s', (text, expected) => expect(uses('r', text)).toEqual(expected));
});

describe('node', () => {
  test.each<[string, string[]]>([
    ['await fetch(`https://e.org/${id}`)', ['fetch https://e.org/…']],
    ["axios.get('https://e.org/a')", ['fetch https://e.org/a']],
    ['// fetch("https://e.org")\n/* fetch("https://e.org") */', []],
    ['const r = /"fetch("/; fetch("https://e.org")', ['fetch https://e.org']],
    ['const half = a / 2; fs.readFileSync("/data/a"); b / 2', ['read /data/a']],
    ["fs.writeFileSync('/out/a', x)", ['write /out/a']],
    ["app.get('/api', f)", []],
    ['new URL("https://e.org")', []],
    ['const key = process.env.A_KEY;', ['needs A_KEY']],
    ['process.env.A_KEY || 1; process.env.B ?? 2; process.env.C = 3; process.env.NODE_ENV', []],
  ])('%s', (text, expected) => expect(uses('node', text)).toEqual(expected));
});

test.each<[string, string, string | undefined]>([
  ['/a/b.py', '', 'python'],
  ['/a/B.R', '', 'r'],
  ['/a/b.mjs', '', 'node'],
  ['/a/run', '#!/bin/sh\n', 'shell'],
  ['/a/run', '#!/usr/bin/env python3\n', 'python'],
  ['/a/run', '#!/usr/bin/env -S bash -e\n', 'shell'],
  ['/a/run', '#!/usr/bin/perl\n', undefined],
  ['/a/b.constructor', 'x', undefined],
  ['/a/run', '', undefined],
])('the language of %s that begins with %j', (path, text, language) => expect(languageOf(path, text)).toBe(language));

const language = fc.constantFrom<Language>('python', 'r', 'node');

test('tokens of any text lie in it, in order, and no call of it throws', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      "'",
      '"""',
      '`${',
      '}',
      '(',
      ')',
      '[',
      '\\',
      '/',
      '/*',
      '#',
      'r"(',
      'f"{',
      '\n',
      'open',
      'os.environ',
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(language, fc.array(piece, { maxLength: 30 }), (lang, pieces) => {
      const text = pieces.join('');
      let last = 0;
      for (const { start, end } of scriptTokens(text, lang)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
      uses(lang, text);
    }),
  );
});

test.each(['(', '"', "'", '"""', '`${', '/', 'f"{', 'a.', 'os.environ["', '[{('])(
  'there are no more tokens than characters in 200,000 times %j',
  (part) => {
    for (const lang of ['python', 'r', 'node'] as const) {
      expect(scriptTokens(part.repeat(200_000), lang).length).toBeLessThanOrEqual(part.length * 200_000);
    }
  },
);
