import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProductionInput } from "../../src/production/families.js";
import type { ProductionSet } from "../../src/production/production-set.js";
import { createGrid } from "../../src/time/grid.js";
import {
  build,
  derivativeAt,
  directionsFor,
  KINDS,
  largest,
  pricesFor,
  type Sample,
  samples,
  supplyAt,
} from "./random-sets.js";

function responseAt({ set }: Sample, p: Float64Array): Float64Array {
  const out = new Float64Array(p.length).fill(Number.NaN);
  if (set.ownResponse === undefined) throw new Error(`${set.family} has no own response`);
  set.ownResponse(p, out);
  return out;
}

/** p_k times entry k of the derivative along e_k, one product an entry. */
function diagonal(sample: Sample, p: Float64Array): Float64Array {
  return p.map((price, k) => {
    const unit = new Float64Array(p.length);
    unit[k] = 1;
    return price * derivativeAt(sample, p, unit)[k];
  });
}

/** To 1e-10 of the entry itself, beyond the rounding of the derivative, which cancels in units of supply. */
function expectDiagonal(sample: Sample, p: Float64Array): void {
  const [own, expected] = [responseAt(sample, p), diagonal(sample, p)];
  const rounding = 1e-13 * (1 + largest(supplyAt(sample, p)) + largest(expected));
  own.forEach((x, k) => {
    expect(Math.abs(x - expected[k])).toBeLessThanOrEqual(1e-10 * Math.abs(expected[k]) + rounding);
    expect(x).toBeGreaterThanOrEqual(0);
  });
}

const without = (spec: ProductionInput): ProductionInput =>
  spec.set === "ellipsoid" || spec.set === "hull" ? { ...spec, smoothing: 0 } : spec;

