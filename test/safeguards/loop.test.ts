import { describe, expect, test } from "vitest";
import type { Readout } from "../../src/market/market.js";
import { iterate, type LoopOptions } from "../../src/solvers/loop.js";
import { evaluate, type Solver } from "../../src/solvers/solver.js";
import { idleMarket, type Scripted, scripted } from "./fakes.js";

const OPTIONS: LoopOptions = { target: 1e-11, tolerance: 1e-8, maxSteps: 10_000 };

async function run(solver: Solver<Float64Array, Scripted>, options: Partial<LoopOptions> = {}) {
  const market = idleMarket();
  const problem = { market, step: 1, clip: 1 };
  return iterate(problem, solver, await evaluate(market, market.create()), { ...OPTIONS, ...options });
}

/** Residuals that clear to `clearing`, complementarity alike. */
const clears = (clearing: number): Partial<Readout> => ({ clearing, complementarity: clearing });

describe("the order of ends", () => {
  test("numbers that are not finite prove nothing about floors", async () => {
    const { status } = await run(scripted(() => ({ says: { finite: false, affordAll: -1, afford: -1 } })));
    expect(status).toBe("non-finite");
  });

  test("prices at which all together cannot pay end the solve, and are returned; by rounding they do not", async () => {
    const broke = (affordAll: number) =>
      run(scripted((k) => ({ says: k === 3 ? { affordAll, afford: -1 } : clears(1 / (k + 1)) })));
    const proved = await broke(-1e-9);
    expect(proved.status).toBe("slo-unaffordable");
    expect(proved.prices[0]).toBeCloseTo(Math.exp(3), 12);
    expect((await broke(-1e-14)).status).not.toBe("slo-unaffordable");
  });

  test("one orchestrator that cannot pay in passing proves nothing, and is never the best iterate", async () => {
    const { status, prices } = await run(
      scripted((k) => ({ says: k === 2 ? { ...clears(1e-12), afford: -1 } : clears(0.5), stuck: k === 3 })),
      { target: 1e-15 },
    );
    expect(status).toBe("stalled");
    expect(prices[0]).toBe(1);
  });

  test("the best iterate is kept, not the last", async () => {
    const clearing = [1, 0.1, 0.5, 0.9];
    const { prices, residual } = await run(
      scripted((k) => ({ says: clears(clearing[k]), stuck: k === clearing.length - 1 })),
    );
    expect(prices[0]).toBeCloseTo(Math.exp(1), 12);
    expect(residual).toBe(0.1);
  });

  test("one whose idle goods hardly earn anything is better than one that clears no better and is far from that", async () => {
    const { prices } = await run(
      scripted((k) => ({
        says: k === 1 ? { clearing: 2, complementarity: 1e-6 } : { clearing: 0.5, complementarity: 0.5 },
        stuck: k === 3,
      })),
    );
    expect(prices[0]).toBeCloseTo(Math.exp(1), 12);
  });

  test("one that clears within the tolerance is better than any that does not", async () => {
    const { status, prices } = await run(
      scripted((k) => ({
        says: k === 1 ? { clearing: 0.3, complementarity: 1e-12 } : clears(k === 2 ? 1e-9 : 0.5),
        stuck: k === 3,
      })),
    );
    expect(status).toBe("solved");
    expect(prices[0]).toBeCloseTo(Math.exp(2), 12);
  });

  test("where floors take everything for a hundred steps the solve has stalled, whatever else improves", async () => {
    const { status, starved, steps } = await run(
      scripted((k) => ({ says: { ...clears(0.99 ** k), afford: 1e-9 } })),
    );
    expect([status, starved]).toEqual(["stalled", true]);
    expect(steps).toBeLessThan(150);
  });

  test("no more steps than allowed", async () => {
    const { status, steps } = await run(
      scripted((k) => ({ says: clears(0.99 ** k) })),
      { maxSteps: 7 },
    );
    expect([status, steps]).toEqual(["max-steps", 7]);
  });

  test("cancelled between two steps", async () => {
    const controller = new AbortController();
    const { status } = await run(
      scripted((k) => {
        if (k === 5) controller.abort();
        return { says: clears(0.99 ** k) };
      }),
      { signal: controller.signal, maxSteps: 20 },
    );
    expect(status).toBe("cancelled");
  });
});

describe("good enough", () => {
  test("a solve whose residual no longer falls is solved soon, without the patience of a verdict", async () => {
    const { status, steps } = await run(scripted((k) => ({ says: clears(Math.max(1e-9, 0.1 ** k)) })));
    expect(status).toBe("solved");
    expect(steps).toBeLessThan(60);
  });

  test.each([
    ["stuck", { stuck: true }],
    ["failed", { failed: "linear-solve-failed" as const }],
  ])("one that is %s there is solved", async (_, end) => {
    const solver = scripted((k) => ({ says: clears(0.1 ** k), ...(k === 9 ? end : {}) }));
    expect((await run(solver)).status).toBe("solved");
  });
});

describe("going on in another way", () => {
  /** Falls to 0.1 and is stuck there; then goes on from what `recover` makes of it, `rate` a step. */
  function recovering(rate: number, from: number, seen: number[] = []) {
    let [at, since] = [Infinity, 0];
    return scripted(
      (k) => {
        if (k <= at) return { says: clears(k === 5 ? 0.1 : 0.5), stuck: k === 8 };
        return { says: clears(from * rate ** (k - since)) };
      },
      (_problem, state, best) => {
        seen.push(best.q[0]);
        if (at < Infinity) return null;
        [at, since] = [state.k, state.k];
        return { ...state, stuck: false, readout: { ...state.readout, ...clears(from) } };
      },
    );
  }

  test("a solver that is stuck is asked, and goes on", async () => {
    const { status, steps } = await run(recovering(0.5, 0.1));
    expect(status).toBe("solved");
    expect(steps).toBeGreaterThan(20);
  });

  test("from the best iterate", async () => {
    const seen: number[] = [];
    await run(recovering(0.5, 0.1, seen));
    expect(seen).toEqual([5]);
  });

  test("and is given time anew: a fresh start may be far worse than what came before", async () => {
    expect((await run(recovering(0.99, 10))).status).toBe("solved");
  });

  test("not when it is solved, out of steps, or proved impossible", async () => {
    const asked: string[] = [];
    const ask: Solver<Float64Array, Scripted>["recover"] = (_problem, _state, _best, verdict) => {
      asked.push(verdict);
      return null;
    };
    await run(scripted((k) => ({ says: clears(0.1 ** k) }), ask));
    await run(
      scripted((k) => ({ says: clears(0.99 ** k) }), ask),
      { maxSteps: 3 },
    );
    await run(scripted(() => ({ says: { affordAll: -1, afford: -1 } }), ask));
    expect(asked).toEqual([]);
  });

  test("that prices drifted apart on the way says more than that the last attempt stalled", async () => {
    let drifted = false;
    const solver = scripted(
      (k) => ({ says: { ...clears(0.5), spread: drifted ? 1 : 200 * k }, stuck: drifted && k > 8 }),
      (_problem, state, _best, verdict) => {
        if (drifted) return null;
        expect(verdict).toBe("diverged");
        drifted = true;
        return { ...state, readout: { ...state.readout, spread: 1 } };
      },
    );
    expect((await run(solver)).status).toBe("diverged");
  });
});
