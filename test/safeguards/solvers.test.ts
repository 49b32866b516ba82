import { describe, expect, test } from "vitest";
import { anderson } from "../../src/solvers/anderson.js";
import { heavyBall } from "../../src/solvers/heavy-ball.js";
import { newtonKrylov } from "../../src/solvers/newton-krylov.js";
import { evaluate, type Iterate, type Solver } from "../../src/solvers/solver.js";
import { type Behaviour, FakeMarket } from "./fakes.js";

const size = (q: Float64Array) => Math.hypot(...q) / Math.sqrt(q.length);
/** Mean 0, so that what only moves the numeraire plays no part. */
const START = Float64Array.of(1, -1, 2, -2, 3, -3);
const RATES = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5];

/** V = Σ a q²/2 and f = −a q, slow enough that histories grow. */
const bowl: Behaviour = {
  potential: true,
  residual(q, f) {
    for (let i = 0; i < q.length; i++) f[i] = -RATES[i] * q[i];
    const potential = q.reduce((sum, x, i) => sum + (RATES[i] * x ** 2) / 2, 0);
    return { potential, norm: size(f), oscillation: size(f), complementarity: size(f), clearing: size(f) };
  },
  slope: (q, d) => q.reduce((sum, x, i) => sum + RATES[i] * x * d[i], 0),
};
const valley: Behaviour = { ...bowl, potential: false, slope: undefined };

/** The same, but the n-th residual from now on that it is asked for is far off. */
function exploding(behaviour: Behaviour) {
  const bomb = { fuse: -1 };
  const market = new FakeMarket(START.length, {
    ...behaviour,
    residual(q, f) {
      const readout = behaviour.residual(q, f);
      const explodes = bomb.fuse-- === 0;
      return explodes ? { ...readout, norm: 1e6, oscillation: 1e6, potential: 1e6 } : readout;
    },
  });
  return { market, bomb };
}

async function begun<S extends Iterate<Float64Array>>(
  market: FakeMarket,
  solver: Solver<Float64Array, S>,
  steps: number,
  more: { interval?: { least: number; largest: number } } = {},
) {
  const problem = { market, step: 1, clip: 1, ...more };
  let state = solver.init(problem, await evaluate(market, START.slice()));
  const step = async () => {
    state = await solver.step(problem, state);
    return state;
  };
  for (let k = 0; k < steps; k++) await step();
  return { step, state: () => state };
}

const largestMove = (a: Float64Array, b: Float64Array) =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i])), 0);

describe("Anderson", () => {
  const differences = (state: object): number => (state as { dg: unknown[] }).dg.length;

  test.each([
    ["by the potential", bowl],
    ["by ‖f‖ where there is none", valley],
  ])(
    "an accelerated step that explodes is refused %s, and the older history dropped",
    async (_, behaviour) => {
      const { market, bomb } = exploding(behaviour);
      const { step, state } = await begun(market, anderson(), 4);
      expect(differences(state())).toBe(4);
      bomb.fuse = 0;
      const to = await step();
      expect(to.readout.norm).toBeLessThan(10);
      expect(to.note).toMatch(/refused/);
      // The younger half of 4, and the one of the plain step.
      expect(differences(to)).toBe(3);
    },
  );

  test("after a refusal it goes on from where it was, and so does the market", async () => {
    const { market, bomb } = exploding(bowl);
    const { step, state } = await begun(market, anderson(), 4);
    const seen: Float64Array[] = [];
    const advance = market.advance.bind(market);
    market.advance = (q, ...rest) => {
      seen.push(Float64Array.from(q, (x, i) => x - market.at[i]));
      return advance(q, ...rest);
    };
    bomb.fuse = 0;
    expect(state().note).toBeUndefined();
    await step();
    expect(seen.length).toBeGreaterThan(1);
    for (const difference of seen) expect(size(difference)).toBe(0);
  });

  test("a refused step that let goods fall faster has them forget it", async () => {
    let falls = false;
    const market = new FakeMarket(START.length, {
      ...bowl,
      fall(q) {
        const far = falls ? q.map((x) => 20 * x + 7) : null;
        falls = false;
        return far;
      },
    });
    const { step } = await begun(market, anderson(), 3);
    falls = true;
    expect((await step()).note).toMatch(/refused/);
    expect(market.forgotten).toBe(1);
  });

  test("differences that no longer help are dropped: ‖f‖ has not halved for four steps", async () => {
    const market = new FakeMarket(START.length, {
      ...valley,
      residual: (q, f) => ({ ...valley.residual(q, f), norm: 1 }),
    });
    const { step } = await begun(market, anderson(), 5);
    // Of five the older three go.
    expect(differences(await step())).toBe(3);
  });

  test("no log price moves by more than 8 at once", async () => {
    const market = new FakeMarket(START.length, {
      ...valley,
      precondition: (v, out) => out.set(v.map((x) => 1000 * x)),
    });
    const { state } = await begun(market, anderson(), 1);
    expect(largestMove(state().q, START)).toBe(8);
  });

  test("where the process leads nowhere a step of tâtonnement is made", async () => {
    const market = new FakeMarket(START.length, {
      ...bowl,
      precondition: (v, out) => out.set(v.map((x) => -x)),
    });
    const { state } = await begun(market, anderson(), 1);
    expect(state().stuck).toBeUndefined();
    expect(size(state().q)).toBeLessThan(size(START));
  });
});

