import { expect, test } from "vitest";
import { BackendFailedError } from "../../../src/core/errors.js";
import { defineEconomy } from "../../../src/economy/build.js";
import type { Economy } from "../../../src/economy/economy.js";
import { BatchOfMarkets } from "../../../src/market/batch-of-markets.js";
import type { Readout } from "../../../src/market/market.js";
import { ReferenceMarket } from "../../../src/market/reference.js";
import { anderson } from "../../../src/solvers/anderson.js";
import { type BatchEnd, iterateBatch } from "../../../src/solvers/batch/iterate.js";
import { iterate } from "../../../src/solvers/loop.js";
import { evaluate, type Solver } from "../../../src/solvers/solver.js";
import { closedForm, randomSpec } from "../../support/economies.js";
import { hilbert } from "../../support/prices.js";

const AIMS = { target: 1e-11, tolerance: 1e-8 };

const random = (seed: number): Economy =>
  defineEconomy(
    randomSpec(seed, { agents: 7, nodes: 4, orchestrators: 1 + (seed % 3), floors: seed % 2 === 0 }),
  );

/** Elasticities from next to nothing to 30: many steps, and accelerated ones that are refused. */
const hard = (seed: number): Economy =>
  defineEconomy(
    randomSpec(seed, { agents: 7, nodes: 4, elasticity: [0.02, 30], orchestrators: 1 + (seed % 2) }),
  );

async function iterated(
  economies: readonly Economy[],
  options: Partial<Parameters<typeof iterateBatch>[2]> = {},
) {
  const markets = economies.map((economy) => new ReferenceMarket(economy));
  return { markets, ends: await fromOnes(markets, options) };
}

function fromOnes(
  markets: readonly ReferenceMarket[],
  options: Partial<Parameters<typeof iterateBatch>[2]> = {},
): Promise<readonly BatchEnd[]> {
  const batch = new BatchOfMarkets(markets);
  const [economies, commodities, nodes] = batch.shape;
  const start = batch.enter(new Float64Array(economies * commodities * nodes).fill(1));
  return iterateBatch(batch, start, { ...AIMS, ...options });
}

function solvedOf(end: BatchEnd) {
  if ("left" in end) expect.fail(end.left);
  return end;
}

test("at the closed form: economies of many elasticities of one structure", async () => {
  const cases = [0, 1, 2, 3, 4].map((seed) => closedForm(seed, { fixed: seed % 2 === 0 }));
  const economies = cases.map(({ spec }) => defineEconomy(spec));
  const { ends } = await iterated(economies);
  for (const [b, { logPrice }] of cases.entries()) {
    const { loop } = solvedOf(ends[b]);
    expect(loop.status).toBe("solved");
    const { t, weights } = economies[b].grid;
    expect(hilbert(loop.prices.map(Math.log), logPrice(t, weights))).toBeLessThan(1e-10);
  }
});

test("one that is done is not evaluated any more, whatever the others do", async () => {
  const economies = Array.from({ length: 8 }, (_, seed) => hard(seed + 20));
  const { markets, ends } = await iterated(economies);
  const evaluations = markets.map(({ evaluations }) => evaluations);
  for (const [b, economy] of economies.entries()) {
    const alone = await iterated([economy]);
    expect(evaluations[b]).toBe(alone.markets[0].evaluations);
    const end = ends[b];
    if (!("left" in end)) expect(end.evaluations).toBe(evaluations[b]);
  }
  expect(Math.max(...evaluations)).toBeGreaterThan(1.5 * Math.min(...evaluations));
});

test("whose step is refused makes plain ones while the others go on, and ends where it does alone", async () => {
  let refused = 0;
  for (const first of [0, 10, 20]) {
    const economies = Array.from({ length: 10 }, (_, k) => hard(first + k));
    const { ends } = await iterated(economies);
    for (const [b, economy] of economies.entries()) {
      const [alone] = (await iterated([economy])).ends;
      const end = ends[b];
      if ("left" in end || "left" in alone) expect(end).toEqual(alone);
      else {
        expect(end.loop.prices).toEqual(alone.loop.prices);
        const notes = end.loop.trace.filter(({ note }) => note?.startsWith("accelerated step refused"));
        refused += notes.length;
        // A refused point is looked at, and is no step.
        expect(end.evaluations).toBeGreaterThanOrEqual(end.loop.steps + 1 + notes.length);
      }
    }
  }
  expect(refused).toBeGreaterThan(0);
});

/** Seeds of `hard`, steps, and whether accelerated ones of them are refused. Beyond 30 the oldest differences are written over. */
const WALKS: [seed: number, steps: number, refused: boolean][] = [
  [31, 60, false],
  [25, 50, false],
  [39, 45, false],
  [36, 34, true],
  [20, 26, true],
];

