import { availableParallelism } from "node:os";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { WasmMarket, type WasmOptions } from "../../src/backends/wasm/market.js";
import { BackendFailedError } from "../../src/core/errors.js";
import { defineEconomy, type Economy, solve } from "../../src/index.js";
import { type Market, multiple } from "../../src/market/market.js";
import { dagSpec } from "../support/dag-economies.js";
import { randomLogPrices } from "../support/prices.js";
import { requireOrSkip } from "../support/require.js";

/** Enough prices for many blocks of rows, entries, agents and instants. */
const economy: Economy = defineEconomy(
  dagSpec(2, { agents: 45, metrics: 8, nodes: 289, family: "mixed", floors: 0.3, orchestrators: 2 }),
);

interface Workers {
  names: string[];
  workers: { terminate(): unknown }[];
}
const insideOf = ({ threads }: WasmMarket) => threads as unknown as Workers;

/** A market with all its threads at work. */
async function open(options: WasmOptions): Promise<WasmMarket> {
  const market = new WasmMarket(economy, options);
  onTestFinished(() => market.dispose());
  const v = market.create();
  await expect
    .poll(() => {
      market.normalize(v);
      return market.threads.count;
    })
    .toBe(Math.min(options.threads ?? 1, availableParallelism()));
  return market;
}

/** Everything that threads share out, as bits. */
function everything(market: WasmMarket): Float64Array[] {
  const size = market.shape[0] * market.shape[1];
  const prices = randomLogPrices(3, size, 2).map((x, i) => (i % 97 === 0 ? 0 : Math.exp(x)));
  const q = market.enter(prices);
  const [f, d, out] = [market.create(), market.adopt(randomLogPrices(4, size)), market.create()];
  const found: Float64Array[] = [];
  const keep = (...values: ArrayLike<number>[]) => {
    for (const value of values) found.push(Float64Array.from(value));
  };
  const { probe, ...readout } = market.residual(q, f);
  keep(q, f, probe, Object.values(readout).map(Number));
  market.derivative(q, d, out);
  keep(out);
  market.precondition(d, out);
  keep(out, [market.slope(d)]);
  market.reweigh(0.1);
  keep(market.dots([q, f, d], d));
  market.combine([0.1, 0.7, -2], [q, f, d], out);
  keep(out);
  market.anchor();
  market.blendDerivative(q, 0.3, d, 0.5, out);
  keep(out);
  for (const clip of [Infinity, 0.3]) {
    market.advance(q, multiple(0.5, f), clip, out);
    keep(out, market.prices(out));
  }
  return found;
}

/** Places of the arrays whose bits differ. */
function differing(found: readonly Float64Array[], expected: readonly Float64Array[]): number[] {
  const bytes = (x: Float64Array) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
  return [...expected.keys()].filter((k) => !bytes(found[k]).equals(bytes(expected[k])));
}

describe("the wasm backend on two threads", () => {
  if (!requireOrSkip("two processors", availableParallelism() > 1)) return;

  test.each([false, true])("gives the same bits as on one (deterministic: %s)", async (deterministic) => {
    const [one, two] = [await open({ threads: 1, deterministic }), await open({ threads: 2, deterministic })];
    for (let round = 0; round < 5; round++) expect(differing(everything(two), everything(one))).toEqual([]);
  });

  test("a thread that is gone fails the backend at once", async () => {
    const market = await open({ threads: 2 });
    await insideOf(market).workers[0].terminate();
    expect(() => everything(market)).toThrow(BackendFailedError);
  });

  test("a thread that does not answer fails it when patience is over", async () => {
    const market = await open({ threads: 2, patience: 50 });
    insideOf(market).workers.push({ terminate: () => undefined });
    const began = performance.now();
    expect(() => everything(market)).toThrow(/does not answer.*fewer threads or --backend reference/);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(market.threads.count).toBe(1);
  });

  test("a thread in which a kernel throws fails it", async () => {
    const market = await open({ threads: 2 });
    insideOf(market).names.length = 0;
    expect(() => {
      for (let round = 0; round < 100; round++) everything(market);
    }).toThrow(/A thread of the wasm backend failed/);
  });

  test("a solve whose thread is gone ends as backend-failed, with the best prices and a sentence", async () => {
    let market: WasmMarket | null = null;
    let killed = false;
    const backend = {
      name: "wasm",
      device: "CPU",
      precision: "float64" as const,
      families: [],
      open: (grid: Economy) => {
        market = new WasmMarket(grid, { threads: 2, patience: 200 });
        return market as Market<unknown>;
      },
    };
    const onStep = () => {
      if (market === null || market.threads.count < 2) return;
      void insideOf(market).workers[0]?.terminate();
      killed = true;
    };
    const { status, message, prices } = await solve(economy, {
      backend,
      ladder: false,
      solver: "tatonnement",
      maxSteps: 300,
      onStep,
    });
    expect(killed).toBe(true);
    expect(status).toBe("backend-failed");
    expect(message).toMatch(/The backend stopped working; .* Try --backend reference\./);
    expect(prices.data.every((p) => p >= 0 && p < Infinity)).toBe(true);
  });
});

describe("where threads cannot be", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("no SharedArrayBuffer: one thread, in memory of its own, the same bits", async () => {
    const expected = everything(await open({ threads: 1 }));
    vi.stubGlobal("SharedArrayBuffer", undefined);
    const market = new WasmMarket(economy, { threads: 4 });
    expect(differing(everything(market), expected)).toEqual([]);
    expect(market.threads.count).toBe(1);
    market.dispose();
  });

  test("a page that is not isolated: one thread", () => {
    vi.stubGlobal("crossOriginIsolated", false);
    const market = new WasmMarket(economy, { threads: 4 });
    expect(market.threads.wanted).toBe(1);
    market.dispose();
  });
});
