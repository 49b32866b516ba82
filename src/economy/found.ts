const LONGEST = 60;

/** A short, typed description of what was found: `"abc" (string)`, `-1`, `nothing`, `an array of 3`. */
export function describeFound(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `${quote(value)} (string)`;
  if (typeof value === "boolean") return `${value} (boolean)`;
  if (typeof value === "number" || value === null) return String(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (ArrayBuffer.isView(value) && "length" in value) return `a ${value.constructor.name} of ${value.length}`;
  if (typeof value === "object") return describeObject(value);
  return `${String(value)} (${typeof value})`;
}

function describeObject(value: object): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty object";
  const shown = keys.slice(0, 3).map(quote).join(", ");
  return `an object with ${keys.length === 1 ? "key" : "keys"} ${shown}${keys.length > 3 ? ", …" : ""}`;
}

/** A name or text in double quotes, control characters escaped, cut at 60 characters. */
export function quote(text: string): string {
  const characters = [...text.slice(0, 2 * LONGEST + 2)];
  const cut = characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : text;
  return JSON.stringify(cut);
}

/** `a`, `a or b`, `a, b or c`; beyond `most` items the rest is counted. */
export function listed(items: readonly string[], word: "or" | "and" = "or", most = 12): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  if (shown.length <= 1) return shown[0] ?? "";
  return `${shown.slice(0, -1).join(", ")} ${word} ${shown[shown.length - 1]}`;
}

/** A number for a message: exact when short, otherwise six digits. */
export function brief(value: number): string {
  const exact = String(value);
  return exact.length <= 12 ? exact : String(Number(value.toPrecision(6)));
}
