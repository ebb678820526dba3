import { readCode } from './code/read.js';
import type { Language, Token } from './code/tokens.js';
import { addNetwork, addTextMentions, type Found } from './found.js';
import type { KnownCall } from './known-program.js';
import { textOfWord, wordOfText } from './shell-text.js';
import type { Word } from './workload.js';

/**
 * Adds what code does, as far as its calls tell. `by` names it for people, `wordOf` gives the word of a piece of it. Only
 * what surely goes to a network keeps the origin of its word; the rest is of low confidence.
 */
export function addCodeUses(
  text: string,
  language: Language,
  by: string,
  wordOf: (token: Token) => Word,
  found: Found,
): readonly string[] {
  const { paths, contacts, variables } = readCode(text, language);
  const hintOf = (token: Token): Word => {
    const word = wordOf(token);
    return word.origin === 'guess' ? word : { ...word, origin: 'script' };
  };
  for (const { role, path, token } of paths) {
    const word = hintOf(token);
    (role === 'read' ? found.reads : found.writes).push({ path, word, origin: word.origin, by, guess: false });
  }
  for (const { token, ...contact } of contacts) addNetwork({ ...contact, word: wordOf(token) }, by, found);
  for (const { name, token } of variables) found.variables.push({ name, by, word: hintOf(token) });
  return paths.map(({ token }) => token.text);
}

/** Adds what a text does that a command hands to an interpreter: `python -c TEXT`. */
export function addCode(word: Word, language: Language, call: KnownCall, found: Found): void {
  const { name, environment, source } = call;
  found.opaque.push({ what: `text for ${name}`, word });
  const text = textOfWord(word, source);
  const wordOf = (token: Token): Word => ({
    ...wordOfText(text, { ...token, guess: false }),
    origin: word.origin,
  });
  const inside: Found = { ...found, variables: [] };
  const paths = addCodeUses(word.text, language, name, wordOf, inside);
  found.variables.push(...inside.variables.filter((variable) => !environment.has(variable.name)));
  addTextMentions(word, name, found, paths);
}
