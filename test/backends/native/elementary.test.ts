import { afterAll, describe, expect, test } from "vitest";
import { requireOrSkip } from "../../support/require.js";
import { findCompiler, NativeBuilds, outputOf } from "./compiler.js";

/** Largest errors of a function over a range, and where. */
interface Worst {
  readonly ulps: number;
  readonly absolute: number;
  /** In the larger of a unit in the last place and 2e-16. */
  readonly either: number;
  readonly at: number;
}

/** Of each range of elementary.c the largest error there may be. */
const BOUNDS: readonly [range: string, measure: "ulps" | "absolute" | "either", bound: number][] = [
  ["exp: within ±1", "ulps", 1],
  ["exp: -700 to 708", "ulps", 1],
  // Part of what is added up is subnormal.
  ["exp: -708 to -700", "ulps", 1.5],
  ["exp: within ±1e-12", "ulps", 0.51],
  ["exp: subnormal arguments", "ulps", 0],
  ["exp: between entries", "ulps", 1],
  ["log: normal numbers", "either", 1.75],
  ["log: from 0.5 to 2", "absolute", 2.4e-16],
  ["log: beside 1", "ulps", 0.51],
  ["log: 1 ± a few", "ulps", 0.51],
  ["log: between entries", "either", 1.75],
  ["expm1: within ±0.02", "ulps", 16],
  ["expm1: within ±20", "either", 2.5],
  ["log1p: within ±1e-12", "ulps", 1.5],
  ["log1p: within ±1e-3", "ulps", 1.5],
  ["log1p: -0.9 to 20", "either", 2.5],
];

/** Where the domain ends: arguments of exp are clamped to ±708, ratios to 1e±304. */
const EDGES = {
  "exp 0": 1,
  "exp -0": 1,
  "exp NaN": Number.NaN,
  "exp -NaN": Number.NaN,
  "exp inf": Math.exp(708),
  "exp -inf": 0,
  "exp 708": Math.exp(708),
  "exp -708": Math.exp(-708),
  "exp 1e300": Math.exp(708),
  "exp -1e300": 0,
  "log 1": 0,
  "expm1 0": 0,
  "log1p 0": 0,
  "ratio 0/1": -700,
  "ratio 1/0": 700,
  "ratio inf/1": 700,
  "ratio 1/inf": -700,
  "ratio 0/0": 0,
  "ratio 2/2": 0,
  "ratio tiny/tiny": -Math.LN2,
  "ratio tiny/huge": -700,
  "ratio NaN/1": Number.NaN,
  "ratio 1/NaN": Number.NaN,
};

const compiler = findCompiler();
describe("exp and log of the kernels against long double", () => {
  if (!requireOrSkip("C compiler with sanitizers", compiler !== null)) return;
  const builds = new NativeBuilds(compiler as string);
  afterAll(() => builds.remove());

  test.each([
    ["as WebAssembly rounds", []],
    ["with fused multiplications where there are any", ["-march=native", "-ffp-contract=fast"]],
  ])("%s", (_, flags) => {
    const found = JSON.parse(outputOf(builds.compile("elementary.c", flags), ["200000"]));
    for (const [name, value] of Object.entries(EDGES)) {
      const edge = Number(found[name] === "nan" ? Number.NaN : found[name]);
      if (Number.isNaN(value)) expect([name, edge]).toEqual([name, value]);
      else expect(Math.abs(edge - value), name).toBeLessThanOrEqual(4e-16 * Math.abs(value));
    }
    // Where long double is no longer than double there is no truth to be had.
    if (found.mantissa <= 53) return;
    for (const [range, measure, bound] of BOUNDS) {
      const worst: Worst = found[range];
      expect(worst[measure], `${range}, at ${worst.at}`).toBeLessThanOrEqual(bound);
    }
  });

  test("in float32: exp to 1.2 units in the last place, log to 2, over the whole range", () => {
    const found = JSON.parse(outputOf(builds.compile("elementary32.c"), ["1009"]));
    expect(found.exp).toBeLessThanOrEqual(1.2);
    expect(found.log).toBeLessThanOrEqual(2);
    expect(found.near1).toBeLessThan(1.2e-7);
    expect(found.below).toBe(0);
    expect(found.above / Math.exp(87)).toBeCloseTo(1, 5);
    expect(found.nan).toMatch(/nan/);
  });
});
