import { effectiveCommand, type CommandInput } from './effective-command.js';
import type { Workload } from './workload.js';

/**
 * Says what the container will visibly do: the command that it starts, and what that calls, reads, writes and fetches.
 * Pure; never throws.
 */
export function readWorkload(input: CommandInput): Workload {
  const command = effectiveCommand(input);
  return { command, calls: [], reads: [], writes: [], network: [], mentions: [], opaque: [] };
}
