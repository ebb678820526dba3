import type { Place, SourceText, Span } from '../text/source.js';
import type { Language } from './code/tokens.js';
import { addCodeUses } from './code-uses.js';
import { nothingFound } from './found.js';
import { languageOfScript } from './programs/interpreters.js';
import { readWorkload } from './read.js';
import type { Origin, ProgramCall, Word, Workload } from './workload.js';

/** What a script visibly does. */
export interface Script {
  readonly uses: Pick<Workload, 'reads' | 'writes' | 'network' | 'variables'>;
  /** Programs that it starts. */
  readonly calls: readonly ProgramCall[];
}

/**
 * Reads a script whose language is known by its path or its first line, else undefined. Its words have the origin
 * `script`. `cwd` is the folder that it is started in, when that is known; `placeOf` gives the place of a range of its text.
 */
export function readScript(
  source: SourceText,
  path: string,
  cwd: string | undefined,
  placeOf: (span: Span) => Place,
): Script | undefined {
  const language = languageOfScript(path, source.text);
  if (language === undefined) return undefined;
  if (language === 'shell') return readShellScript(source, cwd, placeOf);
  return { uses: readCodeScript(source, language, path.slice(path.lastIndexOf('/') + 1), placeOf), calls: [] };
}

function readCodeScript(
  { text }: SourceText,
  language: Language,
  by: string,
  placeOf: (span: Span) => Place,
): Script['uses'] {
  const found = nothingFound();
  addCodeUses(
    text,
    language,
    by,
    ({ text: value, known, start, end }) => ({
      text: value,
      known,
      origin: 'script',
      from: 'subject',
      at: placeOf({ start, end }),
    }),
    found,
  );
  return found;
}

/** Reads a shell script as the text of `sh -c`. */
function readShellScript(source: SourceText, cwd: string | undefined, placeOf: (span: Span) => Place): Script {
  const nowhere = { span: { start: 0, end: 0 } };
  const whole = { span: { start: 0, end: source.text.length } };
  const item = (value: string): { value: string } & Place => ({ value, ...nowhere });
  const entrypoint = { items: [item('sh'), item('-c'), { value: source.text, ...whole }], ...whole };
  const folder = cwd === undefined ? {} : { workingDirectory: item(cwd) };
  const { reads, writes, network, variables, calls } = readWorkload({
    configKnown: false,
    source,
    docker: { at: whole, entrypoint, environmentVariables: [], ...folder },
  });
  const origin = (given: Origin): Origin => (given === 'guess' ? given : 'script');
  const moved = (word: Word): Word => ({
    ...word,
    origin: origin(word.origin),
    ...(word.at === undefined ? {} : { at: placeOf(word.at.span) }),
  });
  const use = <T extends { readonly word: Word; readonly origin: Origin }>(given: T): T => ({
    ...given,
    word: moved(given.word),
    origin: origin(given.origin),
  });
  return {
    uses: {
      reads: reads.map(use),
      writes: writes.map(use),
      network: network.map(use),
      variables: variables.map((variable) => ({ ...variable, word: moved(variable.word) })),
    },
    calls: calls.slice(1).map((call) => ({ ...call, words: call.words.map(moved), origin: origin(call.origin) })),
  };
}
