import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { contractionBound } from "../../src/contraction/bound.js";
import { spectralInterval } from "../../src/contraction/interval.js";
import type { NestGraph } from "../../src/economy/economy.js";
import { defineEconomy, type EconomySpec, solve, type WritePreferences } from "../../src/index.js";
import { CesPreferences } from "../../src/preferences/ces-preferences.js";
import { createGrid, type Grid } from "../../src/time/grid.js";
import { requireOrSkip } from "../support/require.js";

const root = join(import.meta.dirname, "..", "..");

describe("production sets and preferences that the user writes", () => {
  const center = (grid: Grid) => Float64Array.from({ length: 2 * grid.nodes }, (_, k) => 1 + (k % 3));

  /** A point, written by hand. */
  const build = (grid: Grid) => {
    const y = center(grid);
    const value = (p: Float64Array) =>
      p.reduce((sum, x, k) => sum + grid.weights[k % grid.nodes] * x * y[k], 0);
    return {
      family: "mine",
      metrics: 2,
      nodes: grid.nodes,
      profit: value,
      supply: (_p: Float64Array, out: Float64Array) => out.set(y),
      supplyDerivative: (_p: Float64Array, _dp: Float64Array, out: Float64Array) => void out.fill(0),
      gap: (z: Float64Array) => Math.max(...z.map((x, k) => Math.abs(x - y[k]))),
      bounds: () => ({ lower: y, upper: y }),
    };
  };

  /** A CES nest handed in as if it were the user's own. */
  const nest: WritePreferences = (grid, intensity) => {
    const graph: NestGraph = {
      leaves: Int32Array.of(0, 1),
      nodes: [
        { name: "u", elasticity: 2, children: Int32Array.of(0, 1), weights: Float64Array.of(0.4, 0.6) },
      ],
      routing: [],
    };
    return new CesPreferences({ preferences: graph, intensity, intertemporalElasticity: 1 }, grid);
  };
  const written = (change: object = {}) => ({
    time: { horizon: 3, nodes: 5 },
    agents: { a: { production: { set: "written" as const, metrics: ["x", "y"], build } } },
    orchestrators: {
      o: { preferences: { written: { commodities: ["a/x", "a/y"], elasticity: 2, build: nest } } },
    },
    ...change,
  });

  test("give what the same economy in the file's own terms gives, certified", async () => {
    const grid = createGrid({ horizon: 3, nodes: 5 });
    const plain: EconomySpec = {
      format: "walras/1",
      time: { horizon: 3, nodes: 5 },
      agents: {
        a: {
          production: {
            set: "ellipsoid",
            center: { x: center(grid).slice(0, 5), y: center(grid).slice(5) },
          },
        },
      },
      orchestrators: {
        o: {
          preferences: { root: "u", nodes: { u: { elasticity: 2, inputs: { "a/x": 0.4, "a/y": 0.6 } } } },
        },
      },
    };
    const [mine, theirs] = [await solve(defineEconomy(written())), await solve(defineEconomy(plain))];
    expect(mine.status).toBe("solved");
    mine.prices.data.forEach((p, i) => {
      expect(p).toBeCloseTo(theirs.prices.data[i], 9);
    });
  });

  test("are on other grids what they are there", async () => {
    const solution = await solve(defineEconomy(written()).onGrid({ nodes: 11, rule: "gauss-legendre" }));
    expect(solution.status).toBe("solved");
  });

  test("no theorem is claimed of them", () => {
    const economy = defineEconomy(written());
    expect(contractionBound(economy, 0.1).why).toMatch(/user-written/);
    expect(spectralInterval(economy).why).toMatch(/user-written/);
  });

  test("what does not fit is refused, with its path", () => {
    const agent = (production: object) => written({ agents: { a: { production } } }) as never;
    expect(() => defineEconomy(agent({ set: "written", metrics: ["x"], build }))).toThrow(
      /agents\.a\.production\.build: found a set of 2 metrics × 5 nodes, expected 1 metrics × 5 nodes/,
    );
    expect(() => defineEconomy(agent({ set: "written", metrics: ["x", "y"], build: () => ({}) }))).toThrow(
      /found a set without profit, supply/,
    );
    expect(() => defineEconomy(agent({ set: "written", metrics: ["x", "y"], build: 3 }))).toThrow(
      /a function, in code/,
    );
    const preferences = { written: { commodities: ["a/x", "a/z", "a/x"], build: nest } };
    expect(() => defineEconomy(written({ orchestrators: { o: { preferences } } }) as never)).toThrow(
      /unknown name "a\/z"[\s\S]*"a\/x" again/,
    );
  });

  test("a lie is caught: a set that says it makes more than it can is not certified", async () => {
    const lying = (grid: Grid) => ({
      ...build(grid),
      profit: (p: Float64Array) => 1.01 * build(grid).profit(p),
    });
    const production = { set: "written" as const, metrics: ["x", "y"], build: lying };
    const solution = await solve(defineEconomy(written({ agents: { a: { production } } })));
    expect(solution.status).not.toBe("solved");
  });
});

describe("the examples", () => {
  if (!requireOrSkip("dist/ (npm run build)", existsSync(join(root, "dist", "index.js")))) return;
  test.each(["own-set.mjs", "own-preferences.mjs"])("%s runs, solved", async (name) => {
    const { stdout } = await promisify(execFile)(process.execPath, [join("examples", name)], { cwd: root });
    expect(stdout).toMatch(/^solved/);
  });
});
