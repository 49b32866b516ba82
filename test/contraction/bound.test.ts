import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractionBound } from "../../src/contraction/bound.js";
import type { Hypothesis } from "../../src/contraction/hypothesis.js";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { closedForm } from "../support/economies.js";
import { hilbert, randomLogPrices } from "../support/prices.js";
import { ces, exchange, type Loose, t1Spec, withSet } from "./economies.js";
import { jacobian, oscillationNorm } from "./jacobian.js";

const seeds = fc.integer({ min: 0, max: 1e6 });
const shapes = fc.record({
  agents: fc.integer({ min: 1, max: 6 }),
  nodes: fc.integer({ min: 1, max: 4 }),
  first: fc.double({ min: 1, max: 2.5, noNaN: true }),
});
const widths = fc.double({ min: 0.1, max: 6, noNaN: true });

/** q + λ f(q). */
function stepped(market: ReferenceMarket, q: Float64Array, step: number): Float64Array {
  const f = market.create();
  market.residual(q, f);
  return q.map((x, i) => x + step * f[i]);
}

/** Hilbert's distance over the instants that somebody wants. */
function distance(market: ReferenceMarket, a: Float64Array, b: Float64Array): number {
  const wanted = (_: number, i: number): boolean => market.layout.demanded[i] === 1;
  return hilbert(a.filter(wanted), b.filter(wanted));
}

/** One step brings a random pair of prices closer by κ, and near random prices so does it every pair. */
function expectContraction(economy: Economy, step: number, kappa: number, seed: number, width: number): void {
  const market = new ReferenceMarket(economy);
  const q = randomLogPrices(seed, market.create().length, width);
  const r = randomLogPrices(seed + 1, q.length, width);
  const after = distance(market, stepped(market, q, step), stepped(market, r, step));
  expect(after).toBeLessThanOrEqual(kappa * distance(market, q, r) + 1e-12 * width);
  expect(oscillationNorm(jacobian(market, q, step))).toBeLessThanOrEqual(kappa + 1e-12);
}

