import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createGrid } from "../../src/time/grid.js";
import { integrate } from "../../src/time/projection.js";
import { firstNegative, type Series, SeriesError, sampleSeries } from "../../src/time/series.js";
import { seriesMapSchema, seriesSchema } from "../../src/time/series-schema.js";

const grid = createGrid({ horizon: 8, nodes: 4 }); // nodes 1, 3, 5, 7
const gauss = createGrid({ horizon: 8, nodes: 4, rule: "gauss-legendre" });
const values = (series: Series, on = grid, source = on) => Array.from(sampleSeries(series, on, source));

/** The refusal, as `at | found | expected`. */
function refusal(series: Series, on = grid, source = on): string {
  try {
    sampleSeries(series, on, source);
  } catch (error) {
    if (error instanceof SeriesError) return `${error.at} | ${error.found} | ${error.expected}`;
    throw error;
  }
  return "accepted";
}

describe("sampleSeries", () => {
  it("spreads constants and evaluates functions at the nodes", () => {
    expect(values(2.5)).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(values((t) => t * t)).toEqual([1, 9, 25, 49]);
    expect(values((t) => t, gauss)).toEqual(Array.from(gauss.t));
  });

  it("interpolates samples linearly, constant beyond the ends", () => {
    expect(values({ t: [2, 6], values: [10, 30] })).toEqual([10, 15, 25, 30]);
    expect(values({ t: [100], values: [7] })).toEqual([7, 7, 7, 7]);
    expect(values({ t: [1, 3, 5, 7], values: [1e300, -1, 0.1, 3] })).toEqual([1e300, -1, 0.1, 3]);
  });

  it("takes the last value at or before t in steps", () => {
    const steps = { t: [2, 3, 6], values: [10, 20, 30], interpolation: "step" } as const;
    expect(values(steps)).toEqual([10, 20, 20, 30]);
  });

  it("copies an array on its own grid, whatever the rule", () => {
    const array = Float64Array.of(1, 2, 3, 4);
    const sampled = sampleSeries(array, gauss, gauss);
    expect(sampled).toEqual(array);
    sampled[0] = 9;
    expect(array[0]).toBe(1);
    expect(values([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  });

  it("averages an array over the cells of another midpoint grid", () => {
    expect(values([1, 2, 3, 4], createGrid({ horizon: 8, nodes: 2 }), grid)).toEqual([1.5, 3.5]);
    expect(values([1, 2, 3, 4], createGrid({ horizon: 8, nodes: 8 }), grid)).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4,
    ]);
    expect(values([1, 2, 3, 4], createGrid({ horizon: 8, nodes: 3 }), grid)).toEqual([1.25, 2.5, 3.75]);
  });

  it("takes a single value as a constant on every grid", () => {
    expect(values([6], gauss, createGrid({ horizon: 8 }))).toEqual([6, 6, 6, 6]);
    expect(values([6], grid, createGrid({ horizon: 8, rule: "gauss-legendre" }))).toEqual([6, 6, 6, 6]);
  });

  it("refuses to re-project on gauss-legendre, from it, and from samples that are no samples", () => {
    const array = [1, 2, 3, 4];
    const finer = createGrid({ horizon: 8, nodes: 6, rule: "gauss-legendre" });
    expect(refusal(array, gauss, grid)).toContain("an array on 4 midpoint nodes");
    expect(refusal(array, grid, gauss)).toContain("an array on 4 gauss-legendre nodes");
    expect(refusal(array, finer, gauss)).toContain("on 6 gauss-legendre nodes");
    expect(refusal([1, 2, 3])).toBe(" | an array of 3 values | one value per node, 4 values");
    expect(refusal([1])).toBe(" | an array of 1 value | one value per node, 4 values");
    expect(refusal([])).toContain("an array of 0 values");
    expect(refusal({ t: [0, 1, 2], values: [1, 2] })).toBe(
      "values | 2 values | as many as there are times, 3",
    );
    expect(refusal({ t: [], values: [] })).toBe("t | no samples | at least one");
    expect(refusal({ t: [0, 2, 2], values: [1, 2, 3] })).toBe("t[2] | 2 after 2 | increasing times");
  });

  it("refuses what is not finite, saying where", () => {
    expect(refusal(Number.NaN)).toContain("NaN");
    expect(refusal([1, 2, Infinity, 4])).toBe("[2] | Infinity | a finite number");
    expect(refusal({ t: [0, 1], values: [0, Number.NaN] })).toBe("values[1] | NaN | a finite number");
    expect(refusal({ t: [0, Infinity], values: [0, 1] })).toBe("t[1] | Infinity | a finite number");
    expect(refusal((t) => 1 / (t - 3))).toContain("Infinity at t = 3");
    expect(refusal((() => undefined) as unknown as Series)).toContain("undefined at t = 1");
  });

  it("keeps integral, positivity and bounds under re-projection", () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.integer({ min: 0, max: 1000 })), ([from, to], stream) => {
        const source = createGrid({ horizon: 3, nodes: from });
        const target = createGrid({ horizon: 3, nodes: to });
        const array = Array.from({ length: from }, () => stream.next().value as number);
        const projected = sampleSeries(array, target, source);
        expect(integrate(projected, target)).toBeCloseTo(integrate(array, source), 9);
        expect(Math.min(...projected)).toBeGreaterThanOrEqual(Math.min(...array) - 1e-9);
        expect(Math.max(...projected)).toBeLessThanOrEqual(Math.max(...array) + 1e-9);
      }),
    );
  });
});

describe("firstNegative", () => {
  it("finds values that no node may meet", () => {
    expect(firstNegative(-1)).toEqual({ value: -1, path: [] });
    expect(firstNegative([0, 1, -2])).toEqual({ value: -2, path: [2] });
    expect(firstNegative({ t: [0, 1], values: [-3, 5] })).toEqual({ value: -3, path: ["values", 0] });
    expect(firstNegative({ t: [-1, 1], values: [0, 5] })).toBeNull();
  });
});

describe("seriesSchema", () => {
  it("accepts the forms of formats.md, and in code functions and typed arrays as they are", () => {
    const typed = Float64Array.of(1, 2);
    const run = (t: number) => t;
    expect(seriesSchema.parse(typed)).toBe(typed);
    expect(seriesSchema.parse(run)).toBe(run);
    for (const series of [
      0,
      [1, 2],
      { t: [0], values: [1] },
      { t: [0], values: [1], interpolation: "step" },
    ]) {
      expect(seriesSchema.parse(series)).toEqual(series);
    }
  });

  it("refuses everything else", () => {
    const bad = [
      "1",
      null,
      true,
      {},
      [1, "2"],
      [1, null],
      Number.NaN,
      Infinity,
      [Infinity],
      new Float32Array(2),
    ];
    const samples = [
      { t: [0] },
      { t: 0, values: 1 },
      { t: [0], values: [1], interpolation: "cubic" },
      { t: [0], values: [1], extra: 1 },
    ];
    for (const series of [...bad, ...samples]) expect(seriesSchema.safeParse(series).success).toBe(false);
  });

  it("exports to JSON Schema, where code-only forms match nothing", () => {
    const schema = z.toJSONSchema(seriesMapSchema, { unrepresentable: "any" });
    expect(JSON.stringify(schema)).toContain('{"not":{}}');
    expect(JSON.stringify(schema)).not.toContain("{}]");
  });
});