describe.each(KINDS)("own-price response of a %s", (kind) => {
  const withPrices = samples(kind).chain((sample) => fc.tuple(fc.constant(sample), pricesFor(sample)));

  it("is the diagonal of the derivative times the price, and ≥ 0", () => {
    fc.assert(fc.property(withPrices, ([sample, p]) => expectDiagonal(sample, p)));
  });

  it("is so without smoothing, and where some prices are 0", () => {
    const some = withPrices.chain(([sample, p]) =>
      directionsFor(sample).map((u) => {
        const free = p.map((price, k) => (u[k] < -0.5 && k > 0 ? 0 : price));
        return [sample, p, free] as const;
      }),
    );
    fc.assert(
      fc.property(some, ([sample, p, free]) => {
        expectDiagonal({ ...build(without(sample.spec), sample.grid), kind }, p);
        // A free input is demanded without bound, and its derivative is none.
        if (kind !== "factory") expectDiagonal(sample, free);
      }),
    );
  });

  it("does not notice a change of numeraire", () => {
    fc.assert(
      fc.property(withPrices, fc.constantFrom(1e150, 1e-150, 3.7), ([sample, p], c) => {
        const own = responseAt(sample, p);
        const other = responseAt(
          sample,
          p.map((x) => c * x),
        );
        expect(largest(own.map((x, k) => x - other[k]))).toBeLessThanOrEqual(1e-12 * (1 + largest(own)));
      }),
    );
  });

  it("is finite and ≥ 0 at prices of 0 and over three hundred decades, smoothed or not", () => {
    const levels = fc.constantFrom(0, 0, 1, 3, 1e-150, 1e150, 1e-300);
    const edges = fc
      .tuple(samples(kind), fc.boolean())
      .map(([sample, plain]) => ({ ...(plain ? build(without(sample.spec), sample.grid) : sample), kind }))
      .chain((sample) => {
        const length = sample.metrics.length * sample.grid.nodes;
        const prices = fc.array(levels, { minLength: length, maxLength: length });
        return fc.tuple(
          fc.constant(sample),
          prices.map((v) => Float64Array.from(v)),
        );
      });
    fc.assert(
      fc.property(edges, ([sample, p]) => {
        expect(responseAt(sample, p).filter((x) => !(x >= 0 && x <= 2e300))).toHaveLength(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("own-price response", () => {
  const own = (spec: ProductionInput, p: number[], grid = createGrid()) =>
    Array.from(responseAt(build(spec, grid), Float64Array.from(p)));

  it("of a ball is v (1 − share): nothing where one price has all of ‖p‖_s", () => {
    const ball: ProductionInput = { set: "ellipsoid", radius: { a: 3, b: 4 } };
    // ‖p‖_s = 5, √(R·T) = √2, v = √2 (9/5, 16/5), shares 9/25 and 16/25.
    const [a, b] = own(ball, [1, 1]);
    expect(a).toBeCloseTo((Math.SQRT2 * 9 * 16) / 125, 14);
    expect(b).toBeCloseTo((Math.SQRT2 * 16 * 9) / 125, 14);
    expect(own(ball, [7, 0])).toEqual([0, 0]);
    expect(own(ball, [0, 0])).toEqual([0, 0]);
  });

  it("of one mode or a hull without smoothing is 0, as supply is piecewise constant", () => {
    const mode: ProductionInput = {
      set: "ellipsoid",
      center: { a: 1 },
      modes: [{ a: 2, b: -3 }],
      smoothing: 0,
    };
    expect(own(mode, [0.3, 0.7])).toEqual([0, 0]);
    const hull: ProductionInput = { set: "hull", trajectories: [{ a: 1 }, { b: 1 }], smoothing: 0 };
    expect(own(hull, [1, 2])).toEqual([0, 0]);
    // A tie.
    expect(own(hull, [1, 1])).toEqual([0, 0]);
  });

  it("of a small mode beside much smoothing keeps its digits", () => {
    // h = r − δν with a = 1e-9 p, δν = p: r = p √(1 + 1e-18), linear in the one price.
    const tiny: ProductionInput = {
      set: "ellipsoid",
      modes: [{ a: 1e-9 }],
      reference: { a: 1 },
      smoothing: 1,
    };
    expect(own(tiny, [2])[0]).toBeLessThan(1e-32);
    // With b at price 2, A_a = (1e-9, 1) and α = (1e-9, 3): p (|A|²|α|² − (A·α)²)/r³ = (2e-9)²/27 up to 1e-18.
    const sample = build({ ...tiny, center: { b: 1 }, reference: { a: 1, b: 1 } });
    const at = sample.metrics.map((metric) => (metric === "a" ? 1 : 2));
    const response = responseAt(sample, Float64Array.from(at))[sample.metrics.indexOf("a")];
    expect(response / (4e-18 / 27)).toBeCloseTo(1, 12);
  });

  it("of a hull with two trajectories is w p Var(y − ε x g)/(εν)", () => {
    const hull: ProductionInput = {
      set: "hull",
      trajectories: [{ a: 1 }, { b: 1 }],
      reference: { a: 1, b: 1 },
      smoothing: 0.5,
    };
    // Equal prices: x = (1, 1), s = (½, ½), εν = 1, b = (1 − ½, −½) for a, variance ¼.
    expect(own(hull, [1, 1])[0]).toBeCloseTo(0.25, 14);
    expect(own(hull, [1, 1])[1]).toBeCloseTo(0.25, 14);
  });

  it("of a frontier is τ along it, and by scale with inputs", () => {
    const capacity: ProductionInput = {
      set: "frontier",
      outputs: { a: 1, b: 1 },
      transformation: 2,
      scale: 3,
    };
    // c_o = (1/R̂)², R̂ = 2^{1/3}, shares ½.
    const y = 3 * 2 ** (-2 / 3);
    own(capacity, [5, 5]).forEach((x) => {
      expect(x).toBeCloseTo(y, 13);
    });
    const factory: ProductionInput = { set: "frontier", outputs: { a: 1 }, inputs: { b: 1 }, returns: 0.5 };
    // F = (ν R̂/Ĉ)² = ¼ at p = (1, 1): y = ½, x = ¼; elasticities ν/(1−ν) = 1 and 1/(1−ν) = 2.
    own(factory, [1, 1]).forEach((x) => {
      expect(x).toBeCloseTo(0.5, 14);
    });
  });

  it("of a free input has its elasticity, as the demand for it has no bound", () => {
    const factory: ProductionInput = {
      set: "frontier",
      outputs: { a: 1 },
      inputs: { b: 1, c: 1 },
      substitution: 0.5,
    };
    const [a, b, c] = own(factory, [1, 0, 1]);
    expect(b).toBeGreaterThan(1e299);
    // Ĉ = p_c: F = ¼, y = ½ with elasticity 1, and c has all the cost.
    expect(a).toBeCloseTo(0.5, 14);
    expect(c).toBeCloseTo(0.5, 14);
    expect(own({ ...factory, substitution: 0 }, [1, 0, 1])[1]).toBe(0);
    expect(own(factory, [0, 1, 1])).toEqual([0, 0, 0]);
  });

  it("of inputs that are all free is without bound, even in fixed proportions", () => {
    const factory: ProductionInput = {
      set: "frontier",
      outputs: { a: 1 },
      inputs: { b: 1 },
      substitution: 0,
    };
    expect(own(factory, [1, 0])[1]).toBe(1e300);
  });

  it("is a number where one price is beyond all proportion to another", () => {
    const inputs = { b: 1, c: 1 };
    const factory: ProductionInput = { set: "frontier", outputs: { a: 1 }, inputs, substitution: 2 };
    expect(own(factory, [1, 1e150, 1e-162])[1]).toBe(0);
    // In the next two b moves nothing.
    const mode: ProductionInput = {
      set: "ellipsoid",
      center: { b: 1 },
      modes: [{ a: 1 }],
      reference: { a: 1 },
    };
    expect(own(mode, [1e150, 1e-300])[0]).toBe(0);
    const hull: ProductionInput = {
      set: "hull",
      trajectories: [{ a: 1, b: 0 }, { a: 2 }],
      reference: { a: 1 },
    };
    expect(own(hull, [1e-300, 1e150])[1]).toBe(0);
  });

  it("is 1e300 where it is infinite: a tie in a metric that is no part of the smoothing", () => {
    const grid = createGrid({ nodes: 2 });
    const p = [1e-300, 1e-300, 1e150, 1e150];
    const [up, down] = [
      { a: 1, b: [1, -1] },
      { a: 1, b: [-1, 1] },
    ];
    const hull: ProductionInput = { set: "hull", trajectories: [up, down], reference: { a: 1 } };
    expect(own(hull, p, grid).slice(2)).toEqual([1e300, 1e300]);
    const modes: ProductionInput = { set: "ellipsoid", modes: [up], reference: { a: 1 } };
    expect(own(modes, p, grid).slice(2)).toEqual([1e300, 1e300]);
  });

  it("of a written set is its own, if it has one", () => {
    const bare: ProductionSet = {
      family: "bare",
      metrics: 1,
      nodes: 1,
      profit: (p) => p[0],
      supply: (_p, out) => void out.fill(1),
      supplyDerivative: (_p, _dp, out) => void out.fill(0),
      gap: () => 0,
      bounds: () => ({ lower: Float64Array.of(1), upper: Float64Array.of(1) }),
    };
    const written = (set: ProductionSet) => build({ set: "written", metrics: ["a"], build: () => set }).set;
    expect(written(bare).ownResponse).toBeUndefined();
    const responsive = { ...bare, ownResponse: (p: Float64Array, out: Float64Array) => void out.set(p) };
    const out = Float64Array.of(Number.NaN);
    written(responsive).ownResponse?.(Float64Array.of(4), out);
    expect(out[0]).toBe(4);
  });
});
