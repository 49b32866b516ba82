import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import type { EconomySpec } from "../../src/economy/schema.js";
import { allEquilibria } from "../../src/solve/all-equilibria.js";
import { certify } from "../../src/solve/certify.js";
import { characterOf } from "../../src/solve/equilibria/character.js";
import { Collection } from "../../src/solve/equilibria/collection.js";
import { groupsOf } from "../../src/solve/equilibria/groups.js";
import { Hunt } from "../../src/solve/equilibria/hunt.js";
import { search } from "../../src/solve/equilibria/search.js";
import { toResult } from "../../src/solve/result.js";
import type { Solution } from "../../src/solve/solution.js";
import { hilbert } from "../support/prices.js";
import { sharedCases } from "../support/require.js";
import { patternRoots, relativePrices } from "./equilibria/by-hand.js";
import {
  blocks,
  CRITICAL,
  ces,
  chain,
  exchange,
  nearlyCritical,
  pairs,
  symmetric,
  twoTastes,
} from "./equilibria/economies.js";

/** Every known equilibrium is listed, nothing else is, and the indices sum to +1. */
function expectExactly(solution: Solution, known: readonly (readonly number[])[], within = 1e-9): void {
  const { equilibria = [] } = solution;
  expect(solution.status).toBe("solved");
  expect(equilibria).toHaveLength(known.length);
  const nearest = known.map((prices) => {
    const distances = equilibria.map(({ prices: { data } }) =>
      hilbert(data.map(Math.log), prices.map(Math.log)),
    );
    const best = distances.reduce((k, x, j) => (x < distances[k] ? j : k), 0);
    expect(distances[best]).toBeLessThan(within);
    return best;
  });
  expect(new Set(nearest).size).toBe(known.length);
  expect(solution.indexSum).toBe(1);
}

const folder = sharedCases();
describe.skipIf(folder === null)("economies with known equilibria (../shared/cases)", () => {
  const files = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".json"));

  test.each(files)("%s: all of them, with their indices, and no other", async (file) => {
    interface Case {
      readonly economy: EconomySpec;
      readonly answers: readonly (readonly number[])[];
      readonly index?: readonly number[];
    }
    const { economy, answers, index }: Case = JSON.parse(readFileSync(join(folder as string, file), "utf8"));
    const solution = await allEquilibria(defineEconomy(economy));
    expectExactly(solution, answers);
    const { equilibria = [] } = solution;
    expect(solution.prices.data).toEqual(equilibria[0].prices.data);
    for (const [k, expected] of (index ?? []).entries()) {
      const near = (data: Float64Array) => hilbert(data.map(Math.log), answers[k].map(Math.log)) < 1e-9;
      expect(equilibria.find(({ prices }) => near(prices.data))?.index).toBe(expected);
    }
  });
});