describe("Newton–Krylov", () => {
  /** f = −q with a derivative that says −scale. */
  const told = (scale: number): Behaviour => ({
    potential: false,
    residual(q, f) {
      f.set(q.map((x) => -x));
      return { norm: size(q) };
    },
    derivative: (_, dq, out) => out.set(dq.map((x) => -scale * x)),
  });
  const after = async (behaviour: Behaviour) =>
    (await begun(new FakeMarket(START.length, behaviour), newtonKrylov(), 1)).state();

  test("where its direction leads astray a nest-wise step is made", async () => {
    expect((await after(told(-1))).readout.norm).toBeLessThan(1e-12);
  });

  test("a step too long is halved until ‖f‖ shrinks", async () => {
    expect((await after(told(0.25))).readout.norm).toBeLessThan(1e-12);
  });

  test("a system that cannot be solved is said to be", async () => {
    expect((await after(told(0))).failed).toBe("linear-solve-failed");
  });

  test("no log price moves by more than 16 at once", async () => {
    const { q } = await after({
      ...told(1e-3),
      // The farther the better, so that nothing is halved.
      residual: (q, f) => ({ ...told(1e-3).residual(q, f), norm: 1 / size(q) }),
    });
    expect(largestMove(q, START)).toBeCloseTo(16, 9);
  });

  test("its direction knows how goods fall: none falls faster", async () => {
    const { q } = await after({ ...told(1), fall: (q) => q.map((x) => x / 2) });
    expect(size(q)).toBeLessThan(1e-12);
  });
});

describe("heavy ball", () => {
  /** f pulls all one way, and ‖f‖ never falls. */
  const slope: Behaviour = {
    potential: false,
    residual(_, f) {
      f.fill(100);
      return { norm: 1 };
    },
  };
  /** m = L: no momentum, λ = 1. */
  const interval = { least: 1, largest: 1 };

  test("when ‖f‖ does not fall for ten steps the momentum is dropped and the clip halved", async () => {
    const { state, step } = await begun(new FakeMarket(START.length, slope), heavyBall(), 10, { interval });
    expect(state().note).toBeUndefined();
    const plain = await step();
    expect(plain.note).toMatch(/momentum dropped/);
    expect(largestMove((await step()).q, plain.q)).toBe(2);
  });

  test("a step that explodes is refused", async () => {
    const { market, bomb } = exploding(valley);
    const { step } = await begun(market, heavyBall(), 2, { interval });
    bomb.fuse = 0;
    const to = await step();
    expect(to.readout.norm).toBeLessThan(10);
    expect(to.note).toMatch(/momentum dropped/);
  });
});
