import type { Token } from './tokens.js';

/** A call in code: its name with its dots, and the texts that stand among its own arguments. */
export interface CodeCall {
  readonly name: Token;
  readonly texts: readonly CallText[];
}

interface CallText {
  readonly token: Token;
  /** Number of the argument that it stands in, from 0. */
  readonly index: number;
  /** Whether it is put together with something else: `"https://e.org/" + name`. */
  readonly isPart: boolean;
}

interface Open {
  /** Absent for brackets that are no call. */
  readonly name: Token | undefined;
  readonly texts: CallText[];
  index: number;
}

/**
 * Finds the calls: names before a bracket. Texts in brackets inside belong to what stands before those. Brackets that
 * are never closed close at the end, for code that is cut or holds a piece that is not understood.
 */
export function codeCalls(tokens: readonly Token[]): CodeCall[] {
  const calls: CodeCall[] = [];
  const open: Open[] = [];
  const close = (): void => {
    const { name, texts } = open.pop() ?? {};
    if (name !== undefined && texts !== undefined) calls.push({ name, texts });
  };
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    const call = open.at(-1);
    if (token.kind === 'string') {
      const isPart = [before, tokens[i + 1]].some((next) => next?.kind === 'sign' && '+%'.includes(next.text));
      call?.texts.push({ token, index: call.index, isPart });
    } else if ('([{'.includes(token.text)) {
      const name = token.text === '(' && before?.kind === 'name' ? before : undefined;
      open.push({ name, texts: [], index: 0 });
    } else if (')]}'.includes(token.text)) close();
    else if (token.text === ',' && call !== undefined) call.index++;
  }
  while (open.length > 0) close();
  return calls;
}
