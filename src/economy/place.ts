import type { Path } from "./path.js";

/** Where something stands in a file; for what a population says of all its members, also which of them is meant. */
export interface Place {
  readonly path: Path;
  /** `worker[17]`, or another word for one of many that share the path. */
  readonly member?: string;
}

export function within({ path, member }: Place, ...keys: readonly PropertyKey[]): Place {
  const inner = [...path, ...keys];
  return member === undefined ? { path: inner } : { path: inner, member };
}