describe("two goods", () => {
  test("exercise 15.B.6 of Mas-Colell, Whinston and Green: p₁/p₂ = 27/64, 1, 64/27", async () => {
    const solution = await allEquilibria(pairs([{ centre: 0, sigma: 1 / 3, w: 12 / 37 }]));
    expectExactly(solution, [
      [27, 64],
      [1, 1],
      [64, 27],
    ]);
    for (const { index, stability } of solution.equilibria ?? []) {
      expect(stability).toBe(index === 1 ? "stable" : "unstable");
    }
  });

  // Some are e²³ away from relative price 1.
  test("fifteen, from four pairs of such consumers side by side", async () => {
    const all = chain(4, 14, 0.2, 0.5);
    const roots = relativePrices(all);
    expect(roots).toHaveLength(15);
    const solution = await allEquilibria(pairs(all));
    expectExactly(
      solution,
      roots.map((s) => [Math.exp(s), 1]),
      1e-8,
    );
    const ascending = [...(solution.equilibria ?? [])].sort((a, b) => ratio(a) - ratio(b));
    expect(ascending.map(({ index }) => index)).toEqual(roots.map((_, k) => (k % 2 === 0 ? 1 : -1)));
  });

  test("as many as the textbook's formula has zeros, in random economies", async () => {
    const pair = fc.record({
      centre: fc.double({ min: -12, max: 12, noNaN: true }),
      sigma: fc.double({ min: 0.15, max: 0.6, noNaN: true }),
      w: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 3 }), async (all) => {
        const roots = relativePrices(all);
        fc.pre(roots.every((s, k) => k === 0 || s - roots[k - 1] > 0.05));
        expectExactly(
          await allEquilibria(pairs(all)),
          roots.map((s) => [Math.exp(s), 1]),
          1e-6,
        );
      }),
      { numRuns: 8 },
    );
  });

  test.each([1e-4, 1e-8, 1e-12])("a pair of equilibria about √%s apart is told apart", async (below) => {
    const { equilibria = [], indexSum } = await allEquilibria(nearlyCritical(CRITICAL * (1 - below)));
    expect(equilibria.map(({ index }) => index).sort()).toEqual([-1, 1, 1]);
    expect(indexSum).toBe(1);
  });

  test("where they meet there is one, critical, and beyond that none", async () => {
    const at = await allEquilibria(nearlyCritical(CRITICAL));
    expect(at.equilibria?.map(({ index }) => index).sort()).toEqual([0, 1]);
    expect(at.equilibria?.find(({ index }) => index === 0)?.stability).toBe("neutral");
    const beyond = await allEquilibria(nearlyCritical(CRITICAL * (1 + 1e-4)));
    expect(beyond.equilibria?.map(({ index }) => index)).toEqual([1]);
  });

  test("where three meet there is one", async () => {
    const economy = (w: number) => pairs([{ centre: 0, sigma: 1 / 3, w }]);
    let [low, high] = [0.3, 0.8];
    for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2;
      const { index } = await characterOf(economy(middle), Float64Array.of(1, 1));
      if (index === 1) high = middle;
      else low = middle;
    }
    const { equilibria = [] } = await allEquilibria(economy(high));
    expect(equilibria).toHaveLength(1);
    expect((await allEquilibria(economy(0.99 * low))).equilibria).toHaveLength(3);
  });

  test("equilibria with a free good are equilibria", async () => {
    const leontief = exchange(["x", "y"], {
      a: { endowment: { x: 1 }, preferences: ces(0, { x: 2, y: 1 }) },
      b: { endowment: { y: 1 }, preferences: ces(0, { x: 1, y: 2 }) },
    });
    const { equilibria = [], indexSum } = await allEquilibria(leontief);
    const found = equilibria.map(({ prices, index }) => [
      ...prices.data.map((p) => Number(p.toFixed(9))),
      index,
    ]);
    expect(found).toEqual([
      [1, 1, -1],
      [0, 2, 1],
      [2, 0, 1],
    ]);
    expect(indexSum).toBe(1);
    expect(equilibria.map(({ foundBy }) => foundBy)).toEqual(["solve", "scan", "scan"]);
    expect(equilibria[1].certificate.free).toEqual([{ commodity: "x", nodes: [0] }]);
  });
});

function ratio({ prices: { data } }: { prices: { data: Float64Array } }): number {
  return Math.log(data[0] / data[1]);
}

