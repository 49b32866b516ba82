/** Where something stands in a file: keys and array indexes, from the top. */
export type Path = readonly PropertyKey[];

const PLAIN = /^[^\s."'`[\]\p{Cc}]+$/u;

/**
 * A path as a person reads it: `agents.planner.production.trajectories[0].gpu`. A name with dots, spaces or control
 * characters is quoted: `agents["gpt-4.1"].production`. The empty path is the empty string.
 */
export function formatPath(path: Path): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (PLAIN.test(String(key))) text += text === "" ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}

/** What stands at a path of `data`, own properties only; undefined where there is nothing. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
