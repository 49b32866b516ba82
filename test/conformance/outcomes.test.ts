import { describe, expect, test } from "vitest";
import {
  defineEconomy,
  type Economy,
  InputError,
  openBackend,
  type Solution,
  solve,
} from "../../src/index.js";
import { dagSpec } from "../support/dag-economies.js";
import { randomSpec } from "../support/economies.js";
import { hostileSpec } from "../support/hostile.js";

/** Backends in float64: a solve is the same on all of them. */
const NAMES = ["wasm"];
const CLOSE = 1e-9;
/** Enough that those end where rounding leads two of them different ways. */
const MOST_STEPS = 3000;

const economies: readonly Economy[] = [
  ...seeds(12, (seed) =>
    randomSpec(seed, {
      agents: 2 + (seed % 6),
      nodes: 1 + (seed % 5),
      orchestrators: 1 + (seed % 3),
      floors: seed % 2 === 0,
      rule: seed % 4 === 0 ? "gauss-legendre" : "midpoint",
    }),
  ),
  ...seeds(8, (seed) => dagSpec(seed, { agents: 6, metrics: 2, nodes: 6, family: "mixed", floors: 0.3 })),
  ...seeds(44, hostileSpec),
];

function seeds(count: number, spec: (seed: number) => Parameters<typeof defineEconomy>[0]): Economy[] {
  return Array.from({ length: count }, (_, seed) => seed).flatMap((seed) => {
    try {
      return [defineEconomy(spec(seed))];
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  });
}

describe.each(NAMES)("a solve on %s ends as on the reference", (backend) => {
  test("there are enough", () => expect(economies.length).toBeGreaterThanOrEqual(60));

  test.each(economies.map((economy, k) => [`${k} ${economy.name}`, economy] as const))(
    "%s",
    async (_, economy) => {
      const options = { maxSteps: MOST_STEPS };
      const expected = await solve(economy, { ...options, backend: "reference" });
      const found = await solve(economy, { ...options, backend });
      expect(found.backend).toBe(backend);
      expect(found.status).toBe(expected.status);
      if (expected.status === "solved") expect(apart(found, expected)).toBeLessThan(CLOSE);
    },
  );

  test("a market a thousand times over: memories are given back", () => {
    const [economy] = economies;
    for (let k = 0; k < 1000; k++) openBackend(backend).open(economy).dispose();
  });
});

/** Largest difference of prices, mean 1. */
function apart(a: Solution, b: Solution): number {
  return a.prices.data.reduce((most, p, i) => Math.max(most, Math.abs(p - b.prices.data[i])), 0);
}
