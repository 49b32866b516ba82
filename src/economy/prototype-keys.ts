import type { Path } from "./path.js";
import type { Problems } from "./problems.js";

/**
 * Refuses the key `__proto__` anywhere in plain data: objects built from it would lose it silently. Walks without
 * recursion and visits every object once, so shared and circular data are safe.
 */
export function forbidPrototypeKeys(data: object, problems: Problems): void {
  const visited = new Set<object>();
  const waiting: { value: object; path: Path }[] = [{ value: data, path: [] }];
  // The list grows while it is walked, and the walk follows.
  for (const { value, path } of waiting) {
    if (visited.has(value) || ArrayBuffer.isView(value)) continue;
    visited.add(value);
    if (Object.hasOwn(value, "__proto__"))
      problems.add([...path, "__proto__"], 'the name "__proto__"', "another name");
    for (const [key, child] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      if (typeof child === "object" && child !== null) waiting.push({ value: child, path: [...path, key] });
    }
  }
}