describe("more goods", () => {
  test("fifteen of four goods that are each dear or cheap", async () => {
    const known = patternRoots(4, 0.3, 0.1);
    expect(known).toHaveLength(15);
    const solution = await allEquilibria(symmetric(4, 0.3, 0.1));
    expectExactly(solution, known);
    // Listed by the first price, the second, …, to six digits.
    const [, ...others] = (solution.equilibria ?? []).map(({ prices }) =>
      Array.from(prices.data, (p) => p.toFixed(6)).join(),
    );
    expect(others).toEqual([...others].sort());
  });

  test("three times seven, of two economies that hardly know of each other", async () => {
    const all = [chain(1, 1, 1 / 3, 0.2), chain(2, 14, 0.2, 0.5)];
    const [first, second] = all.map(relativePrices);
    const { equilibria = [], indexSum } = await allEquilibria(blocks(all, 1e-5));
    expect([first.length, second.length, equilibria.length, indexSum]).toEqual([3, 7, 21, 1]);
    const nearest = (roots: readonly number[], s: number) =>
      roots.reduce((best, root, k) => (Math.abs(root - s) < Math.abs(roots[best] - s) ? k : best), 0);
    const combinations = equilibria.map(({ prices: { data } }) =>
      [nearest(first, Math.log(data[0] / data[1])), nearest(second, Math.log(data[2] / data[3]))].join(),
    );
    expect(new Set(combinations).size).toBe(21);
  });

  test("Scarf's economy has one, neutral, though tâtonnement orbits it", async () => {
    const people = { a: ["x", "y"], b: ["y", "z"], c: ["z", "x"] };
    const scarf = exchange(
      ["x", "y", "z"],
      Object.fromEntries(
        Object.entries(people).map(([name, [own, other]]) => [
          name,
          { endowment: { [own]: 1 }, preferences: ces(0, { [own]: 1, [other]: 1 }) },
        ]),
      ),
    );
    const start = { grid: null, prices: new Map([["x", Float64Array.of(0.3)]]) };
    const solution = await allEquilibria(scarf, { solver: "tatonnement", start });
    expectExactly(solution, [[1, 1, 1]]);
    expect(solution.equilibria?.[0]).toMatchObject({ index: 1, stability: "neutral" });
  });
});

/** What `search` alone finds, in the same order. */
async function searched(economy: Economy, seed: number): Promise<Collection> {
  const hunt = new Hunt(economy, 0.5, 1e-8, 1e-11, seed);
  const collection = new Collection(hunt);
  await search(hunt, collection, groupsOf(economy));
  return collection;
}

describe("two tastes: all distributions of income", () => {
  test("a scan of incomes and a search in prices find the same three", async () => {
    const economy = twoTastes();
    expect(groupsOf(economy)).toHaveLength(2);
    const solution = await allEquilibria(economy);
    expect(solution.message).toContain("All distributions of income were scanned");
    const other = await searched(economy, 3);
    expect(other.found).toHaveLength(3);
    expectExactly(
      solution,
      other.found.map(({ prices }) => [...prices]),
    );
  });
});

describe("where a theorem leaves one", () => {
  const two = (sigma: number, more: object = {}) =>
    exchange(["x", "y", "z"], {
      a: { endowment: { x: 1, z: 1 }, preferences: ces(sigma, { x: 1, y: 2, z: 1 }), ...more },
      b: { endowment: { y: 1 }, preferences: ces(sigma + 1, { x: 2, y: 1, z: 2 }) },
    });

  test("gross substitutes: no search is made", async () => {
    const solution = await allEquilibria(two(1.5));
    expect(solution.message).toContain("gross substitutes");
    expect(solution.equilibria).toHaveLength(1);
    expect(solution.evaluations).toBeLessThan(100);
  });

  test("not where somebody has complements, or floors", async () => {
    expect((await allEquilibria(two(0.5))).message).not.toContain("There is no other");
    expect((await allEquilibria(two(1.5, { floors: { y: 0.1 } }))).message).not.toContain(
      "There is no other",
    );
  });

  test("one orchestrator with smooth demand; but a kink may support many prices", async () => {
    const smooth = exchange(["x", "y"], {
      a: { endowment: { x: 1, y: 2 }, preferences: ces(0.5, { x: 1, y: 1 }) },
    });
    expect((await allEquilibria(smooth)).message).toContain("T2");
    const kink = exchange(["x", "y"], {
      a: { endowment: { x: 1, y: 1 }, preferences: ces(0, { x: 1, y: 1 }) },
    });
    const { message, equilibria = [], indexSum } = await allEquilibria(kink);
    expect(message).toMatch(/sum to 0, not \+1: .* critical .* continuum/u);
    expect(equilibria.every(({ index, stability }) => index === 0 && stability === "neutral")).toBe(true);
    expect(indexSum).toBe(0);
  });
});

