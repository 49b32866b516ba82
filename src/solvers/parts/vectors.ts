import type { Reals } from "../../core/reals.js";

/**
 * Everything that plain data refers to: arrays and objects of a solver's state, its vectors among them, whatever a vector is. Walked
 * between two steps, when nothing else remembers any.
 */
export function reachable(data: unknown, seen: Set<unknown> = new Set()): Set<unknown> {
  if (typeof data !== "object" || data === null || seen.has(data)) return seen;
  seen.add(data);
  if (Array.isArray(data)) for (const entry of data) reachable(entry, seen);
  else if (!ArrayBuffer.isView(data)) for (const entry of Object.values(data)) reachable(entry, seen);
  return seen;
}

/** A copy of plain data in which `replace` stands for each typed array, one that occurs twice for both. */
export function withVectors<T>(
  data: T,
  replace: (v: Reals) => unknown,
  copies = new Map<unknown, unknown>(),
): T {
  if (typeof data !== "object" || data === null) return data;
  const known = copies.get(data);
  if (known !== undefined) return known as T;
  const remember = <C>(copy: C): C => {
    copies.set(data, copy);
    return copy;
  };
  if (data instanceof Float64Array || data instanceof Float32Array) return remember(replace(data)) as T;
  if (ArrayBuffer.isView(data)) return data;
  if (Array.isArray(data)) {
    const copy = remember<unknown[]>([]);
    for (const entry of data) copy.push(withVectors(entry, replace, copies));
    return copy as T;
  }
  const copy = remember<Record<string, unknown>>({});
  for (const [key, entry] of Object.entries(data)) copy[key] = withVectors(entry, replace, copies);
  return copy as T;
}
