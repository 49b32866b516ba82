import { describe, expect, test } from "vitest";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import { Allocation } from "../../src/market/allocation.js";
import { layOut } from "../../src/market/layout.js";
import { multiple } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { ces, exchange, withSet } from "../contraction/economies.js";

/** Two complements; there is five times as much of the second as goes with the first. */
const complements = (): Economy =>
  defineEconomy(
    exchange({ main: { endowment: { x: 1, idle: 5 }, preferences: ces(0, { x: 1, idle: 1 }) } }, [
      "x",
      "idle",
    ]),
  );

function residual(market: ReferenceMarket, q: Float64Array) {
  const f = market.create();
  return { f, ...market.residual(q, f) };
}

test("no log price moves by more than the clip against another", () => {
  const market = new ReferenceMarket(complements());
  const q = Float64Array.of(0, 0);
  residual(market, q);
  const out = market.create();
  market.advance(q, multiple(1, Float64Array.of(100, 0)), 1, out);
  expect(out[0] - out[1]).toBeCloseTo(1, 12);
});

describe("f is a number", () => {
  /** Of two outputs the cheap one is not made at all: (p_y/R)^τ is below float64. */
  const made: EconomyDefinition = {
    commodities: { z: {} },
    agents: { maker: { production: { set: "frontier", outputs: { x: 1, y: 1 }, transformation: 10 } } },
    orchestrators: {
      main: { endowment: { z: 1 }, preferences: ces(0.5, { "maker/x": 1, "maker/y": 1, z: 1 }) },
    },
  };
  const at = (economy: Economy, prices: Record<string, number>): Float64Array =>
    Float64Array.from(economy.commodities, ({ name }) => Math.log(prices[name]));

  test("where what is wanted is not supplied at all", () => {
    const economy = defineEconomy(made);
    const y = economy.commodities.findIndex(({ name }) => name === "maker/y");
    const { f, finite } = residual(
      new ReferenceMarket(economy),
      at(economy, { "maker/x": 1, "maker/y": 1e-40, z: 1 }),
    );
    expect([f[y], finite]).toEqual([700, true]);
  });

  test("where nothing is supplied and nothing wanted", () => {
    const spec = {
      ...made,
      orchestrators: {
        main: { ...made.orchestrators.main, preferences: ces(50, { "maker/x": 1, "maker/y": 1, z: 1 }) },
      },
    };
    const economy = withSet(defineEconomy(spec), "maker", (set) => ({
      supply: (p, out) => {
        set.supply(p, out);
        out[1] = 0;
      },
    }));
    const y = economy.commodities.findIndex(({ name }) => name === "maker/y");
    const { f } = residual(new ReferenceMarket(economy), at(economy, { "maker/x": 1, "maker/y": 1e8, z: 1 }));
    expect(f[y]).toBe(0);
  });
});

test("quantities at price 0 are finite, however far the other prices lie apart", () => {
  const economy = defineEconomy(
    exchange({ main: { endowment: { x: 1, y: 1, z: 1 }, preferences: ces(0.5, { x: 1, y: 1, z: 1 }) } }, [
      "x",
      "y",
      "z",
    ]),
  );
  const at = new Allocation(layOut(economy));
  at.evaluate(Float64Array.of(0, -600, 0), Uint8Array.of(0, 0, 1));
  expect([...at.demand].every(Number.isFinite)).toBe(true);
});

describe("goods on their way to being free", () => {
  test("count in clearing, as complementarity, by what they still earn", () => {
    const { clearing, complementarity } = residual(
      new ReferenceMarket(complements()),
      Float64Array.of(0, Math.log(1e-10)),
    );
    expect(clearing).toBeCloseTo(0.8, 6);
    expect(complementarity).toBeLessThan(1e-8);
  });

  test("do not count in ‖f‖, which says how far the other markets are from clearing", () => {
    const market = new ReferenceMarket(complements());
    let q: Float64Array = Float64Array.of(0, 0);
    for (let k = 0; k < 40; k++) {
      const { f } = residual(market, q);
      const out = market.create();
      market.advance(q, multiple(1, f), 1, out);
      q = out;
    }
    const { f, norm } = residual(market, q);
    expect(f[1]).toBeCloseTo(-Math.log(5), 6);
    expect(norm).toBeLessThan(1e-3);
  });
});

describe("the nest-wise step is finite", () => {
  const stepped = (economy: Economy): number[] => {
    const market = new ReferenceMarket(economy);
    const { f } = residual(market, market.create());
    const out = market.create();
    market.precondition(f, out);
    return [...out];
  };

  test("and moves complements in fixed supply, by twenty times their excess over one another", () => {
    const [x, idle] = stepped(complements());
    // Three of each are wanted of one and of five.
    expect(x - idle).toBeCloseTo(20 * Math.log(5), 10);
  });

  test("where only agents use a good, as much of it at any price", () => {
    const economy = defineEconomy({
      commodities: { gpu: {} },
      agents: { maker: { production: { set: "ellipsoid", center: { work: 1, gpu: -2 } } } },
      orchestrators: { main: { endowment: { gpu: 3 }, preferences: ces(1, { "maker/work": 1 }) } },
    });
    const steps = stepped(economy);
    expect(Math.max(...steps.map(Math.abs))).toBeGreaterThan(0.1);
    for (const step of steps) expect(Math.abs(step)).toBeLessThan(100);
  });

  test("where they use all there is of it, whatever is to be undone", () => {
    const economy = defineEconomy({
      commodities: { gpu: {} },
      agents: { maker: { production: { set: "ellipsoid", center: { work: 1, gpu: -2 } } } },
      orchestrators: { main: { endowment: { gpu: 2 }, preferences: ces(1, { "maker/work": 1 }) } },
    });
    const market = new ReferenceMarket(economy);
    const { f } = residual(market, market.create());
    expect(f[economy.commodities.findIndex(({ name }) => name === "gpu")]).toBe(0);
    const out = market.create();
    market.precondition(market.create(1), out);
    expect(out.every((step) => Math.abs(step) <= 1e5)).toBe(true);
  });
});
