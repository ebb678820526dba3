import { resolvePath } from '../text/posix-path.js';
import type { Located } from '../text/source.js';
import type { Instruction } from './instructions.js';
import { splitFlags, type JoinedText } from './joined-text.js';
import type { OpenStage } from './stage.js';

/** Adds what a COPY or ADD brings to the stage; `listed` reads its arguments, as words or as a JSON list. */
export function addCopy(
  stage: OpenStage,
  { span, rest: all, documents }: Instruction,
  listed: (text: JoinedText) => Located<string>[],
): void {
  const { flags, rest } = splitFlags(all);
  const words = listed(rest);
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) return;
  const from = flags.find(({ text }) => text.startsWith('--from='))?.text.slice('--from='.length);
  const openings = new Set(documents.map((document) => document.span.start));
  stage.copies.push({
    span,
    ...(from === undefined ? {} : { from }),
    sources: words.slice(0, -1).filter((word) => !openings.has(word.span.start)),
    documents,
    destination: { value: absolute(stage, destination.value), span: destination.span },
  });
}

function absolute(stage: OpenStage, path: string): string {
  const base = stage.workingDir?.value ?? (stage.fromScratch === true ? '/' : undefined);
  if (!path.startsWith('/') && base?.startsWith('/') !== true) return path;
  const resolved = resolvePath(base ?? '/', path);
  return /(?:^|\/)\.?$/.test(path) && resolved !== '/' ? `${resolved}/` : resolved;
}
