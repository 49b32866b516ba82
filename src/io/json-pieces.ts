/** Arrays of numbers longer than this are written in several pieces. */
const STRETCH = 10_000;

/**
 * JSON as a person reads it, in pieces, so that no file is too long for one string: objects indented, one key a line;
 * arrays of plain values on one line.
 */
export function* jsonPieces(value: unknown, indent = ""): Generator<string> {
  if (Array.isArray(value)) yield* value.every(isPlain) ? flatArray(value) : tallArray(value, indent);
  else if (isPlain(value)) yield JSON.stringify(value) ?? "null";
  else yield* object(value as object, indent);
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function* flatArray(values: readonly unknown[]): Generator<string> {
  yield "[";
  for (let from = 0; from < values.length; from += STRETCH) {
    const stretch = JSON.stringify(values.slice(from, from + STRETCH)).slice(1, -1);
    yield from === 0 ? stretch : `,${stretch}`;
  }
  yield "]";
}

function* tallArray(values: readonly unknown[], indent: string): Generator<string> {
  const inner = `${indent}  `;
  for (const [i, value] of values.entries()) {
    yield `${i === 0 ? "[" : ","}\n${inner}`;
    yield* jsonPieces(value, inner);
  }
  yield `\n${indent}]`;
}

function* object(value: object, indent: string): Generator<string> {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return yield "{}";
  const inner = `${indent}  `;
  for (const [i, [key, entry]] of entries.entries()) {
    yield `${i === 0 ? "{" : ","}\n${inner}${JSON.stringify(key)}: `;
    yield* jsonPieces(entry, inner);
  }
  yield `\n${indent}}`;
}
