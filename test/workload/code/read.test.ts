import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeCalls } from '../../../src/workload/code/calls.js';
import { readCode } from '../../../src/workload/code/read.js';
import { codeTokens, type Language } from '../../../src/workload/code/tokens.js';

function uses(language: Language, text: string): string[] {
  const { paths, contacts, variables } = readCode(text, language);
  return [
    ...contacts.map(({ does, host, usual }) => {
      const at = host ?? usual?.[0] ?? '';
      return does.includes(at) ? does : `${does} ${at}`;
    }),
    ...paths.map(({ role, path }) => `${role} ${path}`),
    ...variables.map(({ name }) => `needs ${name}`),
  ];
}

test.each<[Language, string, string[]]>([
  ['python', 'import a; a.b("x", 1)', ['a.b x']],
  ['python', '# f("x")\ng(y)', ['g']],
  ['python', 'print("f(1)", f(\'a\'))', ['f a', 'print f(1)']],
  ['python', '"""f(1)"""\nopen(r"\\a")', ['open \\a']],
  ['python', 'f({"a": "b"}, ["c"], "d")', ['f d']],
  ['javascript', '// f()\nfetch(`https://x`)', ['fetch https://x']],
  ['javascript', 'const half = 1 / 2, a = f("/")', ['f /']],
  ['javascript', 'return /"/.test(f("a"))', ['f a', '.test']],
  ['javascript', 'f(`a{b}`); g(`a${b}`)', ['f a{b}', 'g a…']],
  ['r', 'remotes::install_github("a/b") # x()', ['remotes::install_github a/b']],
  ['r', 'f("a\\"b', ['f a"b']],
  ['julia', '#= f("x") =# g("a $(b) $c")', ['g a … …']],
  ['julia', "x = A' * f(B', 'c', \"d\")", ['f c d']],
])('calls in %s: %j', (language, text, expected) => {
  const calls = codeCalls(codeTokens(text, language));
  expect(calls.map(({ name, texts }) => [name.text, ...texts.map(({ token }) => token.text)].join(' '))).toEqual(
    expected,
  );
});

describe('python', () => {
  test.each<[string, string[]]>([
    ['requests.get("https://e.org/a", timeout=5)', ['fetches https://e.org/a']],
    ['urllib.request.urlretrieve("https://e.org/a", "/tmp/a")', ['fetches https://e.org/a']],
    ['df = pd.read_csv("https://e.org/a.csv")', ['fetches https://e.org/a.csv']],
    ['requests.get(f"https://e.org/{name}")', ['fetches https://e.org/…']],
    ['requests.get("https://e.org/" + name)', ['fetches https://e.org/…']],
    ['requests.get(url)', []],
    ['x = "requests.get(1)"', []],
    ['constructor("https://e.org"); x.constructor("https://e.org")', []],
    ['pd.read_parquet("s3://b/a"); df.to_csv("s3://b/c")', ['fetches s3://b/a', 'writes to s3://b/c']],
    ['torch.hub.load("acme/model", "small")', ['loads a model api.github.com']],
    ['torch.hub.load("/models/acme", "small"); torch.hub.load(a, "b", source="local")', []],
    ['load_dataset("acme/data")', ['loads a data set huggingface.co']],
    ['load_dataset("csv", data_files="/data/a.csv")', []],
    ['foo().get("https://e.org")', ['fetches https://e.org']],
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
    ['if (os.environ["A_KEY"]): pass', ['needs A_KEY']],
    ['os.environ["A_KEY"] = "x"', []],
    ['if os.environ["A_KEY"] == "x": pass', []],
    ['if "A_KEY" in os.environ: os.environ["A_KEY"]', []],
    ['try: os.environ["A_KEY"]\nexcept KeyError: pass', []],
    ['os.environ.get("A_KEY"); os.getenv("B"); os.environ["HOME"]', []],
  ])('%s', (text, expected) => expect(uses('python', text)).toEqual(expected));
});

describe('R', () => {
  test.each<[string, string[]]>([
    ['download.file("https://e.org/a", "a")', ['fetches https://e.org/a']],
    ['x <- utils::read.csv("https://e.org/a.csv")', ['fetches https://e.org/a.csv']],
    ['readr::read_csv("/data/a.csv")', ['read /data/a.csv']],
    ['saveRDS(x, file = "/out/a.rds") # saveRDS(x, "/b")', ['write /out/a.rds']],
    ['library(httr); GET("https://e.org")', ['fetches https://e.org']],
    ['Sys.getenv("A_KEY")', ['needs A_KEY']],
    ['Sys.getenv("A_KEY", "b")', []],
    ['options(repos = c(CRAN = "https://cran.r-project.org"))', []],
    ['options(repos = c(CRAN = "https://e.org")); install.packages("a")', ['installs packages e.org']],
    ['install.packages("a", repos="https://e.org")', ['installs packages e.org']],
    ['install.packages("a")', ['installs packages cloud.r-project.org']],
    ['remotes::install_git("https://e.org/a.git")', ['installs packages e.org']],
    ['x <- r"(read.csv("/a"))"', []],
  ])('%s', (text, expected) => expect(uses('r', text)).toEqual(expected));
});

describe('JavaScript', () => {
  test.each<[string, string[]]>([
    ['await fetch(`https://e.org/${id}`)', ['fetches https://e.org/…']],
    ["axios.get('https://e.org/a')", ['fetches https://e.org/a']],
    ['// fetch("https://e.org")\n/* fetch("https://e.org") */', []],
    ['const r = /"fetch("/; fetch("https://e.org")', ['fetches https://e.org']],
    ['const half = a / 2; fs.readFileSync("/data/a"); b / 2', ['read /data/a']],
    ["fs.writeFileSync('/out/a', x)", ['write /out/a']],
    ["app.get('/api', f); fetch('./a.json')", []],
    ['if (process.env.A_KEY) f(); !process.env.B', []],
    ['process.env["A_KEY"]; process.env["B"] ?? 1; process.env["C"] = 1', ['needs A_KEY']],
    ['new URL("https://e.org")', []],
    ['const key = process.env.A_KEY;', ['needs A_KEY']],
    ['process.env.A_KEY || 1; process.env.B ?? 2; process.env.C = 3; process.env.NODE_ENV', []],
  ])('%s', (text, expected) => expect(uses('javascript', text)).toEqual(expected));
});

describe('Julia', () => {
  test.each<[string, string[]]>([
    ['using Pkg; Pkg.add("CSV")', ['installs packages pkg.julialang.org']],
    ['Downloads.download("https://e.org/a")', ['fetches https://e.org/a']],
    ['open("/data/a"); open("/out/a", "w"); CSV.write("/out/b", x)', ['read /data/a', 'write /out/a', 'write /out/b']],
    ['ENV["A_KEY"]; get(ENV, "B", "c"); ENV["C"] = "d"', ['needs A_KEY']],
  ])('%s', (text, expected) => expect(uses('julia', text)).toEqual(expected));
});

const language = fc.constantFrom<Language>('python', 'r', 'javascript', 'julia');

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
      for (const { start, end } of codeTokens(text, lang)) {
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
    for (const lang of ['python', 'r', 'javascript', 'julia'] as const) {
      expect(codeTokens(part.repeat(200_000), lang).length).toBeLessThanOrEqual(part.length * 200_000);
    }
  },
);
