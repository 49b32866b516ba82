import { describe, expect, test, vi } from "vitest";
import { WasmMarket } from "../../src/backends/wasm/market.js";
import { defineEconomy } from "../../src/index.js";
import { multiple } from "../../src/market/market.js";
import { randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";

/** So many goods, owned and wanted, that several blocks are made of them; no agent. */
const exchange = (goods: number, nodes: number) => {
  const names = Array.from({ length: goods }, (_, m) => `g${m}`);
  const own = (m: number) => (t: number) => 1 + 0.5 * Math.sin(t + m);
  return defineEconomy({
    time: { horizon: 6, nodes },
    commodities: Object.fromEntries(names.map((name) => [name, {}])),
    orchestrators: {
      o: {
        endowment: Object.fromEntries(names.map((name, m) => [name, own(m)])),
        preferences: {
          root: "u",
          nodes: {
            u: { elasticity: 2, inputs: { ...Object.fromEntries(names.map((name) => [name, 1])) } },
          },
        },
      },
    },
  });
};

describe("vectors of the wasm market", () => {
  test("of another market, or made outside, are refused: kernels would read whatever lies there", () => {
    const [market, other] = [1, 2].map(() => new WasmMarket(exchange(2, 3), { threads: 1 }));
    const [q, f] = [market.create(), market.create()];
    const foreign = [other.create(), new Float64Array(6)];
    for (const v of foreign) {
      expect(() => market.residual(v, f)).toThrow(TypeError);
      expect(() => market.derivative(q, v, f)).toThrow(TypeError);
      expect(() => market.advance(q, multiple(1, v), 1, f)).toThrow(TypeError);
      expect(() => market.combine([1, 1], [q, v], f)).toThrow(TypeError);
      expect(() => market.dots([q], v)).toThrow(TypeError);
    }
    const adopted = market.adopt(Float64Array.of(0, 1, 2, 3, 4, 5));
    expect(() => market.residual(adopted, f)).not.toThrow();
  });

  test("that nothing refers to any more serve again, others are left alone", () => {
    const market = new WasmMarket(exchange(2, 3), { threads: 1 });
    const kept = market.create(7);
    for (let k = 0; k < 5000; k++) {
      market.create(k);
      market.recycle(new Set([kept]));
    }
    expect([...kept]).toEqual(new Array(6).fill(7));
  });

  test("derivatives are taken at q as it is now, though it was written over since the residual", () => {
    const market = new WasmMarket(exchange(3, 2), { threads: 1 });
    const [q, dq, f] = [market.create(), market.adopt(Float64Array.of(1, 0, 0, 0, 0, 0)), market.create()];
    const [at0, moved, anew] = [market.create(), market.create(), market.create()];
    market.residual(q, f);
    market.derivative(q, dq, at0);
    market.copy(market.adopt(Float64Array.of(1, -1, 0.5, 0, 2, 0)), q);
    market.derivative(q, dq, moved);
    market.residual(q, f);
    market.derivative(q, dq, anew);
    expect([...moved]).toEqual([...anew]);
    expect([...moved]).not.toEqual([...at0]);
  });
});

test("goods of no agent are spread over threads: the same bits on two as on one", async () => {
  const economy = exchange(80, 1500);
  const prices = Float64Array.from({ length: 80 * 1500 }, (_, i) => 1 + 0.5 * Math.sin(i));
  const at = async (threads: number) => {
    const market = new WasmMarket(economy, { threads });
    const [q, f] = [market.enter(prices), market.create()];
    await vi.waitFor(() => {
      market.residual(q, f);
      expect(market.threads.count).toBe(threads);
    });
    const readout = market.residual(q, f);
    const result = { readout, f: Float64Array.from(f) };
    market.dispose();
    return result;
  };
  expect(await at(2)).toEqual(await at(1));
});

test("a memory that float64 gave back serves float32 as a new one does", () => {
  const economy = defineEconomy(randomSpec(1, { agents: 7, metrics: 2, nodes: 33, orchestrators: 3 }));
  const readout = (precision: "float64" | "float32") => {
    const market = new WasmMarket<Float32Array>(economy, { threads: 1, precision });
    const q = market.adopt(randomLogPrices(1, market.shape[0] * market.shape[1]));
    const found = [market.residual(q, market.room()), Array.from(market.prices(q))];
    market.dispose();
    return found;
  };
  const fresh = readout("float32");
  readout("float64");
  // Takes the memory of the first: the next one gets the second's.
  const holder = new WasmMarket<Float32Array>(economy, { threads: 1, precision: "float32" });
  expect(readout("float32")).toEqual(fresh);
  holder.dispose();
});
