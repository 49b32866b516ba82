type Schema = Record<string, unknown>;
type Check = (wanted: never, value: unknown, schema: Schema) => boolean;

/**
 * Whether a JSON value satisfies a schema, for the keywords that walras schemas use; throws at any other keyword, so that
 * none goes unchecked.
 */
export function accepts(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, wanted]) => {
    if (ANNOTATIONS.has(keyword)) return true;
    const check = CHECKS[keyword];
    if (check === undefined) throw new Error(`the validator of the tests does not know "${keyword}"`);
    return check(wanted as never, value, schema);
  });
}

const ANNOTATIONS = new Set(["$schema", "title", "description", "default"]);

const CHECKS: Record<string, Check> = {
  type: (wanted: string | string[], value) => [wanted].flat().some((type) => isOfType(type, value)),
  const: (wanted, value) => value === wanted,
  enum: (wanted: unknown[], value) => wanted.includes(value),
  not: (wanted: Schema, value) => !accepts(wanted, value),
  anyOf: (wanted: Schema[], value) => wanted.some((schema) => accepts(schema, value)),
  oneOf: (wanted: Schema[], value) => wanted.filter((schema) => accepts(schema, value)).length === 1,
  items: (wanted: Schema, value) => !Array.isArray(value) || value.every((item) => accepts(wanted, item)),
  minimum: (wanted: number, value) => typeof value !== "number" || value >= wanted,
  maximum: (wanted: number, value) => typeof value !== "number" || value <= wanted,
  exclusiveMinimum: (wanted: number, value) => typeof value !== "number" || value > wanted,
  pattern: (wanted: string, value) => typeof value !== "string" || new RegExp(wanted, "u").test(value),
  required: (wanted: string[], value) => !isObject(value) || wanted.every((key) => Object.hasOwn(value, key)),
  properties: (wanted: Record<string, Schema>, value) =>
    !isObject(value) ||
    Object.entries(wanted).every(
      ([key, schema]) => !Object.hasOwn(value, key) || accepts(schema, value[key]),
    ),
  propertyNames: (wanted: Schema, value) =>
    !isObject(value) || Object.keys(value).every((key) => accepts(wanted, key)),
  additionalProperties: (wanted: Schema | boolean, value, { properties = {} }) =>
    !isObject(value) ||
    Object.keys(value).every(
      (key) =>
        Object.hasOwn(properties as object, key) ||
        (typeof wanted === "boolean" ? wanted : accepts(wanted, value[key])),
    ),
};

function isOfType(wanted: string, value: unknown): boolean {
  if (wanted === "integer") return Number.isInteger(value);
  if (wanted === "array") return Array.isArray(value);
  if (wanted === "null") return value === null;
  return wanted === "object" ? isObject(value) : typeof value === wanted;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
