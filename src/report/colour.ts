/** What colours a report has; each function gives the text with its colour, or as it is. */
export type Colours = Readonly<Record<'bold' | 'dim' | 'red' | 'yellow' | 'blue' | 'green', (text: string) => string>>;

/**
 * Gives the colours for a stream: only on a terminal, never with NO_COLOR, always with FORCE_COLOR other than 0.
 * chalk itself does not know NO_COLOR, hence the decision here; it is loaded only where there are colours.
 */
export async function colours(env: NodeJS.ProcessEnv, isTerminal: boolean): Promise<Colours> {
  if (!wantsColour(env, isTerminal)) return PLAIN;
  const { Chalk, supportsColor } = await import('chalk');
  return new Chalk({ level: supportsColor ? supportsColor.level : 1 });
}

const asItIs = (text: string): string => text;
const PLAIN: Colours = { bold: asItIs, dim: asItIs, red: asItIs, yellow: asItIs, blue: asItIs, green: asItIs };

function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return isTerminal && env.TERM !== 'dumb';
}