test("step by step as Anderson alone: histories that are full, refused steps, differences that go", async () => {
  const economies = WALKS.map(([seed]) => hard(seed));
  const { ends } = await iterated(economies);
  for (const [b, [, steps, refused]] of WALKS.entries()) {
    const market = new ReferenceMarket(economies[b]);
    const problem = { market, step: market.hints.step, clip: 1 };
    const alone = await iterate(
      problem,
      anderson<Float64Array>({ memory: 30 }) as Solver<Float64Array>,
      await evaluate(market, market.create()),
      {
        ...AIMS,
        maxSteps: 200,
      },
    );
    const { trace } = solvedOf(ends[b]).loop;
    for (let k = 0; k <= steps; k++) {
      expect(trace[k].residual / alone.trace[k].residual, `step ${k}`).toBeCloseTo(1, 5);
      expect(trace[k].note).toBe(alone.trace[k].note);
    }
    expect(trace.slice(0, steps).some(({ note }) => note !== undefined)).toBe(refused);
  }
});

/** A market that says something else of its points. */
class Told extends ReferenceMarket {
  constructor(
    economy: Economy,
    private readonly told: (readout: Readout, evaluation: number, q: Float64Array) => Partial<Readout>,
  ) {
    super(economy);
  }

  override residual(q: Float64Array, f: Float64Array): Readout {
    const readout = super.residual(q, f);
    return { ...readout, ...this.told(readout, this.evaluations, q) };
  }
}

test("each leaves with its reason, the others are solved", async () => {
  const bystander = () => new ReferenceMarket(random(1));
  const told = (tell: (readout: Readout, evaluation: number) => Partial<Readout>) =>
    new Told(random(2), tell);
  const markets = [
    bystander(),
    told(() => ({ finite: false })),
    told(() => ({ afford: -0.1 })),
    told(({ clearing }, evaluation) =>
      evaluation > 5 ? { clearing: 0.5, complementarity: 1e-9 } : { clearing },
    ),
    told((_, evaluation) => (evaluation > 3 ? { finite: false } : {})),
    told((_, evaluation) => ({ norm: 1 + 1e-3 * evaluation, clearing: 1, complementarity: 1 })),
    told(() => ({ spread: 1e3 })),
    bystander(),
  ];
  const ends = await fromOnes(markets);
  expect(ends.slice(1, -1)).toEqual([
    { left: "not finite" },
    { left: "floors" },
    { left: "free goods" },
    { left: "no step is acceptable" },
    { left: "slow" },
    { left: "astray" },
  ]);
  for (const end of [ends[0], ends[7]]) expect(solvedOf(end).loop.status).toBe("solved");
  // It ends with the last halving: 1, ½, …, 2⁻⁸ and one below.
  expect(markets[4].evaluations).toBeLessThan(20);
});

test("good enough is solved where rounding lets nothing come closer; the best iterate is returned", async () => {
  const tolerance = 1e-8;
  let best = new Float64Array();
  const market = new Told(random(1), ({ clearing }, evaluation, q) => {
    if (evaluation === 12) best = q.slice();
    return { clearing: evaluation === 12 ? 1e-10 : Math.max(1e-9, clearing) };
  });
  const [end] = await fromOnes([market], { target: 1e-11, tolerance });
  const { loop } = solvedOf(end);
  expect(hilbert(loop.prices.map(Math.log), best)).toBeLessThan(1e-12);
  expect(loop.status).toBe("solved");
  expect(loop.residual).toBe(1e-10);
  expect(loop.steps).toBeLessThan(80);
  // Nor does what would make it leave: prices apart, no step that is acceptable.
  for (const readout of [{ spread: 1e3 }, { finite: false }]) {
    const told = new Told(random(1), ({ clearing }, evaluation) =>
      evaluation > 25 ? { ...readout, clearing: 1e-9 } : { clearing: Math.max(1e-9, clearing) },
    );
    expect(solvedOf((await fromOnes([told], { target: 1e-11, tolerance }))[0]).loop.status).toBe("solved");
  }
});

test("a backend that fails: whoever is not done leaves", async () => {
  class Failing extends Told {
    override residual(q: Float64Array, f: Float64Array): Readout {
      if (this.evaluations >= 26) throw new BackendFailedError("gone");
      return super.residual(q, f);
    }
  }
  const never = () => ({ clearing: 1, complementarity: 1 });
  const markets = [new ReferenceMarket(random(2)), new Told(random(1), never), new Failing(random(3), never)];
  const ends = await fromOnes(markets);
  expect(solvedOf(ends[0]).loop.status).toBe("solved");
  expect(ends.slice(1)).toEqual([{ left: "the backend failed" }, { left: "the backend failed" }]);
});

test("cancelled: the best iterates so far, and no step more", async () => {
  const controller = new AbortController();
  const { markets, ends } = await iterated([random(1), random(2)], {
    signal: controller.signal,
    onStep: ({ step }) => {
      if (step === 4) controller.abort();
    },
  });
  for (const [b, end] of ends.entries()) {
    const { loop, evaluations } = solvedOf(end);
    expect([loop.status, loop.steps, evaluations]).toEqual(["cancelled", 4, markets[b].evaluations]);
    expect(loop.residual).toBeLessThan(loop.trace[0].residual);
  }
});
