import { sourceType } from '../job/source-params.js';
import { fetchInput } from './fetch/fetch.js';
import type { FetchOptions } from './fetch/fetching.js';
import { stageInline } from './inline-input.js';
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
  if (type === 'inline') return stageInline(input, fetching.maxBytes, signal);
  const fetched = await fetchInput(input, fetching, signal);
  if (fetched !== undefined) return fetched;
  throw new CannotStage(
    `the input at ${input.target} (${type ?? 'of a type that no node has'}) cannot be fetched here; put a sample in its place: --input ${input.target}=PATH`,
  );
}
