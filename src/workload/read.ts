import { effectiveCommand, type CommandInput } from './effective-command.js';
import type { Workload } from './workload.js';

/** Reads what the container will run and what that visibly does. Never throws, and looks at nothing outside. */
export function readWorkload(input: CommandInput): Workload {
  const command = effectiveCommand(input);
  return { command, calls: [], reads: [], writes: [], network: [], mentions: [], opaque: [] };
}
