/** Numbers of one block's `Readout` in kernels/residual.c, in its order, and how those of two blocks become one. */
const FIELDS = {
  highF: Math.max,
  lowF: Math.min,
  norm: add,
  even: add,
  count: add,
  spending: add,
  value: add,
  u: add,
  v: add,
  finite: add,
  gap: Math.max,
  /** The row that `gap` is of. */
  gapRow: (_: number, later: number) => later,
  complementarity: Math.max,
} as const;

/** Room that a block takes, in numbers. */
export const READOUT_SIZE = 14;

export type Reductions = Readonly<Record<keyof typeof FIELDS, number>>;

/** Over all blocks, in their order. @param partials shape [blocks, READOUT_SIZE] */
export function reduced(partials: Float64Array, blocks: number): Reductions {
  const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  const out = Object.fromEntries(names.map((name, k) => [name, partials[k]])) as Record<
    keyof typeof FIELDS,
    number
  >;
  for (let b = 1; b < blocks; b++) {
    const farther = partials[b * READOUT_SIZE + names.indexOf("gap")] > out.gap;
    names.forEach((name, k) => {
      if (name === "gapRow" && !farther) return;
      out[name] = FIELDS[name](out[name], partials[b * READOUT_SIZE + k]);
    });
  }
  return out;
}

function add(a: number, b: number): number {
  return a + b;
}

/** The range of the log prices that move, and Σ w p: `Opening` in kernels/prices.c. */
export interface Opening {
  readonly high: number;
  readonly low: number;
  readonly value: number;
}

export const OPENING_SIZE = 4;
export const NO_PRICES: Opening = { high: -1e300, low: 1e300, value: 0 };

/** Over all blocks and what was there before. @param partials shape [blocks, OPENING_SIZE] */
export function opened(partials: Float64Array, blocks: number, before: Opening): Opening {
  let { high, low, value } = before;
  for (let at = 0; at < blocks * OPENING_SIZE; at += OPENING_SIZE) {
    high = Math.max(high, partials[at]);
    low = Math.min(low, partials[at + 1]);
    value += partials[at + 2];
  }
  return { high, low, value };
}
