import { isPackedFolder, readDataUrl } from '../job/data-url.js';
import { textParam } from '../job/source-params.js';
import { CannotLook } from '../net/failure.js';
import type { PlannedInput } from './plan.js';
import { CannotStage, type StagedInput } from './staged-input.js';

/**
 * Prepares what an inline source holds in its `data:` URL: one file that is the Target itself, or a packed folder.
 *
 * @throws CannotStage when a node could not read it either, or it has more than `maxBytes`
 */
export async function stageInline(
  { source, target, layout }: PlannedInput,
  maxBytes: number,
  signal: AbortSignal,
): Promise<StagedInput> {
  const asOurs = (error: unknown): unknown =>
    error instanceof CannotLook ? cannot(target, `cannot be unpacked: ${error.message}`) : error;
  const url = textParam(source?.source, 'URL')?.value ?? '';
  const data = readDataUrl(url);
  if (typeof data === 'string') throw cannot(target, `cannot be read by a node: ${data}`);
  const { content } = data;
  if (isPackedFolder(url)) {
    const { stagePacked } = await import('./packed-folder.js');
    try {
      return await stagePacked(content, layout, maxBytes, signal, asOurs);
    } catch (error) {
      throw asOurs(error);
    }
  }
  const path = target.slice(target.lastIndexOf('/') + 1);
  const mode = layout.modes?.file ?? 0o600;
  return {
    description: 'inline data',
    shape: 'file',
    folderMode: layout.folderMode,
    total: { files: 1, bytes: content.length },
    entries: async function* () {
      yield await Promise.resolve({
        kind: 'file' as const,
        path,
        size: content.length,
        mode,
        open: () => once(content),
      });
    },
  };
}

function cannot(target: string, why: string): CannotStage {
  return new CannotStage(`the inline input at ${target} ${why}. Put a sample in its place: --input ${target}=PATH`);
}

async function* once(content: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}