describe("what cannot be all", () => {
  test("economies that nothing links: a continuum, said plainly, and few of its points", async () => {
    const {
      message,
      equilibria = [],
      indexSum,
    } = await allEquilibria(blocks([chain(1, 1, 1 / 3, 0.2), chain(1, 1, 1 / 3, 0.2)], 0));
    expect(message).toMatch(/sum to 0, not \+1: \d+ are critical .* continuum/u);
    expect(equilibria.length).toBeLessThan(10);
    expect(indexSum).toBe(0);
  });

  test("cancelled: what was found stands", async () => {
    const controller = new AbortController();
    let found = 0;
    const solution = await allEquilibria(symmetric(4, 0.3, 0.1), {
      signal: controller.signal,
      onStep: ({ note }) => {
        if (note?.includes("another equilibrium") && ++found === 3) controller.abort();
      },
    });
    expect(solution.status).toBe("cancelled");
    expect(solution.message).toContain("was cancelled");
    expect(solution.equilibria?.length).toBeGreaterThan(3);
    expect(solution.equilibria?.length).toBeLessThan(15);
    expect(solution.certificate.clearing).toBeLessThan(1e-8);
    expect(solution.indexSum).not.toBe(1);
  });

  test("floors that nobody can pay: none", async () => {
    const economy = exchange(["x", "y"], {
      a: { endowment: { x: 1, y: 1 }, floors: { x: 2 }, preferences: ces(1, { x: 1, y: 1 }) },
    });
    const solution = await allEquilibria(economy);
    expect(solution).toMatchObject({ status: "slo-unaffordable", equilibria: [], indexSum: 0 });
  });
});

describe("the result", () => {
  test("the same seed gives the same file; another one the same equilibria", async () => {
    const economy = symmetric(3, 0.3, 0.1);
    const file = async (seed: number) => {
      const { seconds: _, trace, ...rest } = toResult(await allEquilibria(economy, { seed }));
      return { ...rest, trace: trace.map(({ seconds: _s, ...record }) => record) };
    };
    const [one, same, other] = [await file(1), await file(1), await file(2)];
    expect(same).toEqual(one);
    expect(one.equilibria).toHaveLength(7);
    expect(other.equilibria?.map(({ index }) => index)).toEqual(one.equilibria?.map(({ index }) => index));
    expect(one.trace.at(-1)?.step).toBe(one.steps);
    expect(one.trace.filter(({ note }) => note?.startsWith("another equilibrium"))).toHaveLength(6);
  });

  test("certify recomputes every equilibrium and the sum", async () => {
    const economy = pairs([{ centre: 0, sigma: 1 / 3, w: 0.2 }]);
    const file = toResult(await allEquilibria(economy));
    const [a, b, c] = file.equilibria!;
    const failures = async (changed: object) => {
      const report = await certify(economy, { ...file, ...changed });
      return report.failures.map(({ item, where }) => `${item} ${where}`);
    };
    expect(await failures({})).toEqual([]);
    expect(await failures({ equilibria: [a, { ...b, index: -1 }, c] })).toEqual([
      "equilibria equilibria[1].index",
    ]);
    expect(await failures({ equilibria: [a, { ...b, stability: "neutral" }, c] })).toEqual([
      "equilibria equilibria[1].stability",
    ]);
    expect(await failures({ index_sum: 3 })).toEqual(["equilibria index_sum"]);
    expect(await failures({ equilibria: [a, b] })).toEqual(["equilibria index_sum"]);
    expect(await failures({ equilibria: [a, b, b], index_sum: 1 })).toEqual(["equilibria equilibria[2]"]);
    expect((await failures({ equilibria: [b, a, c] }))[0]).toContain("equilibria[0].prices");
    const moved = { ...b, prices: { ...b.prices, x: 1.001 * (b.prices.x as number) } };
    expect(await failures({ equilibria: [a, moved, c] })).toContainEqual(
      expect.stringContaining("equilibria[1].certificate.clearing"),
    );
    const { x: _, ...lacking } = b.prices;
    expect((await failures({ equilibria: [a, { ...b, prices: lacking }, c] }))[0]).toContain(
      "equilibria[1].prices.x",
    );
    const told = { ...b, utility: { ...b.utility, o0: 7 } };
    expect((await failures({ equilibria: [a, told, c] }))[0]).toContain("equilibria[1].utility.o0");
  });
});
