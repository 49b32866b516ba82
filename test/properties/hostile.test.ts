import { expect, test } from "vitest";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import { hostileSpec } from "../support/hostile.js";
import { countByStatus, type HostileOutcome, hostileOutcome } from "../support/hostile-outcome.js";

const ECONOMIES = 2000;
/** Issue 4's limit for one economy: an outcome, not a benchmark. */
const SECONDS = 10;

test(`${ECONOMIES} hostile economies end within ${SECONDS} s in a named outcome without NaN, and every solved one certifies`, {
  timeout: 1_800_000,
}, async () => {
  const outcomes: HostileOutcome[] = [];
  for (let seed = 0; seed < ECONOMIES; seed++) outcomes.push(await hostileOutcome(seed));
  const wrong = outcomes.filter(({ wrongs }) => wrongs.length > 0);
  expect(wrong.map(({ seed, status, wrongs }) => `${seed} ${status}: ${wrongs.join("; ")}`)).toEqual([]);
  expect(outcomes.filter(({ seconds }) => seconds > SECONDS)).toEqual([]);
  // The economies are hostile, not hopeless, and few are refused.
  const counts = countByStatus(outcomes);
  expect(counts.get("refused") ?? 0).toBeLessThan(0.1 * ECONOMIES);
  expect(counts.get("solved") ?? 0).toBeGreaterThan(0.5 * ECONOMIES);
  expect(counts.get("slo-unaffordable") ?? 0).toBeGreaterThan(20);
});

/** All values of a key, anywhere in a spec. */
function valuesOf(key: RegExp, spec: unknown): unknown[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([name, value]) => [
    ...(key.test(name) ? [value] : []),
    ...valuesOf(key, value),
  ]);
}

const specs = Array.from({ length: 300 }, (_, seed) => hostileSpec(seed));
/** In how many of the economies some value of the key is as told. */
const occurs = (key: RegExp, is: (value: never) => boolean): number =>
  specs.filter((spec) => valuesOf(key, spec).some(is as (value: unknown) => boolean)).length;

test("the hostile economies are drawn from the seed alone", () => {
  for (const seed of [0, 1, 17, 1999]) expect(hostileSpec(seed)).toEqual(hostileSpec(seed));
  expect(new Set(specs.map((spec) => JSON.stringify(spec))).size).toBe(specs.length);
});

test("every hostility that the issue names occurs", () => {
  const often = (count: number): void => expect(count).toBeGreaterThanOrEqual(5);
  for (const value of [0, 1e-3, 0.1, 0.999, 1, 1.001, 3, 8, 50]) {
    often(occurs(/^(elasticity|\w+_elasticity)$/, (sigma: number) => sigma === value));
  }
  for (const family of ["ellipsoid", "hull", "frontier"])
    often(occurs(/^set$/, (set: string) => set === family));
  often(occurs(/^modes$/, (modes: object[]) => modes.length > 1));
  often(occurs(/^smoothing$/, (smoothing: number) => smoothing === 0));
  for (const near of [1e-3, 0.999]) often(occurs(/^returns$/, (returns: number) => returns === near));
  often(occurs(/^(inputs|metrics|next|entry)$/, (weights: object) => Object.values(weights).includes(1e-12)));
  often(occurs(/^discount$/, (rho: unknown) => Array.isArray(rho) && rho.filter((x) => x === 0).length > 1));
  often(occurs(/^dag$/, () => true));
  often(occurs(/^root$/, () => true));
  for (const count of [1, 2, 3, 4]) {
    often(occurs(/^orchestrators$/, (all: object) => Object.keys(all).length === count));
  }
  for (const rule of ["midpoint", "gauss-legendre"]) often(occurs(/^rule$/, (of: string) => of === rule));
  for (const nodes of [1, 12]) often(occurs(/^nodes$/, (of: number) => of === nodes));
});

/** The mean of a series as it is written. */
function meanOf(series: unknown): number {
  const values: number[] =
    typeof series === "number"
      ? [series]
      : Array.isArray(series)
        ? series
        : (series as { values: number[] }).values;
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Each floor on something owned, in units of what is owned of it. */
function floorRatios({ orchestrators }: EconomyDefinition): number[] {
  return Object.values(orchestrators).flatMap(({ floors = {}, endowment = {} }) =>
    Object.keys(floors)
      .filter((m) => Object.hasOwn(endowment, m))
      .map((m) => meanOf(floors[m]) / meanOf(endowment[m])),
  );
}

test("floors lie at the edge of what is owned, on both sides; endowments span six decades; goods and agents lie idle", () => {
  const ratios = specs.flatMap(floorRatios);
  for (const edge of [0.99, 1, 1.01]) {
    expect(ratios.filter((ratio) => Math.abs(ratio - edge) < 1e-9).length).toBeGreaterThanOrEqual(5);
  }
  const endowments = specs.flatMap(({ orchestrators }) =>
    Object.values(orchestrators).flatMap(({ endowment = {} }) =>
      Object.values(endowment).filter((series) => typeof series === "number"),
    ),
  );
  expect(Math.max(...endowments) / Math.min(...endowments)).toBeGreaterThan(1e5);
  const idle = specs.filter((spec) =>
    defineEconomy(spec).warnings.some(({ found }) => found.startsWith("an agent that supplies nothing")),
  );
  expect(idle.length).toBeGreaterThanOrEqual(5);
});
