import * as z from "zod";

/** What an array stands for: values over time (its last axis), a number, or a list of numbers or of indexes (its last axis). */
export type RefKind = "series" | "number" | "vector" | "indexes";

/** What a number may be. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * `{ "array": "center", "at": [i, j] }` in the file of an NPZ economy (formats.md, "NPZ economies"): an array of the archive,
 * `at` indexing its leading axes. The schemas below accept it wherever a series or a number may stand; the economy puts the
 * values in its place before anything is built (economy/references.ts), so the types of what is read do not mention it.
 */
export class ArrayRef {
  constructor(
    readonly array: string,
    readonly at: number[],
    readonly kind: RefKind,
    readonly range: Range = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY },
  ) {}
}

/** Where nothing but an array will do. */
const LIST = 'a list in an NPZ archive: { "array": … }';
const EXPECTED: Readonly<Partial<Record<RefKind, string>>> = { vector: LIST, indexes: LIST };

export function arrayRefSchema(kind: RefKind, range?: Range) {
  return z
    .strictObject({ array: z.string(), at: z.array(z.int().min(0)).default([]) }, EXPECTED[kind])
    .overwrite(({ array, at }) => new ArrayRef(array, [...at], kind, range));
}

/** A number from `least` to `most`, in an NPZ economy also one of an array. */
export function numberSchema(range: Partial<Range> = {}): z.ZodType<number, number> {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = range;
  const above = Number.isFinite(least) ? z.number().min(least) : z.number();
  const number = Number.isFinite(most) ? above.max(most) : above;
  // See ArrayRef for why the type says number.
  return z.union([number, arrayRefSchema("number", { least, most })], {
    error: "a number",
  }) as unknown as z.ZodType<number, number>;
}
