import { describe, expect, test } from "vitest";
import { descends, walk } from "../../src/solvers/parts/line-search.js";
import { evaluate } from "../../src/solvers/solver.js";
import { type Behaviour, FakeMarket, ORDINARY } from "./fakes.js";

/** V = q², one log price, f = −q. */
const bowl: Behaviour = {
  potential: true,
  residual(q, f) {
    f[0] = -q[0];
    const size = Math.abs(q[0]);
    return { potential: q[0] ** 2, norm: size, oscillation: size, clearing: size, complementarity: size };
  },
  slope: (q, d) => 2 * q[0] * d[0],
};

/** One walk from q along `direction`. */
async function walked(behaviour: Behaviour, q: number, direction: number, more: { normShrinks?: true } = {}) {
  const market = new FakeMarket(1, behaviour);
  const from = await evaluate(market, Float64Array.of(q));
  const course = { direction: Float64Array.of(direction), length: 1, ...more };
  return { ...(await walk({ market, step: 1, clip: 100 }, from, course)), market };
}

describe("a walk", () => {
  test("is halved until V descends", async () => {
    const { to, fraction } = await walked(bowl, 1, -4);
    expect([to.q[0], fraction, to.stuck]).toEqual([0, 0.25, undefined]);
  });

  test("is halved until everybody can pay", async () => {
    const poor: Behaviour = { potential: false, residual: (q) => ({ afford: q[0] > 1 ? -1 : 1 }) };
    expect((await walked(poor, 0, 4)).to.q[0]).toBe(1);
  });

  test("may reach prices that prove the floors unpayable", async () => {
    const broke: Behaviour = {
      potential: false,
      residual: (q) => (q[0] > 1 ? { afford: -1, affordAll: -0.1 } : {}),
    };
    expect((await walked(broke, 0, 4)).to.q[0]).toBe(4);
  });

  test("is halved until ‖f‖ shrinks where it must and there is no potential", async () => {
    const { to } = await walked({ ...bowl, potential: false, slope: undefined }, 1, -4, {
      normShrinks: true,
    });
    expect(to.q[0]).toBe(0);
  });

  test("uphill is stuck", async () => {
    expect((await walked(bowl, 1, 1)).to.stuck).toBe(true);
  });

  test("whose faster falls are refused goes the ordinary way, and the falls are forgotten", async () => {
    const { to, market } = await walked({ ...bowl, fall: () => Float64Array.of(-50) }, 1, -4);
    expect([to.q[0], to.stuck, market.forgotten]).toEqual([0, undefined, 1]);
  });
});

describe("where V no longer resolves f", () => {
  const from = { ...ORDINARY, potential: 1 };
  const to = { ...from, potential: 1 + 1e-14, oscillation: 1.5 };

  test("its slope decides", () => {
    expect(descends(from, to, -1, 0.5)).toBe(true);
    expect(descends(from, to, -1, 0.95)).toBe(false);
  });

  test("but not where goods of hardly any value run away", () => {
    expect(descends(from, { ...to, oscillation: 3 }, -1, 0.5)).toBe(false);
  });

  test("or the oscillation of f, or clearing as complementarity, which must fall noticeably", () => {
    expect(descends(from, { ...to, oscillation: 0.9 }, -1, 5)).toBe(true);
    expect(descends(from, { ...to, complementarity: 0.9 }, -1, 5)).toBe(true);
    expect(descends(from, { ...to, oscillation: 0.9999, complementarity: 0.9999 }, -1, 5)).toBe(false);
  });
});
