/** What a registry asks for in `WWW-Authenticate` (RFC 9110 section 11.6.1, distribution spec "token"). */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Keys in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

/** Longer headers are not read to the end. */
const LONGEST = 8192;

/** Parses every challenge of the header; what is malformed ends the list. Linear in the length of the header. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  const token = /[\s,]*([A-Za-z0-9!#$%&'*+.^_`|~-]+)/y;
  const value = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))/y;
  const text = header.slice(0, LONGEST);
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const name = token.exec(text)?.[1];
    if (name === undefined) return challenges;
    at = token.lastIndex;
    value.lastIndex = at;
    const match = value.exec(text);
    if (match === null) {
      challenges.push({ scheme: name.toLowerCase(), params: new Map() });
      continue;
    }
    at = value.lastIndex;
    const found = match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '';
    challenges.at(-1)?.params.set(name.toLowerCase(), found);
  }
}
