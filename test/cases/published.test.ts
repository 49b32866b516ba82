import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { EconomySpec } from "../../src/economy/schema.js";
import { defineEconomy, solve } from "../../src/index.js";
import { sharedCases } from "../support/require.js";

interface Case {
  readonly economy: EconomySpec & { commodities: Record<string, object> };
  readonly answers: readonly (readonly number[])[];
}

/** Largest relative difference of prices from the nearest known equilibrium, both scaled to sum 1. */
function distance(prices: ArrayLike<number>, answers: Case["answers"]): number {
  const scaled = (p: ArrayLike<number>): number[] => {
    const sum = Array.from(p).reduce((total, x) => total + x, 0);
    return Array.from(p, (x) => x / sum);
  };
  const p = scaled(prices);
  return Math.min(
    ...answers.map((answer) => Math.max(...scaled(answer).map((x, m) => Math.abs(p[m] / x - 1)))),
  );
}

const folder = sharedCases();
describe.skipIf(folder === null)("economies with known equilibria (../shared/cases)", () => {
  const files = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".json"));
  const load = (file: string): Case => JSON.parse(readFileSync(join(folder as string, file), "utf8"));

  test.each(files)("%s is solved to 1e-9 relative in prices", async (file) => {
    const { economy, answers } = load(file);
    const solution = await solve(defineEconomy(economy), { tolerance: 1e-9 });
    expect(solution.message).toContain("the verifier agrees");
    expect(solution.status).toBe("solved");
    expect(distance(solution.prices.data, answers)).toBeLessThan(1e-9);
  });

  test.each(files)("%s is solved from a start far from equilibrium", async (file) => {
    const { economy, answers } = load(file);
    const names = Object.keys(economy.commodities);
    const start = new Map(names.map((name, m) => [name, Float64Array.of(1 + 3 * ((m * 7) % 5))]));
    const solution = await solve(defineEconomy(economy), {
      tolerance: 1e-9,
      start: { grid: null, prices: start },
    });
    expect(solution.status).toBe("solved");
    expect(distance(solution.prices.data, answers)).toBeLessThan(1e-8);
  });
});

/** Scarf's economies in our own numbers: complements in pairs, each consumer owning one good. */
function scarf(
  owned: readonly [string, string, string],
  proportions: readonly [number, number, number],
): EconomySpec {
  const [x, y, z] = proportions;
  const goods = { x, y, z };
  const pairs = [
    ["x", "y"],
    ["y", "z"],
    ["x", "z"],
  ] as const;
  return {
    format: "walras/1",
    commodities: { x: {}, y: {}, z: {} },
    orchestrators: Object.fromEntries(
      pairs.map((pair, i) => [
        `c${i}`,
        {
          endowment: { [owned[i]]: goods[owned[i] as keyof typeof goods] },
          preferences: {
            root: "u",
            nodes: { u: { elasticity: 0, inputs: Object.fromEntries(pair.map((g) => [g, goods[g]])) } },
          },
        },
      ]),
    ),
  };
}

describe("Scarf (1960)", () => {
  const orbiting = defineEconomy(scarf(["x", "y", "z"], [1, 1, 1]));
  const start = {
    grid: null,
    prices: new Map([
      ["x", Float64Array.of(0.5)],
      ["y", Float64Array.of(0.3)],
      ["z", Float64Array.of(0.2)],
    ]),
  };

  for (const solver of ["tatonnement", "additive"]) {
    test.each([0.05, 0.2, undefined])(`${solver} is cycling at λ = %s`, async (step) => {
      const solution = await solve(orbiting, { solver, step, start });
      expect(solution.status).toBe("cycling");
      expect(solution.certificate.clearing).toBeGreaterThan(1e-3);
    });
  }

  test("auto finds the equilibrium that tâtonnement orbits", async () => {
    const solution = await solve(orbiting, { start });
    expect(solution.status).toBe("solved");
    expect(distance(solution.prices.data, [[1, 1, 1]])).toBeLessThan(1e-9);
  });

  test("with endowments permuted tâtonnement converges, damped or not", async () => {
    const stable = defineEconomy(scarf(["z", "x", "y"], [10, 20, 400]));
    for (const options of [
      { solver: "tatonnement" },
      { solver: "tatonnement", step: 0.05 },
      { solver: "auto" },
    ]) {
      const solution = await solve(stable, options);
      expect(solution.status).toBe("solved");
      expect(distance(solution.prices.data, [[40, 20, 1]])).toBeLessThan(1e-8);
    }
  });
});
