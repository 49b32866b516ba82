import { describe, expect, test } from "vitest";
import type { Economy } from "../../../src/economy/economy.js";
import { ReferenceMarket } from "../../../src/market/reference.js";
import { characterOf } from "../../../src/solve/equilibria/character.js";
import { Collection } from "../../../src/solve/equilibria/collection.js";
import { Curves } from "../../../src/solve/equilibria/curves.js";
import { FixedIncomes } from "../../../src/solve/equilibria/fixed-incomes.js";
import { groupsOf } from "../../../src/solve/equilibria/groups.js";
import { Hunt } from "../../../src/solve/equilibria/hunt.js";
import { spread } from "../../../src/solve/equilibria/starts.js";
import { deflation } from "../../../src/solvers/deflation.js";
import { newtonKrylov } from "../../../src/solvers/newton-krylov.js";
import { deflationFactor } from "../../../src/solvers/parts/deflate.js";
import { newtonDirection } from "../../../src/solvers/parts/newton-direction.js";
import { CRITICAL, ces, exchange, nearlyCritical, pairs, symmetric, twoTastes } from "./economies.js";

describe("groups of orchestrators of whom only the sum of spending matters", () => {
  const tastes = { a: ces(2, { x: 1, y: 2 }), b: ces(2, { x: 2, y: 1 }), c: ces(3, { x: 2, y: 1 }) };
  const groups = (people: Record<string, object>) =>
    groupsOf(exchange(["x", "y"], people)).map(({ members }) => [...members]);

  test("the same tastes, or proportional possessions, whichever leaves fewer", () => {
    const one = { endowment: { x: 1, y: 2 }, preferences: tastes.a };
    expect(groups({ one, two: { endowment: { y: 3 }, preferences: tastes.a } })).toEqual([[0, 1]]);
    expect(groups({ one, two: { endowment: { x: 2, y: 4 }, preferences: tastes.b } })).toEqual([[0, 1]]);
    expect(groups({ one, two: { endowment: { x: 2, y: 3 }, preferences: tastes.b } })).toEqual([[0], [1]]);
    const three = { endowment: { x: 3, y: 6 }, preferences: tastes.c };
    expect(groups({ one, two: { endowment: { y: 1 }, preferences: tastes.b }, three })).toEqual([
      [0, 2],
      [1],
    ]);
  });

  test("parts are those of possessions; floors make incomes beyond them disproportionate", () => {
    const one = { endowment: { x: 1, y: 2 }, preferences: tastes.a };
    const two = { endowment: { x: 3, y: 6 }, preferences: tastes.b };
    const [{ parts }] = groupsOf(exchange(["x", "y"], { one, two }));
    expect(parts).toEqual([0.25, 0.75]);
    expect(groups({ one, two: { ...two, floors: { x: 0.1 } } })).toEqual([[0], [1]]);
  });
});

describe("fixed incomes", () => {
  test("at an equilibrium's own incomes the equilibrium is found again, floors and agents included", async () => {
    const economy = twoTastes();
    const groups = groupsOf(economy);
    const incomes = new FixedIncomes(economy, groups);
    const ones = new Float64Array(6).fill(1);
    let logs = [0, 0];
    let prices: Float64Array = ones;
    // M°(p(α)) is closer to the equilibrium's incomes than α, in this economy from here: it is stable.
    for (let round = 0; round < 400; round++) {
      prices = (await incomes.prices(logs, prices))!;
      const next = incomes.logSpending(prices);
      if (Math.abs(next[0] - next[1] - logs[0] + logs[1]) < 1e-11) break;
      logs = next;
    }
    const market = new ReferenceMarket(economy);
    const { clearing } = market.residual(market.enter(prices), market.create());
    expect(clearing).toBeLessThan(1e-7);
  });

  test("spending follows the shares given", async () => {
    const economy = symmetric(3, 0.5, 0.2);
    const incomes = new FixedIncomes(economy, groupsOf(economy));
    const p = (await incomes.prices([Math.log(3), 0, 0], new Float64Array(3).fill(1)))!;
    // Who can spend more makes what it wants dear; the other two goods are alike.
    expect(p[0]).toBeGreaterThan(p[1]);
    expect(p[1] / p[2]).toBeCloseTo(1, 8);
  });
});

describe("deflation", () => {
  const market = new ReferenceMarket(pairs([{ centre: 0, sigma: 1 / 3, w: 12 / 37 }]));
  const factorAt = async (s: number, known: readonly number[]) => {
    const vectors = known.map((x) => Float64Array.of(x / 2, -x / 2));
    const q = Float64Array.of(s / 2, -s / 2);
    const f = market.create();
    market.residual(q, f);
    const direction = (await newtonDirection(market, q, f, 1e-10, 10))!.x;
    return deflationFactor(market, vectors, q, direction);
  };

  test("Newton's step into a known equilibrium is turned round, one into a new one is left as it is", async () => {
    const root = Math.log(64 / 27);
    expect(await factorAt(root + 1e-3, [])).toBe(1);
    expect(await factorAt(root + 1e-3, [root])).toBeLessThan(0);
    expect(await factorAt(root + 1e-6, [0, -root])).toBeCloseTo(1, 4);
    expect(Math.abs(await factorAt(root, [root]))).toBeLessThanOrEqual(100);
  });

  test("is Newton's step for m f: the derivative of log m by differences", async () => {
    const [s, known] = [1.3, [0, Math.log(64 / 27)]];
    const log = (x: number) => known.reduce((sum, z) => sum + Math.log(1 + 1 / ((x - z) / 2) ** 2), 0);
    const q = Float64Array.of(s / 2, -s / 2);
    const f = market.create();
    market.residual(q, f);
    const d = (await newtonDirection(market, q, f, 1e-12, 10))!.x;
    market.reweigh(1);
    // Distances are in an inner product that spreads Σ = 2 over both goods: ‖(x/2, −x/2)‖² is 2·(x/2)² up to its mean.
    const [[xx], [one]] = [market.dots([q], q), market.dots([market.create(1)], q)];
    const scale = (xx - (one * one) / 2) / (s / 2) ** 2;
    const scaled = (x: number) =>
      known.reduce((sum, z) => sum + Math.log(1 + 1 / (scale * ((x - z) / 2) ** 2)), 0);
    const h = 1e-5;
    const slope = ((scaled(s + h) - scaled(s - h)) / (2 * h)) * (d[0] - d[1]);
    expect(await factorAt(s, known)).toBeCloseTo(1 / (1 - slope), 4);
    expect(log(s)).toBeGreaterThan(0);
  });
});

