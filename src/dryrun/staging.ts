import { textParam, sourceType } from '../job/source-params.js';
import { fetchInput } from './fetch/fetch.js';
import type { FetchOptions } from './fetch/fetching.js';
import { stageLocal } from './local-input.js';
import type { PlannedInput } from './plan.js';
import { CannotStage, type StagedInput } from './staged-input.js';

/**
 * Prepares an input of a plan: what the user put in its place, or what its source gives.
 *
 * @throws CannotStage when nothing can be put there; the message says what to do
 */
export async function stageInput(
  input: PlannedInput,
  fetching: FetchOptions,
  signal: AbortSignal,
): Promise<StagedInput> {
  if (input.replacement !== undefined) return stageLocal(input.replacement, input.layout);
  const type = input.source === undefined ? undefined : sourceType(input.source);
  if (type === 'inline') return stageInline(input);
  const fetched = await fetchInput(input, fetching, signal);
  if (fetched !== undefined) return fetched;
  throw new CannotStage(
    `the input at ${input.target} (${type ?? 'of a type that no node has'}) cannot be fetched here; put a sample in its place: --input ${input.target}=PATH`,
  );
}

/** A `data:` URL holds its content itself (RFC 2397). */
function stageInline({ source, target, layout }: PlannedInput): StagedInput {
  const url = textParam(source?.source, 'URL')?.value ?? '';
  const match = /^data:([^,]*),([\s\S]*)$/.exec(url);
  if (match === null) throw new CannotStage(`the inline input at ${target} is no data: URL`);
  const [, media = '', text = ''] = match;
  if (/gzip/i.test(media)) {
    throw new CannotStage(
      `the inline input at ${target} is a packed folder, which is not unpacked here; unpack it and use --input ${target}=PATH`,
    );
  }
  const content = /;base64$/i.test(media) ? Buffer.from(text, 'base64') : Buffer.from(percentDecoded(text), 'latin1');
  const name = target.slice(target.lastIndexOf('/') + 1);
  return {
    description: 'inline data',
    shape: 'file',
    folderMode: layout.folderMode,
    total: { files: 1, bytes: content.length },
    entries: async function* () {
      const mode = layout.modes?.file ?? 0o600;
      yield { kind: 'file', path: name, size: content.length, mode, open: () => once(content) };
      await Promise.resolve();
    },
  };
}

/** Bytes as Latin-1 characters: what is encoded need not be UTF-8. */
function percentDecoded(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

async function* once(content: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}
