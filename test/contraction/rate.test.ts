import fc from "fast-check";
import { expect, test } from "vitest";
import { bestStep, constantAt } from "../../src/contraction/best-step.js";
import type { Eigenvalue } from "../../src/contraction/eigenvalues.js";
import { linearize, quotientEigenvalues } from "../../src/contraction/linearization.js";
import { localConstant } from "../../src/contraction/local.js";
import { uniformSource } from "../../src/core/rng.js";
import type { EconomyDefinition } from "../../src/economy/build.js";
import { defineEconomy, solve } from "../../src/index.js";
import { multiple } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { randomSpec } from "../support/economies.js";
import { randomExchange, ring } from "./economies.js";
import { jacobian } from "./jacobian.js";

const ECONOMIES: Record<string, (seed: number) => EconomyDefinition> = {
  "one orchestrator": (seed) => randomSpec(seed, { agents: 1 + (seed % 4), nodes: 1 + (seed % 3) }),
  "several with agents": (seed) => randomSpec(seed, { agents: 1 + (seed % 3), nodes: 2, orchestrators: 3 }),
  exchange: randomExchange,
  ring,
};
/** What rounding leaves of ‖f‖. */
const FLOOR = 1e-12;

/** λ with max |1 − λθ| = κ, on either side of the best; the function is convex, with 1 at 0. */
function stepFor(thetas: readonly Eigenvalue[], kappa: number, best: number, beyond: boolean): number {
  let [low, high] = beyond ? [best, 2 * best] : [0, best];
  while (beyond && constantAt(thetas, high) < kappa) high *= 2;
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (constantAt(thetas, middle) > kappa === beyond) high = middle;
    else low = middle;
  }
  return low;
}

/** ‖f‖, weighted by spending, along the plain unclipped map from q until rounding is near. */
function residuals(market: ReferenceMarket, q: Float64Array, step: number): number[] {
  const history: number[] = [];
  const f = market.create();
  for (let at = q, norm = market.residual(at, f).norm; norm > FLOOR; norm = market.residual(at, f).norm) {
    history.push(norm);
    const next = market.create();
    market.advance(at, multiple(step, f), Infinity, next);
    at = next;
  }
  return history;
}

/** What the linear map J^k makes of a deviation e: ‖E J^k e‖ for k = 0, 1, …, with the spending of the equilibrium. */
function linearized(
  market: ReferenceMarket,
  q: Float64Array,
  step: number,
  e: Float64Array,
  count: number,
): number[] {
  const rows = jacobian(market, q, step);
  market.residual(q, market.create());
  market.reweigh();
  let at = Array.from(e);
  return Array.from({ length: count }, () => {
    const next = rows.map((row) => row.reduce((sum, x, j) => sum + x * at[j], 0));
    const f = Float64Array.from(next, (x, i) => (x - at[i]) / step);
    at = next;
    return Math.sqrt(market.dots([f], f)[0]);
  });
}

/** The geometric-mean rate over a window of steps that ends with the last. */
function meanRate(history: readonly number[], first: number): number {
  return (history[history.length - 1] / history[first]) ** (1 / (history.length - 1 - first));
}

/**
 * Where the window begins. The first half of the steps above rounding is not asymptotic. Where a complex pair leads, ‖f‖ swings
 * about its mean rate with half the period of the turn, so the window is as many whole half-turns as there are.
 */
function windowStart(steps: number, leading: Eigenvalue, step: number): number {
  const turn = Math.PI / Math.abs(Math.atan2(-step * leading.im, 1 - step * leading.re));
  const half = Math.floor(steps / 2);
  if (leading.im === 0 || turn > steps - half) return half;
  return steps - Math.round(Math.floor((steps - half) / turn) * turn);
}

interface Measured {
  readonly kappa: number;
  readonly rate: number;
  readonly complex: boolean;
  readonly settled: boolean;
}

/**
 * Whether the window can show the spectral radius: by its beginning the other eigenvalues have faded to a thousandth beside
 * the leading one (or pair), and the linear map itself, iterated from the same deviation, shows the radius there. Elsewhere they are still
 * fading when rounding is reached, and no digits are left.
 */
function isSettled(moduli: readonly number[], linear: readonly number[], first: number): boolean {
  const leading = Math.max(...moduli);
  const second = moduli
    .filter((modulus) => modulus < leading * (1 - 1e-9))
    .reduce((a, b) => Math.max(a, b), 0);
  return (second / leading) ** first < 1e-3 && Math.abs(meanRate(linear, first) - leading) < 5e-4;
}

/** Null where the economy is not solved, or where λ cannot make the constant anything in (0.1, 0.995). */
async function measure(definition: EconomyDefinition, seed: number, part: number): Promise<Measured | null> {
  const uniform = uniformSource(seed);
  const economy = defineEconomy(definition);
  const { status, prices } = await solve(economy, { tolerance: 1e-10 });
  const market = new ReferenceMarket(economy);
  const q = market.enter(Float64Array.from(prices.data));
  const linearization = await linearize(market, q);
  if (status !== "solved" || linearization?.active.length !== q.length) return null;
  const thetas = quotientEigenvalues(linearization);
  const best = bestStep(thetas);
  const least = Math.max(0.1, best?.constant ?? 1);
  if (best === null || least > 0.99) return null;
  const step = stepFor(thetas, least + part * (0.995 - least), best.step, uniform() < 0.5);
  const deviation = q.map(() => 1e-3 * (2 * uniform() - 1));
  const start = q.map((x, i) => x + deviation[i]);
  const history = residuals(market, start, step);
  const leading = thetas.reduce((a, b) => (constantAt([b], step) > constantAt([a], step) ? b : a));
  const first = windowStart(history.length - 1, leading, step);
  return {
    kappa: (await localConstant(market, q, step)) as number,
    rate: meanRate(history, first),
    complex: leading.im !== 0,
    settled: isSettled(
      thetas.map((theta) => constantAt([theta], step)),
      linearized(market, q, step, deviation, history.length),
      first,
    ),
  };
}

test("from p* perturbed by 1e-3 the mean rate above rounding is the local constant within 2e-3, from 0.1 to 0.995", async () => {
  const fair: Measured[] = [];
  let all = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(ECONOMIES)),
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (kind, seed, part) => {
        const measured = await measure(ECONOMIES[kind](seed), seed, part);
        if (measured === null) return;
        all++;
        if (!measured.settled) return;
        fair.push(measured);
        expect(Math.abs(measured.rate - measured.kappa)).toBeLessThan(2e-3);
      },
    ),
    { numRuns: 150 },
  );
  expect(fair.length).toBeGreaterThan(all / 4);
  expect(fair.filter(({ complex }) => complex).length).toBeGreaterThan(5);
  const constants = fair.map(({ kappa }) => kappa);
  expect(Math.min(...constants)).toBeLessThan(0.5);
  expect(Math.max(...constants)).toBeGreaterThan(0.95);
});
