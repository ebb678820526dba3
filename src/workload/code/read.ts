import { resolvePath } from '../../text/posix-path.js';
import { hostOfUrl, isUrl, knownHost } from '../programs/hosts.js';
import type { Contact } from '../programs/program.js';
import { codeCalls, type CodeCall } from './calls.js';
import { meaningOf, type Meaning } from './known-calls.js';
import { codeTokens, type Language, type Token } from './tokens.js';

/** What code visibly does with the outside, as far as names of calls and whole texts show it; each with what names it. */
export interface CodeUses {
  readonly paths: readonly CodePath[];
  readonly contacts: readonly CodeContact[];
  /** Variables of the environment that it cannot do without. */
  readonly variables: readonly CodeVariable[];
}

interface CodePath {
  readonly role: 'read' | 'write';
  /** Absolute. */
  readonly path: string;
  readonly token: Token;
}

type CodeContact = Omit<Contact, 'word'> & { readonly token: Token };

interface CodeVariable {
  readonly name: string;
  readonly token: Token;
}

/** Variables that every container has, or that programs can do without. */
const USUAL = new Set('HOME PATH PWD USER HOSTNAME LANG TZ TMPDIR SHELL TERM NODE_ENV DEBUG PORT'.split(' '));

/**
 * Looks through code for calls that are known, outside of texts and comments. It knows no more of the language, so that
 * what it finds is a hint. Never throws, and takes time in proportion to the length of the text.
 */
export function readCode(text: string, language: Language): CodeUses {
  const tokens = codeTokens(text, language);
  const repository = language === 'r' ? repositoryIn(tokens) : undefined;
  const calls = codeCalls(tokens).map((call) => ({ call, meaning: meaningOf(call.name.text, language) }));
  return {
    paths: calls.flatMap(({ call, meaning }) => (meaning === undefined ? [] : pathsOf(call, meaning))),
    contacts: calls.flatMap(({ call, meaning }) =>
      meaning === undefined ? [] : contactsOf(call, meaning, repository),
    ),
    variables: variablesIn(tokens, language),
  };
}

function contactsOf(call: CodeCall, meaning: Meaning, repository: Token | undefined): CodeContact[] {
  const { does, what, usual, certain } = meaning;
  const given = call.texts.find(({ token }) => isUrl(token.text));
  const guess = certain === true ? {} : { guess: true as const };
  if (does === 'asks') {
    if (asksOnlyHere(call)) return [];
    const host = hostOfUrl((given?.token ?? repository)?.text ?? '');
    return [
      { token: call.name, does: what ?? does, ...knownHost(host), ...(usual === undefined ? {} : { usual }), ...guess },
    ];
  }
  if (given === undefined || does === 'reads') return [];
  const { token, isPart } = given;
  const verb = does === 'writes' ? 'writes to' : 'fetches';
  return [{ token, does: `${verb} ${token.text}${isPart ? '…' : ''}`, ...knownHost(hostOfUrl(token.text)), ...guess }];
}

/** Builders of `load_dataset` that read files, and what `torch.hub.load` takes for a folder: nothing is asked for then. */
const LOCAL = new Set('csv json parquet arrow pandas text webdataset imagefolder audiofolder local'.split(' '));

function asksOnlyHere({ texts }: CodeCall): boolean {
  return texts.some(({ token, index }) => LOCAL.has(token.text) || (index === 0 && /^\.{0,2}\//.test(token.text)));
}

/** `repos = "https://…"` and `repos = c(CRAN = "https://…")` name where R gets packages from. */
function repositoryIn(tokens: readonly Token[]): Token | undefined {
  const at = tokens.findIndex(
    ({ kind, text }, i) => kind === 'name' && text === 'repos' && tokens[i + 1]?.text === '=',
  );
  return at === -1
    ? undefined
    : tokens.slice(at + 2, at + 7).find(({ kind, text }) => kind === 'string' && isUrl(text));
}

function pathsOf(call: CodeCall, { does }: Meaning): CodePath[] {
  if (does === 'fetches' || does === 'asks' || call.texts.some(({ token }) => isUrl(token.text))) return [];
  const path = call.texts.find(({ token, isPart }) => token.known && !isPart && /^\/[^/\s]/.test(token.text))?.token;
  if (path === undefined) return [];
  const role = does === 'writes' || opensToWrite(call) ? 'write' : 'read';
  return [{ role, path: resolvePath('/', path.text), token: path }];
}

/** The mode of `open`: a text of a few letters that is not the first argument. */
function opensToWrite({ name, texts }: CodeCall): boolean {
  if (!/(?:^|\.)open$/.test(name.text)) return false;
  return texts.some(({ token, index }) => index > 0 && /^[rwaxbt+]{1,3}$/.test(token.text) && /[wax]/.test(token.text));
}

/** How code speaks of the environment, as a whole whose parts stand in brackets. */
const ENVIRONMENT: Readonly<Record<Language, RegExp>> = {
  python: /^(?:os\.)?environ$/,
  r: /^Sys\.getenv$/,
  javascript: /^process\.env$/,
  julia: /^ENV$/,
};

/** Variables without which code fails, or goes on with nothing: not those that it sets, asks for, or has a default for. */
function variablesIn(tokens: readonly Token[], language: Language): CodeVariable[] {
  // Who catches the error, or asks elsewhere whether the variable is there, can do without it.
  if (tokens.some(({ kind, text }) => kind === 'name' && text === 'KeyError')) return [];
  const counts = new Map<string, number>();
  for (const { kind, text } of tokens) if (kind === 'string') counts.set(text, (counts.get(text) ?? 0) + 1);
  const found = new Map<string, Token>();
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'name') continue;
    const [open, key, close, after] = tokens.slice(i + 1, i + 5);
    if (language === 'javascript' && token.text.startsWith('process.env.')) {
      if (!isOptional(tokens, i, open)) found.set(token.text.slice('process.env.'.length), token);
    } else if (ENVIRONMENT[language].test(token.text) && key?.kind === 'string' && counts.get(key.text) === 1) {
      const isWhole = /^(?:\[\]|\(\))$/.test(`${open?.text ?? ''}${close?.text ?? ''}`);
      if (isWhole && (language === 'r' || !isOptional(tokens, i, after))) found.set(key.text, key);
    }
  }
  return [...found]
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !USUAL.has(name))
    .map(([name, token]) => ({ name, token }));
}

/** Whether a variable is set here, has a default, or is only asked for: `process.env.A || 1`, `if (process.env.A)`. */
function isOptional(tokens: readonly Token[], i: number, after: Token | undefined): boolean {
  const [second, first] = [tokens[i - 2]?.text, tokens[i - 1]?.text];
  const isAsked =
    tokens[i]?.text.startsWith('process.') === true && (first === '!' || (first === '(' && second === 'if'));
  return isAsked || ['=', '|', '?', '&', '!'].includes(after?.text ?? '');
}
