/** Looks up a name that somebody else wrote in a table of ours; `constructor` and its like are in no table. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
