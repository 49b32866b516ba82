import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";

const wants = (inputs: Record<string, number>, elasticity: number) => ({
  root: "u",
  nodes: { u: { elasticity, inputs } },
});

describe("the default step λ = 1/(σ_max + e_S)", () => {
  const market = (elasticity: number, owners: Record<string, Record<string, number>>) =>
    new ReferenceMarket(
      defineEconomy({
        commodities: { x: {}, y: {} },
        orchestrators: Object.fromEntries(
          Object.entries(owners).map(([name, endowment], i) => [
            name,
            { endowment, preferences: wants({ x: 1, y: 1 + i }, elasticity) },
          ]),
        ),
      }),
    );

  test("is 1/(0 + 1) for one orchestrator of complements, 1/(3 + 1) for substitutes", () => {
    expect(market(0, { a: { x: 1, y: 1 } }).hints.step).toBe(1);
    expect(market(3, { a: { x: 1, y: 1 } }).hints.step).toBe(1 / 4);
  });

  test("counts σ_max as at least 1 where incomes differ: what each earns moves what it buys", () => {
    expect(market(0, { a: { x: 1 }, b: { y: 1 } }).hints.step).toBe(1 / 2);
    expect(market(3, { a: { x: 1 }, b: { y: 1 } }).hints.step).toBe(1 / 4);
  });
});

test("a priced good that is merely not quite cleared is not frozen, however nearly all else clears", () => {
  const market = new ReferenceMarket(
    defineEconomy({
      commodities: { x: {}, y: {} },
      orchestrators: { main: { endowment: { x: 1, y: 2 }, preferences: wants({ x: 1, y: 1 }, 1) } },
    }),
  );
  // x = 1, y = ½ clears; here y is in excess supply by about 1e-10, above the tolerance, below ten times it.
  const q = Float64Array.of(Math.log(2), 3e-10);
  const { clearing } = market.residual(q, market.create());
  expect(clearing).toBeGreaterThan(5e-11);
  expect(market.settleFree(5e-11)).toBe(0);
});
