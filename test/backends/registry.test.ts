import { describe, expect, test } from "vitest";
import { openMarket } from "../../src/backends/registry.js";
import { defineEconomy, type Economy, reference, solve } from "../../src/index.js";
import { CesPreferences } from "../../src/preferences/ces-preferences.js";

/** A CES nest over two goods, handed in as if it were the user's own: there is no graph for kernels to sweep. */
function written(): Economy {
  return defineEconomy({
    commodities: { x: {}, y: {} },
    orchestrators: {
      o: {
        endowment: { x: 1, y: 3 },
        preferences: {
          written: {
            commodities: ["x", "y"],
            elasticity: 2,
            build: (grid, intensity) =>
              new CesPreferences(
                {
                  preferences: {
                    leaves: Int32Array.of(0, 1),
                    nodes: [
                      {
                        name: "u",
                        elasticity: 2,
                        children: Int32Array.of(0, 1),
                        weights: Float64Array.of(0.5, 0.5),
                      },
                    ],
                    routing: [],
                  },
                  intensity,
                  intertemporalElasticity: 1,
                },
                grid,
              ),
          },
        },
      },
    },
  });
}

describe("preferences written in code", () => {
  test("are left to the reference by auto, and the result says so", async () => {
    const solution = await solve(written());
    expect([solution.status, solution.backend]).toEqual(["solved", "reference"]);
    // p_x/p_y = (y/x)^(1/σ)
    expect(solution.prices.data[0] / solution.prices.data[1]).toBeCloseTo(Math.sqrt(3), 8);
  });

  test("are refused by wasm when it is asked for, with who and what to do", () => {
    expect(() => openMarket("wasm", written())).toThrow(/preferences of "o".*--backend reference/s);
  });
});

test("a backend given as an object is the one that is used", () => {
  expect(openMarket(reference(), written()).backend.name).toBe("reference");
});
