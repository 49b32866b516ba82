import { describe, expect, test } from "vitest";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import { solve } from "../../src/index.js";
import { Allocation } from "../../src/market/allocation.js";
import { FreeInstants } from "../../src/market/free.js";
import { layOut } from "../../src/market/layout.js";

const TOLERANCE = 1e-8;
/** A price so low that what it earns is negligible. */
const NEXT_TO_NOTHING = 1e-10;

type Bundle = Record<string, number>;

/** One owner of `endowment` who wants x and v alike (elasticity 1), v being as much of y as of idle. */
function economyOf(endowment: Bundle): EconomyDefinition {
  return {
    commodities: { x: {}, y: {}, idle: {} },
    orchestrators: {
      main: {
        endowment,
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 1, inputs: { x: 1, v: 1 } },
            v: { elasticity: 0, inputs: { y: 1, idle: 1 } },
          },
        },
      },
    },
  };
}

const PLENTY = economyOf({ x: 1, y: 1, idle: 1.5 });
/** Excess supply of `idle` by half a percent: it may merely not be quite cleared. */
const SCANT = economyOf({ x: 1, y: 1, idle: 1.005 });
const IDLE = 2;

/** Its free instants, with a way to evaluate the market at prices. */
function market(definition: EconomyDefinition) {
  const layout = layOut(defineEconomy(definition));
  const at = new Allocation(layout);
  const free = new FreeInstants(layout, at);
  const look = (...prices: number[]) => at.evaluate(Float64Array.from(prices, Math.log), free.frozen);
  return { free, look };
}

/** Follows a price that falls by 0.2 while its excess supply responds by so much. */
function fallen(free: FreeInstants, i: number, response = 0): void {
  free.watch(i, 0, -0.5, 1);
  free.watch(i, -0.2, -0.5 + response, 1);
}

describe("a good is frozen", () => {
  const settled = (
    definition: EconomyDefinition,
    prices: number[],
    tolerance = TOLERANCE,
    watched = false,
  ) => {
    const { free, look } = market(definition);
    if (watched) fallen(free, IDLE);
    look(...prices);
    return free.settle(tolerance, 0);
  };

  test("where it is clearly idle and hardly earns anything", () => {
    expect(settled(PLENTY, [1, 1, NEXT_TO_NOTHING])).toBe(1);
  });

  test("where excess supply is small if it did not respond to the fall of the price, not otherwise", () => {
    expect(settled(SCANT, [1, 1, NEXT_TO_NOTHING], TOLERANCE, true)).toBe(1);
    expect(settled(SCANT, [1, 1, NEXT_TO_NOTHING])).toBe(0);
  });

  test("not while another market is off: nothing is frozen on a cycle's excursion", () => {
    expect(settled(PLENTY, [1, 1.01, NEXT_TO_NOTHING])).toBe(0);
  });

  test("not where it earns something", () => {
    expect(settled(PLENTY, [1, 1, 0.02], 0.01)).toBe(0);
  });
});

test("a frozen good is released when more is wanted than there is, and then waits before it is frozen again", () => {
  const { free, look } = market(PLENTY);
  const settle = (p: number): number => {
    look(1, p, NEXT_TO_NOTHING);
    return free.settle(TOLERANCE, 0);
  };
  // At a price of 0.3 twice as much of y is wanted, and of what goes with it.
  expect([settle(1), settle(0.3), settle(1), settle(1), settle(1)]).toEqual([1, 1, 0, 0, 1]);
});

describe("a good falls faster", () => {
  const fall = (prices: number[], complementarity: number, response = 0): number | null => {
    const { free, look } = market(PLENTY);
    look(...prices);
    fallen(free, IDLE, response);
    return free.fall(IDLE, -0.5, complementarity);
  };

  test("while all else is calm and it stands in the way of clearing", () => {
    expect(fall([1, 1, 0.1], 0.005)).toBeCloseTo(-0.2, 12);
  });

  test("not in a market that is not calm, as a cycle never is", () => {
    expect(fall([1, 1, 0.1], 0.5)).toBe(null);
  });

  test("not where something else stands in the way", () => {
    expect(fall([1, 1, 1e-5], 0.005)).toBe(null);
  });

  test("not where excess supply responds to the fall", () => {
    expect(fall([1, 1, 0.1], 0.005, 0.01)).toBe(null);
  });

  test("no more deep down, where it waits to be frozen", () => {
    expect(fall([1, 1, 1e-30], 0.005)).toBe(0);
  });
});

describe("where a good at price 0 would feed somebody who then owns nothing", () => {
  const wants = (inputs: Bundle, elasticity: number) => ({ root: "u", nodes: { u: { elasticity, inputs } } });
  /** Whoever owns only y can live on y alone. */
  const corner: EconomyDefinition = {
    commodities: { x: {}, y: {} },
    orchestrators: {
      rich: { endowment: { x: 1, y: 1 }, preferences: wants({ x: 1 }, 1) },
      poor: { endowment: { y: 1 }, preferences: wants({ x: 1, y: 1 }, 2) },
    },
  };

  test("it is not frozen: more of it would cost nothing, so that is no equilibrium", () => {
    const { free, look } = market(corner);
    look(1, 1e-12);
    expect(free.settle(TOLERANCE, 0)).toBe(0);
    expect(free.active(1)).toBe(true);
  });

  test("nor does it wait for that deep down, for ever", () => {
    const { free, look } = market(corner);
    look(1, 1e-30);
    fallen(free, 1);
    expect(free.fall(1, -0.5, 0.005)).toBe(0);
    free.settle(TOLERANCE, 0);
    expect(free.fall(1, -0.5, 0.005)).not.toBe(0);
  });
});

test("prices have mean 1 also where a good becomes free whose price was not small", async () => {
  // All of it is worth next to nothing at a price of 1, and a tenth of it is wanted.
  const economy = defineEconomy({
    commodities: { x: {}, idle: {} },
    orchestrators: {
      main: {
        endowment: { x: 1, idle: 1e-12 },
        preferences: { root: "u", nodes: { u: { elasticity: 0, inputs: { x: 1, idle: 1e-13 } } } },
      },
    },
  });
  const { status, prices } = await solve(economy);
  expect(status).toBe("solved");
  expect(Array.from(prices.data)).toEqual([2, 0]);
});