describe("one way of finding others, alone", () => {
  const near = (economy: Economy) => {
    const hunt = new Hunt(economy, 0.5, 1e-8, 1e-11, 0);
    return { hunt, collection: new Collection(hunt) };
  };

  test("curves lead from the equilibrium of equal prices to all seven", async () => {
    const { hunt, collection } = near(symmetric(3, 0.3, 0.1));
    await collection.offer(Float64Array.of(1, 1, 1), "solve");
    const curves = new Curves(hunt, collection);
    for (const found of collection.found) await curves.follow(found);
    expect(collection.found.map(({ by }) => by)).toEqual(["solve", ...new Array(6).fill("path")]);
    expect(collection.indexSum).toBe(1);
  });

  test("curves see two crossings closer together than their steps", async () => {
    const { hunt, collection } = near(nearlyCritical(CRITICAL * (1 - 1e-8)));
    const far = await collection.offer(Float64Array.of(Math.exp(4.07), 1), "solve");
    await new Curves(hunt, collection).follow(far!.equilibrium);
    expect(collection.found.map(({ index }) => index).sort()).toEqual([-1, 1, 1]);
  });

  test("deflation goes from one start to one equilibrium after another, and then to none", async () => {
    const { hunt, collection } = near(pairs([{ centre: 0, sigma: 1 / 3, w: 12 / 37 }]));
    const start = Float64Array.of(1, 0.9);
    await collection.offer((await hunt.run(newtonKrylov(), start, 40)).prices, "newton");
    for (const count of [2, 3]) {
      const known = collection.found.map(({ prices }) => prices.map(Math.log));
      const { status, prices } = await hunt.run(deflation(known), start, 40);
      expect(status).toBe("solved");
      expect(await collection.offer(prices, "deflation")).toMatchObject({ isNew: true });
      expect(collection.found).toHaveLength(count);
    }
    const known = collection.found.map(({ prices }) => prices.map(Math.log));
    expect((await hunt.run(deflation(known), start, 40)).status).not.toBe("solved");
  });

  test("the same equilibrium twice is kept once; a corner that is none is left, a near miss is none", async () => {
    const { collection } = near(pairs([{ centre: 0, sigma: 1 / 3, w: 12 / 37 }]));
    expect(await collection.offer(Float64Array.of(64, 27.001), "newton")).toMatchObject({ isNew: true });
    expect(await collection.offer(Float64Array.of(63.9, 27), "newton")).toMatchObject({ isNew: false });
    expect(collection.found).toHaveLength(1);
    const left = await collection.offer(Float64Array.of(1, 0), "scan");
    const critical = near(nearlyCritical(CRITICAL * (1 + 1e-8))).collection;
    expect(await critical.offer(Float64Array.of(Math.exp(-1.5425), 1), "scan")).toBeNull();
    const strict = new Collection(new Hunt(nearlyCritical(0), 0.5, -1, 1e-11, 0));
    expect(await strict.offer(Float64Array.of(2, 1), "scan")).toBeNull();
    expect(left?.equilibrium.prices.every((p) => p > 0.1)).toBe(true);
  });
});

describe("starts", () => {
  test.each([1, 2, 5])("in %i dimensions every box of a halved cube gets its share", (dimension) => {
    const points = spread(dimension, 1);
    const counts = new Map<number, number>();
    const most = 64 * 2 ** dimension;
    for (let k = 0; k < most; k++) {
      const corner = points.next().value.reduce((sum, x, j) => sum + (x < 0 ? 0 : 2 ** j), 0);
      counts.set(corner, (counts.get(corner) ?? 0) + 1);
    }
    expect(counts.size).toBe(2 ** dimension);
    for (const count of counts.values()) expect(Math.abs(count - 64)).toBeLessThan(25);
  });
});

describe("index and stability of given prices", () => {
  test("of a saddle, of a free good, of one price", async () => {
    const pair = pairs([{ centre: 0, sigma: 1 / 3, w: 0.2 }]);
    expect(await characterOf(pair, Float64Array.of(1, 1))).toEqual({ index: -1, stability: "unstable" });
    const plenty = exchange(["x", "y"], {
      a: { endowment: { x: 1, y: 3 }, preferences: ces(0, { x: 1, y: 1 }) },
    });
    expect(await characterOf(plenty, Float64Array.of(2, 0))).toEqual({ index: 1, stability: "stable" });
  });
});
