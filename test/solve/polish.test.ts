import { describe, expect, test } from "vitest";
import { defineEconomy, InputError, solve } from "../../src/index.js";
import { FAMILIES, randomSpec } from "../support/economies.js";

/** Of moderate elasticities: where float32 is good for something. */
const economies = [1, 2, 3, 4, 5, 6].map((seed) =>
  defineEconomy(
    randomSpec(seed, {
      agents: 6,
      metrics: 3,
      nodes: 24,
      families: FAMILIES,
      orchestrators: 1 + (seed % 3),
      elasticity: [0.3, 4],
    }),
  ),
);

describe("float32", () => {
  test("beyond its reach an answer is finished in float64: as good, and the same", async () => {
    for (const economy of economies) {
      const [single, double] = [await solve(economy, { precision: "float32" }), await solve(economy)];
      expect([single.status, single.precision]).toEqual(["solved", "float64"]);
      expect(single.certificate.clearing).toBeLessThanOrEqual(1e-8);
      const notes = single.trace.map(({ note }) => note ?? "").join("\n");
      expect(notes).toContain("in float32");
      expect(notes).toContain("in float64, from the solution in float32");
      expect(single.trace.map(({ step }) => step)).toEqual([...single.trace.keys()]);
      expect(single.evaluations).toBe(single.trace.at(-1)?.evaluations);
      expect(apart(single.prices.data, double.prices.data)).toBeLessThan(1e-7);
    }
  });

  test("within its reach it is the answer, and says so", async () => {
    for (const economy of economies) {
      const single = await solve(economy, { precision: "float32", tolerance: 3e-5 });
      expect([single.status, single.precision]).toEqual(["solved", "float32"]);
      const double = await solve(economy);
      expect(apart(single.prices.data, double.prices.data)).toBeLessThan(1e-4);
    }
  });

  test("a checkpoint is of the float64 part, and goes on from there", async () => {
    const saved: { readonly run: object }[] = [];
    const options = { precision: "float32" } as const;
    const whole = await solve(economies[0], {
      ...options,
      checkpoint: { save: (checkpoint) => saved.push(structuredClone(checkpoint)), interval: 0 },
    });
    expect(saved.length).toBeGreaterThan(0);
    const resumed = await solve(economies[0], { ...options, resume: saved[0] as never });
    expect(resumed.status).toBe("solved");
    expect(apart(resumed.prices.data, whole.prices.data)).toBeLessThan(1e-9);
  });

  test("the reference has none, and another precision there is not", async () => {
    const asked = solve(economies[0], { backend: "reference", precision: "float32" });
    await expect(asked).rejects.toThrow(/precision.*float64 with the reference backend/s);
    await expect(solve(economies[0], { precision: "float16" as never })).rejects.toThrow(InputError);
  });
});

/** Farthest log prices. */
function apart(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => (x === b[i] ? most : Math.max(most, Math.abs(Math.log(x / b[i])))), 0);
}
