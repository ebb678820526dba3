import { isUrl } from '../programs/hosts.js';

/** What SQL names: only a hint, because a dialect may mean something else. */
export interface SqlUses {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Addresses that are read or written. */
  readonly addresses: readonly string[];
  /** Extensions that are installed from a network. */
  readonly installs: boolean;
  /** Whether it changes the database that it is run on. */
  readonly changes: boolean;
}

interface Token {
  readonly kind: 'name' | 'text' | 'mark';
  readonly text: string;
}

const CHANGES = new Set(['CREATE', 'INSERT', 'UPDATE', 'DELETE', 'ALTER', 'DROP', 'IMPORT', 'REPLACE', 'VACUUM']);

/** Whether a text of several words is most likely SQL, by its first word. */
export function looksLikeSql(text: string): boolean {
  const [first] = tokensOf(text.slice(0, 2000));
  return first?.kind === 'name' && STARTS.has(first.text.toUpperCase());
}

const STARTS = new Set(
  'SELECT SET COPY WITH CREATE FROM INSERT ATTACH INSTALL LOAD EXPORT PRAGMA UPDATE DELETE'.split(' '),
);

/**
 * Reads files and addresses off SQL: `COPY … TO 'x'`, `FROM 'x'`, `JOIN 'x'`, `ATTACH 'x'`, `EXPORT DATABASE 'x'` and
 * functions such as `read_csv('x')` (DuckDB manual, "Data Import and Export"), with the macros `partition_by_hash('x')`
 * and so on of Bacalhau's DuckDB image. Other texts are data.
 */
export function sqlUses(sql: string): SqlUses {
  const tokens = tokensOf(sql);
  const reads: string[] = [];
  const writes: string[] = [];
  let installs = false;
  let changes = false;
  let copies = false;
  tokens.forEach(({ kind, text }, index) => {
    const before = tokens[index - 1];
    const word = before?.kind === 'name' ? before.text.toUpperCase() : '';
    if (kind === 'mark') {
      if (text === ';') copies = false;
      return;
    }
    if (kind === 'name') {
      const name = text.toUpperCase();
      const starts = index === 0 || before?.text === ';';
      if (starts && name === 'COPY') copies = true;
      if (starts && CHANGES.has(name)) changes = true;
      if (starts && name === 'INSTALL') installs = true;
      return;
    }
    if (word === 'TO' && copies) writes.push(text);
    else if (word === 'DATABASE' && tokens[index - 2]?.text.toUpperCase() === 'EXPORT') writes.push(text);
    else if (['FROM', 'JOIN', 'ATTACH', 'DATABASE'].includes(word)) reads.push(text);
    else if (isReaderCall(tokens, index)) reads.push(text);
  });
  const isAddress = (text: string): boolean => isUrl(text);
  const isPath = (text: string): boolean => !isUrl(text) && /[./]/.test(text);
  return {
    reads: reads.filter(isPath),
    writes: writes.filter(isPath),
    addresses: [...reads, ...writes].filter(isAddress),
    installs,
    changes,
  };
}

const MOST_IN_LIST = 50;

/** First argument of `read_csv(`, `parquet_scan(` and their like, or in a list of it. */
function isReaderCall(tokens: readonly Token[], index: number): boolean {
  let at = index - 1;
  const inList = (): boolean => tokens[at]?.text === ',' || tokens[at]?.kind === 'text';
  if (inList()) {
    // `read_csv(['a', 'b'])`: all of a list, but only the first of several arguments.
    for (let back = 0; back < MOST_IN_LIST && inList(); back++) at--;
    if (tokens[at]?.text !== '[') return false;
  }
  if (tokens[at]?.text === '[') at--;
  if (tokens[at]?.text !== '(') return false;
  const name = tokens[at - 1];
  return name?.kind === 'name' && /^(?:read_\w+|\w+_scan|glob|sniff_csv|partition_by_\w+)$/i.test(name.text);
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const token =
    /--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|'((?:[^']|'')*)(?:'|$)|"((?:[^"]|"")*)(?:"|$)|[A-Za-z_]\w*|\S/g;
  for (const [text, single, double] of sql.matchAll(token)) {
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    if (single !== undefined) tokens.push({ kind: 'text', text: single.replaceAll("''", "'") });
    else if (double !== undefined) tokens.push({ kind: 'name', text: double });
    else tokens.push({ kind: /^[A-Za-z_]/.test(text) ? 'name' : 'mark', text });
  }
  return tokens;
}
