import { describe, expect, test } from "vitest";
import type { Readout } from "../../src/market/market.js";
import { auto } from "../../src/solvers/auto.js";
import { evaluate } from "../../src/solvers/solver.js";
import { FakeMarket } from "./fakes.js";

/** V falls for ever along f, which nothing that is tried changes. */
function stubborn(potential: boolean) {
  const pull = [1, -1, 2, -2];
  const along = (v: Float64Array) => v.reduce((sum, x, i) => sum + pull[i] * x, 0);
  return new FakeMarket(4, {
    potential,
    residual(q, f) {
      f.set(pull);
      return { norm: 1, potential: -along(q) };
    },
    slope: (_, d) => -along(d),
  });
}

async function begun(market: FakeMarket, maxSteps?: number) {
  const problem = { market, step: 1, clip: 1, maxSteps };
  const solver = auto<Float64Array>();
  const start = await evaluate(market, Float64Array.of(1, 2, 3, 4));
  return { problem, solver, state: solver.init(problem, start) };
}

/** Steps until the member at work gives up; at most 300. */
async function patience(potential: boolean, maxSteps?: number): Promise<number> {
  const { problem, solver, state: first } = await begun(stubborn(potential), maxSteps);
  let state = first;
  for (let k = 1; k <= 300; k++) {
    state = await solver.step(problem, state);
    if (state.stuck) return k;
  }
  return Infinity;
}

describe("auto gives way", () => {
  test("without a potential where ‖f‖ has not halved for 25 steps", async () => {
    expect(await patience(false)).toBe(26);
  });

  test("when one member has used a quarter of all steps", async () => {
    // With a potential nothing else would end it: Anderson has no leash there.
    expect(await patience(true, 40)).toBe(11);
    expect(await patience(true)).toBe(Infinity);
  });
});

describe("auto goes on", () => {
  const members = async (potential: boolean): Promise<(string | undefined)[]> => {
    const { problem, solver, state: first } = await begun(stubborn(potential));
    const seen: (string | undefined)[] = [];
    for (let state: typeof first | null = first; state !== null; ) {
      seen.push(state.by);
      state = (await solver.recover?.(problem, state, state, "stalled")) ?? null;
    }
    return seen;
  };

  test("with the cheapest that can be judged by the potential, last with what cannot fail", async () => {
    expect(await members(true)).toEqual(["anderson", "newton-krylov", "tatonnement"]);
  });

  test("without one with what needs less and less of the economy, last with what says something true of it", async () => {
    expect(await members(false)).toEqual([
      "anderson",
      "newton-krylov",
      "homotopy",
      "anderson",
      "tatonnement",
    ]);
  });

  /** Where the next member begins when the best iterate is at 9 and clears to this. */
  const next = async (potential: boolean, clearing: number) => {
    const market = stubborn(potential);
    const { problem, solver, state } = await begun(market);
    const readout: Readout = { ...state.readout, clearing };
    const best = { ...state, q: new Float64Array(4).fill(9), readout };
    const to = await solver.recover?.(problem, state, best, "stalled");
    return { q: Array.from(to?.q ?? []), thawed: market.thawed };
  };

  test("afresh from the start, nothing frozen, where far iterates mean nothing", async () => {
    expect(await next(false, 0.5)).toEqual({ q: [1, 2, 3, 4], thawed: 1 });
  });

  test("from the best iterate where that is near an equilibrium, or down a potential", async () => {
    expect(await next(false, 1e-3)).toEqual({ q: [9, 9, 9, 9], thawed: 0 });
    expect(await next(true, 0.5)).toEqual({ q: [9, 9, 9, 9], thawed: 0 });
  });
});
