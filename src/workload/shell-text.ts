import { valueToFile, type ValueToFile } from '../text/align.js';
import type { Place, SourceText } from '../text/source.js';
import { hasVariable } from './gaps.js';
import type { Value } from './shell/scope.js';
import type { Origin, Word, WordSource } from './workload.js';

/** A text that a shell reads, with the way back to the checked file. */
export interface ShellText {
  readonly value: string;
  readonly origin: Origin;
  readonly from: WordSource;
  /** Absent for texts of the image's config. */
  readonly at?: Place;
  /** Absent when the checked file is not at hand: then every word lies where the whole text lies. */
  readonly toFile?: ValueToFile;
}

/** The text that a word holds, as in `sh -c TEXT`. */
export function textOfWord(word: Word, source: SourceText | undefined): ShellText {
  const { at, from } = word;
  const text: ShellText = { value: word.text, origin: word.origin === 'exec' ? 'shell' : word.origin, from };
  if (at === undefined) return text;
  const file = at.file ?? source;
  if (file === undefined) return { ...text, at };
  return { ...text, at, toFile: valueToFile(file, at.span, word.text) };
}

/** A part of a text that another shell reads: a here-document. */
export function partOfText(text: ShellText, part: { readonly text: string; readonly start: number }): ShellText {
  const { toFile } = text;
  if (toFile === undefined) return { ...text, value: part.text };
  return { ...text, value: part.text, toFile: (start, end) => toFile(part.start + start, part.start + end) };
}

/** A word of the text; `…` that the text itself has stands for something unknown as well. */
export function wordOfText(text: ShellText, word: Value & { readonly start: number; readonly end: number }): Word {
  const { at, toFile } = text;
  const span = toFile?.(word.start, word.end) ?? at?.span;
  return {
    text: word.text,
    known: word.known && !word.text.includes('…') && !hasVariable(word.text),
    origin: word.guess ? 'guess' : text.origin,
    from: text.from,
    ...(span === undefined ? {} : { at: { ...at, span } }),
  };
}
