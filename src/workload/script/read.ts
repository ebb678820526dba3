import type { Place } from '../../text/source.js';
import { hostOfUrl, isUrl, knownHost } from '../programs/hosts.js';
import type { NetworkUse, PathUse, VariableUse, Word } from '../workload.js';
import { own } from '../own.js';
import { resolvePath } from '../../text/posix-path.js';
import { scriptTokens, type Language, type Token } from './tokens.js';

/** What a script visibly does with the outside, as far as names of calls and whole strings show it. */
export interface ScriptUses {
  readonly reads: PathUse[];
  readonly writes: PathUse[];
  readonly network: NetworkUse[];
  readonly variables: VariableUse[];
}

const table = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Calls that fetch the address they are given, by the last part of their name. R has dots in names. */
const FETCHES = table(
  'get post put head request stream urlopen urlretrieve download fetch axios got wget GET POST download.file ' +
    'curl_download curl_fetch_memory fromJSON source read.csv read.table read_csv read_json read_parquet read_excel ' +
    'read_table read_html read_feather read_delim read_tsv fread',
);
const READS = table(
  'read.csv read.table read_csv read_json read_parquet read_excel read_table read_feather read_delim read_tsv fread ' +
    'readRDS load loadtxt genfromtxt imread readFileSync readFile createReadStream listdir readdir readdirSync ' +
    'scandir readLines list.files',
);
const WRITES = table(
  'to_csv to_parquet to_json to_excel to_pickle savefig save savez savetxt imwrite writeFileSync writeFile ' +
    'createWriteStream write_csv write.csv write.table saveRDS ggsave fwrite writeLines',
);

/** Variables that every container has, or that programs can do without. */
const USUAL = table('HOME PATH PWD USER HOSTNAME LANG TZ TMPDIR SHELL TERM NODE_ENV DEBUG PORT');

interface Call {
  readonly name: string;
  readonly strings: { readonly token: Token; readonly index: number; readonly isPart: boolean }[];
  index: number;
}

/** Looks through a script. `placeOf` gives the place of a range of its text; `by` is its name for messages. */
export function readScript(
  text: string,
  language: Language,
  by: string,
  placeOf: (start: number, end: number) => Place,
): ScriptUses {
  const tokens = scriptTokens(text, language);
  const uses: ScriptUses = { reads: [], writes: [], network: [], variables: [] };
  const wordOf = ({ text: value, known, start, end }: Token): Word => ({
    text: value,
    known,
    origin: 'script',
    from: 'subject',
    at: placeOf(start, end),
  });
  const open: Call[] = [];
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    const after = tokens[i + 1];
    const call = open.at(-1);
    if (token.kind === 'string') {
      const isPart = [before, after].some((next) => next?.kind === 'sign' && '+%'.includes(next.text));
      call?.strings.push({ token, index: call.index, isPart });
    } else if (token.text === '(' || token.text === '[' || token.text === '{') {
      const name = token.text === '(' && before?.kind === 'name' ? before.text : '';
      open.push({ name, strings: [], index: 0 });
    } else if (token.text === ')' || token.text === ']' || token.text === '}') {
      const closed = open.pop();
      if (closed !== undefined && closed.name !== '') addCall(closed, language, by, uses, wordOf);
    } else if (token.text === ',' && call !== undefined) call.index++;
  }
  addVariables(tokens, language, by, uses, wordOf);
  return uses;
}

function addCall(call: Call, language: Language, by: string, uses: ScriptUses, wordOf: (token: Token) => Word): void {
  const name = language === 'r' ? call.name.replace(/^.*::/, '') : call.name.slice(call.name.lastIndexOf('.') + 1);
  const address = call.strings.find(({ token }) => isUrl(token.text) && /^https?:/i.test(token.text));
  if (address !== undefined) {
    if (!FETCHES.has(name)) return;
    const word = wordOf(address.token);
    const what = `${by} fetches ${address.token.text}${address.isPart ? '…' : ''}`;
    const host = knownHost(hostOfUrl(address.token.text));
    uses.network.push({ word, origin: 'script', what, program: by, ...host, usesProxy: true });
    return;
  }
  const path = call.strings.find(({ token, isPart }) => token.known && !isPart && /^\/[^/\s]/.test(token.text));
  if (path === undefined) return;
  const use: PathUse = {
    path: resolvePath('/', path.token.text),
    word: wordOf(path.token),
    origin: 'script',
    by,
    guess: false,
  };
  if (WRITES.has(name) || (name === 'open' && isForWriting(call))) uses.writes.push(use);
  else if (READS.has(name) || name === 'open') uses.reads.push(use);
}

/** The mode of `open`: a second text of a few letters. */
function isForWriting({ strings }: Call): boolean {
  return strings.some(
    ({ token, index }) => index > 0 && /^[rwaxbt+]{1,3}$/.test(token.text) && /[wax]/.test(token.text),
  );
}

function addVariables(
  tokens: readonly Token[],
  language: Language,
  by: string,
  uses: ScriptUses,
  wordOf: (token: Token) => Word,
): void {
  // Who catches the error, or asks elsewhere whether the variable is there, can do without it.
  const catches = tokens.some(({ kind, text }) => kind === 'name' && text === 'KeyError');
  const counts = new Map<string, number>();
  for (const { kind, text } of tokens) if (kind === 'string') counts.set(text, (counts.get(text) ?? 0) + 1);
  const found = new Map<string, Token>();
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'name') continue;
    const [open, name, close, next] = tokens.slice(i + 1, i + 5);
    const inBrackets = open?.text === '[' && name?.kind === 'string' && close?.text === ']' ? name : undefined;
    if (language === 'python' && /^(?:os\.)?environ$/.test(token.text) && inBrackets !== undefined && !catches) {
      if (next?.text !== '=' && counts.get(inBrackets.text) === 1) found.set(inBrackets.text, inBrackets);
    } else if (language === 'node' && token.text.startsWith('process.env.')) {
      if (!['=', '|', '?', '&', '!'].includes(open?.text ?? ''))
        found.set(token.text.slice('process.env.'.length), token);
    } else if (language === 'r' && token.text === 'Sys.getenv' && name?.kind === 'string' && close?.text === ')') {
      if (counts.get(name.text) === 1) found.set(name.text, name);
    }
  }
  for (const [name, token] of found) {
    if (!/^[A-Za-z_]\w*$/.test(name) || USUAL.has(name)) continue;
    uses.variables.push({ name, by, word: wordOf(token) });
  }
}

const EXTENSIONS: Readonly<Record<string, Language | 'shell'>> = {
  py: 'python',
  r: 'r',
  js: 'node',
  mjs: 'node',
  cjs: 'node',
  sh: 'shell',
  bash: 'shell',
};

/** Tells the language of a script by its ending, else by its first line. */
export function languageOf(path: string, whole: string): Language | 'shell' | undefined {
  const text = whole.trimStart().slice(0, 200);
  const byName = own(EXTENSIONS, path.slice(path.lastIndexOf('.') + 1).toLowerCase());
  if (byName !== undefined) return byName;
  if (!text.startsWith('#!')) return undefined;
  const [first = '', ...rest] = (text.slice(2).split('\n', 1)[0] ?? '').trim().split(/\s+/);
  const program = first.slice(first.lastIndexOf('/') + 1);
  const named = program === 'env' ? (rest.find((word) => !word.startsWith('-')) ?? '') : program;
  if (named.startsWith('python')) return 'python';
  if (named === 'Rscript') return 'r';
  if (named === 'node') return 'node';
  return /^(?:ba|da|a|z|k)?sh$/.test(named) ? 'shell' : undefined;
}
