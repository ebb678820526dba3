/** A value in a shell text: what is known of it, with `…` in the gaps. */
export interface Value {
  readonly text: string;
  /** False when a part is only known at run time. */
  readonly known: boolean;
  /** True when it stands on something that could not be seen, such as a default that the environment may replace. */
  readonly guess: boolean;
}

export const UNKNOWN: Value = { text: '…', known: false, guess: false };

/** What a shell knows at one point of its text. */
export interface Scope {
  readonly variables: Map<string, Value>;
  /** Absolute working directory; undefined when it is not known. */
  cwd: string | undefined;
}

/** A scope of its own: what a subshell changes is gone when it ends. */
export function childScope(scope: Scope): Scope {
  return { variables: new Map(scope.variables), cwd: scope.cwd };
}

/**
 * Runs something that may or may not happen (a branch, a loop body): what it changes is not known afterwards.
 */
export function maybe(scope: Scope, run: (branch: Scope) => void): void {
  const branch = childScope(scope);
  run(branch);
  for (const [name, value] of branch.variables) {
    if (scope.variables.get(name)?.text !== value.text) scope.variables.set(name, UNKNOWN);
  }
  if (branch.cwd !== scope.cwd) scope.cwd = undefined;
}
