/** A value in a shell text: what is known of it, with `…` in the gaps. */
export interface Value {
  readonly text: string;
  /** False when a part is only known at run time. */
  readonly known: boolean;
  /** True when it stands on something that could not be seen, such as a default that the environment may replace. */
  readonly guess: boolean;
}

export const UNKNOWN: Value = { text: '…', known: false, guess: false };

/** What a shell knows at one point of its text. A subshell lies over its parent, so that opening one costs nothing. */
export interface Scope {
  /** Set in this scope. Names that are not here are looked up in the parent. */
  readonly variables: Map<string, Value>;
  readonly parent?: Scope;
  /** `$0`, `$1` and so on, by their number. */
  parameters: ReadonlyMap<string, Value>;
  /** Absolute working directory; undefined when it is not known. */
  cwd: string | undefined;
}

/** A scope to begin with. */
export function newScope(
  cwd: string | undefined,
  variables: ReadonlyMap<string, Value> = new Map(),
  parameters: ReadonlyMap<string, Value> = new Map(),
): Scope {
  return { variables: new Map(variables), parameters, cwd };
}

/** Looks up a variable or a parameter; undefined when nothing is said of it. */
export function valueOf(scope: Scope, name: string): Value | undefined {
  if (/^\d+$/.test(name)) return scope.parameters.get(name);
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const value = at.variables.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A scope of its own: what a subshell changes is gone when it ends. */
export function childScope(scope: Scope): Scope {
  return { variables: new Map(), parent: scope, parameters: scope.parameters, cwd: scope.cwd };
}

/**
 * Runs something that may or may not happen (a branch, a loop body): what it changes is not known afterwards.
 */
export function maybe(scope: Scope, run: (branch: Scope) => void): void {
  const branch = childScope(scope);
  run(branch);
  for (const [name, value] of branch.variables) {
    if (valueOf(scope, name)?.text !== value.text) scope.variables.set(name, UNKNOWN);
  }
  if (branch.parameters !== scope.parameters) scope.parameters = new Map();
  if (branch.cwd !== scope.cwd) scope.cwd = undefined;
}