describe("T1", () => {
  test("one step of T_λ multiplies the distance of any two prices by at most 1 − λσ₀", () => {
    fc.assert(
      fc.property(
        seeds,
        shapes,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        widths,
        (seed, shape, part, width) => {
          const economy = defineEconomy(t1Spec(seed, shape));
          const step = part * new ReferenceMarket(economy).hints.step;
          const { bound, theorem, sigma0 } = contractionBound(economy, step);
          expect(theorem).toBe("T1");
          expect(sigma0).toBeGreaterThanOrEqual(shape.first);
          expect(bound).toBeCloseTo(1 - step * (sigma0 as number), 12);
          expectContraction(economy, step, bound as number, seed, width);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("osc(f)/σ₀ bounds the distance to the known equilibrium, from any prices", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.boolean(),
        fc.double({ min: 1e-6, max: 5, noNaN: true }),
        (seed, fixed, width) => {
          const { spec, logPrice } = closedForm(seed, { fixed });
          const economy = defineEconomy(spec);
          const market = new ReferenceMarket(economy);
          const equilibrium = logPrice(economy.grid.t, economy.grid.weights);
          const noise = randomLogPrices(seed, equilibrium.length, width);
          const q = equilibrium.map((x, i) => x + noise[i]);
          const { oscillation } = market.residual(q, market.create());
          const { rate } = contractionBound(economy, market.hints.step);
          expect(hilbert(q, equilibrium)).toBeLessThanOrEqual(oscillation / (rate as number) + 1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("holds with identical preferences, whatever each owns", () => {
    const identical = exchange(
      {
        a: { endowment: { x: 1, y: 2 }, preferences: ces(2, { x: 1, y: 2, z: 1 }) },
        b: { endowment: { z: 3 }, preferences: ces(2, { x: 1, y: 2, z: 1 }) },
      },
      ["x", "y", "z"],
    );
    const found = contractionBound(defineEconomy(identical), 0.25);
    expect(found).toMatchObject({ bound: 0.5, sigma0: 2, theorem: "T1" });
  });

  test("with proportional incomes and other preferences starts at 1: they may want nothing in common", () => {
    const endowment = { x: 1, y: 2, z: 1, w: 1 };
    const apart = exchange(
      {
        a: { endowment, preferences: ces(2, { x: 1, y: 2 }) },
        b: { endowment, preferences: ces(2, { z: 1, w: 3 }) },
      },
      ["x", "y", "z", "w"],
    );
    const economy = defineEconomy(apart);
    expect(contractionBound(economy, 0.5)).toMatchObject({ bound: 0.5, sigma0: 1, theorem: "T1" });
    // The price of x and y against z and w returns with elasticity 1; 1 − 0.5·2 = 0 would be false.
    const market = new ReferenceMarket(economy);
    const [q, r] = [new Float64Array(4), Float64Array.of(1, 1, 0, 0)];
    const after = hilbert(stepped(market, q, 0.5), stepped(market, r, 0.5));
    expect(after / hilbert(q, r)).toBeCloseTo(0.5, 12);
  });

  test("the largest step depends on how supply responds: fixed supply takes λ up to 1/σ_max", () => {
    const fixed = exchange({ a: { endowment: { x: 1, y: 2 }, preferences: ces(2, { x: 1, y: 2 }) } }, [
      "x",
      "y",
    ]);
    expect(contractionBound(defineEconomy(fixed), 0.5).bound).toBe(0);
    expect(contractionBound(defineEconomy(fixed), 0.51).bound).toBeNull();
  });

  test("one commodity at one instant has nothing to contract", () => {
    const one = exchange({ a: { endowment: { x: 1 }, preferences: ces(0.3, { x: 1 }) } }, ["x"]);
    expect(contractionBound(defineEconomy(one), 1)).toMatchObject({ bound: 0, theorem: "T1", failures: [] });
  });

  test("instants without demand and nodes with one child do not count", () => {
    const spec: Loose = exchange(
      {
        a: {
          endowment: { x: 1, y: 1 },
          discount: [0, 1],
          intertemporal_elasticity: 0.2,
          preferences: {
            root: "u",
            nodes: {
              u: { elasticity: 0.1, inputs: { v: 1 } },
              v: { elasticity: 1.5, inputs: { x: 1, y: 1 } },
            },
          },
        },
      },
      ["x", "y"],
    );
    spec.time = { nodes: 2 };
    expect(contractionBound(defineEconomy(spec), 0.1)).toMatchObject({ sigma0: 1.5, theorem: "T1" });
    spec.orchestrators.a.discount = [1, 1];
    expect(contractionBound(defineEconomy(spec), 0.1).failures).toHaveLength(1);
  });
});

describe("several orchestrators", () => {
  test("with a part of everything each: every step contracts by 1 − λχ", () => {
    fc.assert(
      fc.property(
        seeds,
        shapes,
        fc.integer({ min: 2, max: 3 }),
        widths,
        (seed, shape, orchestrators, width) => {
          const spec = t1Spec(seed, { ...shape, agents: Math.max(2, shape.agents), orchestrators });
          const economy = defineEconomy(spec);
          const { step } = new ReferenceMarket(economy).hints;
          const { bound, theorem, rate } = contractionBound(economy, step);
          expect(theorem).toBe("several-orchestrators");
          expect(rate).toBeGreaterThan(0);
          expect(rate).toBeLessThanOrEqual(1);
          expectContraction(economy, step, bound as number, seed, width);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("χ = min δ_i/(1 − Σδ + δ_i)", () => {
    const economy = defineEconomy(
      exchange(
        {
          a: { endowment: { x: 1, y: 6 }, preferences: ces(2, { x: 1, y: 2 }) },
          b: { endowment: { x: 3, y: 2 }, preferences: ces(3, { x: 1, y: 1 }) },
        },
        ["x", "y"],
      ),
    );
    // δ = 1/4 and 1/4: χ = (1/4)/(1 − 1/2 + 1/4).
    expect(contractionBound(economy, 0.1).rate).toBeCloseTo(1 / 3, 12);
  });
});

describe("the hypothesis named is the one that is broken", () => {
  const broken: [Hypothesis, string, (spec: Loose) => void, RegExp][] = [
    [
      "elasticities",
      "elasticities that fall",
      (spec) => {
        spec.orchestrators.o0.preferences.dag.steps.a1.metric_elasticity = 0.5;
      },
      /o0.*falls.*a1.*along over time › entry › .*a1/,
    ],
    [
      "elasticities",
      "a start below 1",
      (spec) => {
        spec.orchestrators.o0.intertemporal_elasticity = 0.9;
      },
      /o0.*below 1.*0\.9.*over time/,
    ],
    [
      "floors",
      "a floor",
      (spec) => {
        spec.orchestrators.o0.floors = { "a1/x": 0.01 };
      },
      /o0.*a1\/x/,
    ],
    [
      "agents",
      "an agent with an input",
      (spec) => {
        spec.agents.a2.production = { set: "ellipsoid", center: { x: 1, y: 1, gpu: -0.1 } };
      },
      /agent a2.*gpu/,
    ],
    [
      "agents",
      "an agent with modes",
      (spec) => {
        spec.agents.a0.production = { set: "ellipsoid", center: { x: 2, y: 2 }, modes: [{ x: 0.1 }] };
      },
      /agent a0.*modes/,
    ],
  ];

  test.each(broken)("%s: %s", (hypothesis, _, breakIt, where) => {
    for (let seed = 0; seed < 10; seed++) {
      const spec: Loose = t1Spec(seed);
      expect(contractionBound(defineEconomy(spec), 0.01).theorem).toBe("T1");
      breakIt(spec);
      const { bound, theorem, rate, why, failures } = contractionBound(defineEconomy(spec), 0.01);
      expect([bound, theorem, rate]).toEqual([null, null, null]);
      expect(failures.map((failure) => failure.hypothesis)).toEqual([hypothesis]);
      expect(failures[0].where).toMatch(where);
      expect(why).toContain(failures[0].where);
    }
  });

  test("ownership: who owns nothing of what", () => {
    const spec: Loose = t1Spec(5, { orchestrators: 2 });
    spec.orchestrators.o1.endowment.gpu = [1, 0, 1];
    const { bound, failures } = contractionBound(defineEconomy(spec), 0.01);
    expect(bound).toBeNull();
    expect(failures.map(({ hypothesis }) => hypothesis)).toEqual(["ownership"]);
    expect(failures[0].where).toMatch(/o1 owns nothing of the endowment of gpu at node 1/);
  });

  test("supply: what somebody wants and nobody surely supplies, by a set written in code", () => {
    const economy = withSet(defineEconomy(t1Spec(5)), "a3", (set) => ({
      supply: (p, out) => {
        set.supply(p, out);
        out[4] = 0;
      },
      theory: { t1: null, t3: null, elasticity: 1 },
    }));
    const { failures } = contractionBound(economy, 0.01);
    expect(failures).toEqual([{ hypothesis: "supply", where: "nobody surely supplies a3/y at node 1" }]);
  });

  test("agents: a set written in code that says nothing of itself", () => {
    const economy = withSet(defineEconomy(t1Spec(4)), "a1", () => ({ theory: undefined }));
    const { failures } = contractionBound(economy, 0.01);
    expect(failures.map(({ hypothesis }) => hypothesis)).toEqual(["agents"]);
    expect(failures[0].where).toMatch(/agent a1: nothing is known/);
  });

  test("step: the economy's rate is known all the same", () => {
    const economy = defineEconomy(t1Spec(1));
    const { bound, theorem, rate, failures } = contractionBound(economy, 2);
    expect([bound, theorem]).toEqual([null, null]);
    expect(rate).toBeGreaterThanOrEqual(1);
    expect(failures.map(({ hypothesis }) => hypothesis)).toEqual(["step"]);
  });

  test("each of several", () => {
    const spec: Loose = t1Spec(2);
    for (const [, , breakIt] of broken) breakIt(spec);
    const found = contractionBound(defineEconomy(spec as EconomyDefinition), 0.01).failures;
    const named = new Set(found.map(({ hypothesis }) => hypothesis));
    expect(named).toEqual(new Set(["elasticities", "floors", "agents"]));
  });

  test("a DAG is judged along its worst path", () => {
    const twoWays = (deep: number): EconomyDefinition =>
      exchange(
        {
          a: {
            endowment: { x: 1, y: 1, z: 1 },
            preferences: {
              root: "u",
              nodes: {
                u: { elasticity: 1, inputs: { v: 1, w: 1 } },
                v: { elasticity: 2, inputs: { w: 1, x: 1 } },
                w: { elasticity: deep, inputs: { y: 1, z: 1 } },
              },
            },
          },
        },
        ["x", "y", "z"],
      );
    expect(contractionBound(defineEconomy(twoWays(2)), 0.1).theorem).toBe("T1");
    // 1.5 is a rise from u, and a fall from v.
    const [failure] = contractionBound(defineEconomy(twoWays(1.5)), 0.1).failures;
    expect(failure.where).toMatch(/from 2 \(node v\) to 1.5 \(node w\) along u › v › w/);
  });
});
