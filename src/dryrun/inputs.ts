import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { MountSettings } from 'dockerode';
import type { RunEvidence } from '../workload/run-evidence.js';
import type { PlannedInput } from './plan.js';
import type { RunRequest } from './run-request.js';
import { stageInput } from './staging.js';
import type { Volumes } from './volumes.js';

/** Brings the inputs of a plan in: gives their mounts, and what was brought. One after the other, so that a person can follow. */
export async function fillInputs(
  { plan, bind, fetching, events, signal }: RunRequest,
  volumes: Volumes,
): Promise<{ mounts: MountSettings[]; seen: RunEvidence['inputs'] }> {
  const mounts: MountSettings[] = [];
  const seen: RunEvidence['inputs'][number][] = [];
  for (const [index, input] of plan.inputs.entries()) {
    signal.throwIfAborted();
    if (input.replacement === undefined) events.onAsk(input);
    const started = performance.now();
    const staged = await stageInput(input, fetching, signal);
    events.onInput(input, staged);
    if (bind && input.replacement !== undefined) {
      mounts.push(await bindMount(input, input.replacement));
      seen.push({ target: input.target, bytes: staged.total?.bytes ?? 0 });
      continue;
    }
    let bytes = 0;
    const file = await volumes.fill(index, staged, (done) => {
      bytes = done.bytes;
      events.onInputProgress(input, done, staged);
    });
    seen.push({ target: input.target, bytes });
    events.onInputDone(input, (performance.now() - started) / 1000);
    if (staged.shape === 'folder') {
      mounts.push(volumes.mountFolder(index, input.target, input.writable));
    } else {
      const target = staged.shape === 'file' ? input.target : join(input.target, file ?? '');
      mounts.push(await volumes.mountFile(index, file ?? '', target, input.writable));
    }
  }
  return { mounts, seen };
}

/** Mounts the user's own file or folder in place, never writable: a file lies where a node would put it. */
export async function bindMount(input: PlannedInput, path: string): Promise<MountSettings> {
  const isFile = (await stat(path)).isFile();
  const inside = input.layout.shape === 'folder' || input.layout.shape === 'file-inside';
  const Target = isFile && inside ? join(input.target, input.layout.fileName ?? basename(path)) : input.target;
  return { Type: 'bind', Source: resolve(path), Target, ReadOnly: true };
}
