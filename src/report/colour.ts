import { Chalk, supportsColor, type ChalkInstance } from 'chalk';

/**
 * Gives the colours for a stream: only on a terminal, never with NO_COLOR, always with FORCE_COLOR other than 0.
 * chalk itself does not know NO_COLOR, hence the decision here.
 */
export function colours(env: NodeJS.ProcessEnv, isTerminal: boolean): ChalkInstance {
  if (!wantsColour(env, isTerminal)) return new Chalk({ level: 0 });
  return new Chalk({ level: supportsColor ? supportsColor.level : 1 });
}

function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return isTerminal && env.TERM !== 'dumb';
}
