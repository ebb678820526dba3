import type { Place, SourceText, Span } from '../../text/source.js';
import { readWorkload } from '../read.js';
import type { NetworkUse, Origin, PathUse, ProgramCall, Word } from '../workload.js';

/** What a shell script visibly does. */
export interface ShellScript {
  readonly uses: { readonly reads: PathUse[]; readonly writes: PathUse[]; readonly network: NetworkUse[] };
  readonly calls: readonly ProgramCall[];
}

/** Reads a shell script as the text of `sh -c`, started in a folder. `placeOf` gives the place of a range of its text. */
export function readShellScript(
  source: SourceText,
  cwd: string | undefined,
  placeOf: (span: Span) => Place,
): ShellScript {
  const nowhere = { span: { start: 0, end: 0 } };
  const whole = { span: { start: 0, end: source.text.length } };
  const item = (value: string): { value: string } & Place => ({ value, ...nowhere });
  const entrypoint = { items: [item('sh'), item('-c'), { value: source.text, ...whole }], ...whole };
  const folder = cwd === undefined ? {} : { workingDirectory: item(cwd) };
  const { reads, writes, network, calls } = readWorkload({
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
    uses: { reads: reads.map(use), writes: writes.map(use), network: network.map(use) },
    calls: calls.slice(1).map((call) => ({ ...call, words: call.words.map(moved), origin: origin(call.origin) })),
  };
}
