import { deserialize, serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { demoEconomy } from "../../src/cli/demo-economy.js";
import type { Status } from "../../src/core/status.js";
import {
  type Checkpoint,
  certify,
  defineEconomy,
  type Economy,
  type Solution,
  type SolveOptions,
  solve,
  toResult,
} from "../../src/index.js";
import { type Asked, climb, coarserGrids, type LadderOptions } from "../../src/solve/ladder.js";
import type { Level } from "../../src/solve/level.js";
import type { RunMemory } from "../../src/solvers/loop.js";
import { createGrid } from "../../src/time/grid.js";

const DAY = 24;
const wave =
  (level: number, phase: number, swing = 0.5) =>
  (t: number) =>
    level * (1 + swing * Math.sin((2 * Math.PI * t) / DAY + phase));

/** Three agents on a DAG, complements and substitutes, smooth over the day. */
function smooth(nodes: number, rule: "midpoint" | "gauss-legendre" = "midpoint"): Economy {
  const set = "ellipsoid" as const;
  return defineEconomy({
    name: "smooth",
    time: { horizon: DAY, nodes, rule },
    agents: {
      plan: { production: { set, center: { x: wave(1, 0), y: wave(2, 1) }, radius: { x: 0.3, y: 0.2 } } },
      code: {
        production: { set, center: { x: wave(1.5, 2, 0.7), y: 1 }, radius: { x: 0.1, y: wave(0.5, 3) } },
      },
      test: { production: { set, center: { x: wave(1, 4), y: wave(1, 5) }, radius: { x: 0.2, y: 0.4 } } },
    },
    orchestrators: {
      main: {
        discount: wave(1, 1, 0.8),
        intertemporal_elasticity: 0.4,
        preferences: {
          dag: {
            entry: { plan: 0.6, code: 0.4 },
            entry_elasticity: 0.3,
            steps: {
              plan: {
                metrics: { x: 1, y: 2 },
                metric_elasticity: 4,
                next: { code: 0.5, test: 0.5 },
                routing_elasticity: 0.2,
                chain_elasticity: 3,
              },
              code: {
                metrics: { x: 2, y: 1 },
                metric_elasticity: 0.3,
                next: { test: 1 },
                chain_elasticity: 5,
              },
              test: { metrics: { x: 1, y: 1 }, metric_elasticity: 0.15 },
            },
          },
        },
      },
    },
  });
}

/** The grid a record is of. */
function nodesOf({ note = "" }: { readonly note?: string }, own: number): number {
  const named = /^on (\d+) nodes/.exec(note);
  return named === null ? own : Number(named[1]);
}

/** Evaluations on the economy's own grid. */
function fineEvaluations({ trace, economy, evaluations }: Solution): number {
  const coarse = trace.filter((record) => nodesOf(record, economy.grid.nodes) < economy.grid.nodes);
  return evaluations - (coarse.at(-1)?.evaluations ?? 0);
}

test("through a ladder of grids: the same prices, and far fewer evaluations on the finest", async () => {
  const economy = demoEconomy(720);
  const [climbed, plain] = [await solve(economy), await solve(economy, { ladder: false })];
  expect([climbed.status, plain.status]).toEqual(["solved", "solved"]);
  expect(climbed.certificate.free).toEqual(plain.certificate.free);
  climbed.prices.data.forEach((p, i) => {
    expect(Math.abs(p - plain.prices.data[i])).toBeLessThan(1e-6 * (1 + p));
  });
  expect(fineEvaluations(climbed)).toBeGreaterThan(0);
  expect(fineEvaluations(climbed)).toBeLessThan(plain.evaluations / 2);
});

test.each([
  [486, "midpoint"],
  [960, "midpoint"],
  [486, "gauss-legendre"],
] as const)(
  "%i %s nodes, smooth in time: at most a third of the evaluations on the finest",
  async (nodes, rule) => {
    const economy = smooth(nodes, rule);
    const [climbed, plain] = [await solve(economy), await solve(economy, { ladder: false })];
    expect([climbed.status, plain.status]).toEqual(["solved", "solved"]);
    expect(fineEvaluations(plain)).toBe(plain.evaluations);
    expect(fineEvaluations(climbed)).toBeLessThanOrEqual(plain.evaluations / 3);
    // The very economy that was asked for, solved as well as without, and certified.
    expect(climbed.economy).toBe(economy);
    climbed.prices.data.forEach((p, k) => {
      expect(Math.abs(Math.log(p / plain.prices.data[k]))).toBeLessThan(1e-8);
    });
    expect((await certify(economy, toResult(climbed))).certified).toBe(true);
  },
);

describe("coarserGrids", () => {
  const sizes = (economy: Economy, maxSteps = 10_000) =>
    coarserGrids(economy, maxSteps).map(({ grid }) => grid.nodes);

  test("thirds of the nodes, so that midpoints coincide, from eight up", () => {
    expect(sizes(smooth(486))).toEqual([18, 54, 162]);
    expect(sizes(smooth(960))).toEqual([12, 36, 107, 320]);
    expect(sizes(smooth(200))).toEqual([22, 67]);
  });

  test("none for few nodes, for few steps, or where a series cannot be re-projected", () => {
    expect(sizes(smooth(199))).toEqual([]);
    expect(sizes(smooth(486), 100)).toEqual([]);
    const owning = (
      x: number[] | ((t: number) => number),
      rule: "midpoint" | "gauss-legendre",
      nodes = 243,
    ) =>
      defineEconomy({
        time: { nodes, rule },
        commodities: { a: {} },
        orchestrators: {
          o: { endowment: { a: x }, preferences: { root: "u", nodes: { u: { inputs: { a: 1 } } } } },
        },
      });
    const array = Array.from({ length: 243 }, (_, n) => 1 + (n % 7));
    expect(sizes(owning(array, "midpoint"))).toEqual([9, 27, 81]);
    expect(sizes(owning(array, "gauss-legendre"))).toEqual([]);
    const known = new Set(createGrid({ nodes: 200 }).t);
    const onlyThere = (t: number): number => {
      if (!known.has(t)) throw new Error("not sampled there");
      return 1;
    };
    expect(sizes(owning(onlyThere, "midpoint", 200))).toEqual([]);
  });

  test("a solve does without where it is told to, from a start, and with few steps", async () => {
    const economy = smooth(216);
    const prices = new Map([["plan/x", Float64Array.of(2)]]);
    for (const options of [{ ladder: false }, { start: { grid: null, prices } }, { maxSteps: 40 }]) {
      const { trace } = await solve(economy, options);
      expect(trace.every(({ note = "" }) => !note.includes("nodes"))).toBe(true);
    }
    await expect(solve(economy, { ladder: 1 as never })).rejects.toThrow(/ladder.*true or false/s);
  });
});

describe("one solve in sight", () => {
  test("every step of every grid is a record with its grid; steps and evaluations go on counting", async () => {
    const seen: unknown[] = [];
    const solution = await solve(smooth(216), { onStep: (record) => seen.push(record) });
    const { trace, steps, evaluations } = solution;
    expect(trace.map(({ seconds, ...rest }) => rest)).toEqual(
      seen.map((record) => {
        const { seconds, ...rest } = record as (typeof trace)[number];
        return rest;
      }),
    );
    expect(trace.map(({ step }) => step)).toEqual(trace.map((_, k) => k));
    expect(steps).toBe(trace.length - 1);
    trace.slice(1).forEach((record, k) => {
      expect(record.evaluations).toBeGreaterThan(trace[k].evaluations);
      expect(record.seconds).toBeGreaterThanOrEqual(trace[k].seconds);
    });
    expect(evaluations).toBe(trace.at(-1)?.evaluations);
    const grids = trace.map((record) => nodesOf(record, 216));
    expect([...new Set(grids)]).toEqual([8, 24, 72, 216]);
    expect(grids).toEqual([...grids].sort((a, b) => a - b));
    expect(trace.some(({ note }) => note === "on 216 nodes, from the solution on 72")).toBe(true);
  });

  test("maxSteps bounds all grids together", async () => {
    const solution = await solve(smooth(216), { maxSteps: 400, tolerance: 1e-15, solver: "tatonnement" });
    expect(solution.status).toBe("max-steps");
    expect(solution.steps).toBe(400);
    expect(solution.trace[0].note).toMatch(/^on 8 nodes/);
  });

  test("cancelled on a coarse grid: prices on the economy's own all the same", async () => {
    const controller = new AbortController();
    const solution = await solve(smooth(216), {
      signal: controller.signal,
      onStep: ({ note }) => /^on 72 nodes/.test(note ?? "") && controller.abort(),
    });
    expect(solution.status).toBe("cancelled");
    expect(solution.prices.shape).toEqual([6, 216]);
    // Better than prices of 1, and at the price of a step or two on the fine grid.
    expect(solution.certificate.clearing).toBeLessThan(1);
    expect(fineEvaluations(solution)).toBeLessThan(8);
  });
});

describe("a resumed solve is the solve, bit for bit, on whatever grid it was interrupted", () => {
  const untimed = ({ trace }: Solution) => trace.map(({ seconds, ...rest }) => rest);

  async function withCheckpoints(economy: Economy, options: SolveOptions) {
    const checkpoints: Checkpoint[] = [];
    const save = (checkpoint: Checkpoint) => checkpoints.push(deserialize(serialize(checkpoint)));
    return { solution: await solve(economy, { ...options, checkpoint: { save, interval: 0 } }), checkpoints };
  }

  test("auto on four grids", async () => {
    const economy = smooth(216);
    const { checkpoints, solution } = await withCheckpoints(economy, {});
    const rungs = checkpoints.map(({ mark }) => mark?.rung);
    expect([...new Set(rungs)]).toEqual([0, 1, 2, 3]);
    for (const rung of [0, 1, 2, 3]) {
      const resume = checkpoints[rungs.indexOf(rung) + 2];
      const resumed = await solve(economy, { resume });
      expect(resumed.prices.data).toEqual(solution.prices.data);
      expect([resumed.status, resumed.steps, resumed.evaluations]).toEqual([
        solution.status,
        solution.steps,
        solution.evaluations,
      ]);
      expect(untimed(resumed)).toEqual(untimed(solution));
    }
  });

  test("cancelled on a coarse grid: the last checkpoint is of that grid, and goes on as if nothing had been", async () => {
    const economy = smooth(216);
    const whole = await solve(economy);
    const controller = new AbortController();
    const { checkpoints } = await withCheckpoints(economy, {
      signal: controller.signal,
      onStep: ({ note }) => /^on 24 nodes/.test(note ?? "") && controller.abort(),
    });
    const resume = checkpoints.at(-1);
    expect(resume?.mark?.rung).toBe(1);
    const resumed = await solve(economy, { resume });
    expect(resumed.prices.data).toEqual(whole.prices.data);
    expect(untimed(resumed)).toEqual(untimed(whole));
  });

  test("a checkpoint of a solve without a ladder goes on without one", async () => {
    const economy = smooth(216);
    const { checkpoints, solution } = await withCheckpoints(economy, { ladder: false });
    expect(checkpoints[3].mark).toBeUndefined();
    const resumed = await solve(economy, { resume: checkpoints[3] });
    expect(untimed(resumed)).toEqual(untimed(solution));
  });
});

describe("climb", () => {
  const economy = smooth(243);
  const coarser = coarserGrids(economy, 10_000);
  const settings: LadderOptions = {
    start: undefined,
    maxSteps: 10_000,
    patience: 200,
    target: 1e-11,
    tolerance: 1e-8,
  };

  interface Told {
    readonly status?: Status;
    readonly residual?: number;
    readonly steps?: number;
    /** log prices over time; default smooth. */
    readonly logPrice?: (t: number) => number;
  }

  /** Climbs with solves that end as told, and what each of them was asked. */
  async function climbing(told: readonly Told[], options: Partial<LadderOptions> = {}) {
    const asked: (Asked & { nodes: number; aim: number })[] = [];
    const climbed = await climb(economy, coarser, { ...settings, ...options }, (grid, request) => {
      const {
        status = "solved",
        residual = 1e-7,
        steps = 10,
        logPrice = Math.sin,
      } = told[asked.length] ?? {};
      asked.push({ ...request, nodes: grid.grid.nodes, aim: request.target(0.1) });
      request.save?.({ steps } as RunMemory);
      const prices = new Float64Array(grid.commodities.length * grid.grid.nodes);
      prices.forEach((_, k) => {
        prices[k] = Math.exp(logPrice(grid.grid.t[k % grid.grid.nodes]));
      });
      const loop = { status, residual, steps, prices, trace: [], poorest: 0, starved: false, period: null };
      return Promise.resolve({ loop, evaluations: 2 * steps } as Level);
    });
    return { climbed, asked, nodes: asked.map((request) => request.nodes) };
  }

  test("coarse to fine, each from the one before", async () => {
    const { climbed, asked, nodes } = await climbing([]);
    expect(nodes).toEqual([9, 27, 81, 243]);
    expect(asked.map(({ start }) => start?.grid?.nodes)).toEqual([undefined, 9, 27, 81]);
    expect([climbed.steps, climbed.evaluations]).toEqual([43, 80]);
    // To 1e-4 of the square of a first residual of 0.1, and at last all the way.
    for (const { aim } of asked.slice(0, 3)) expect(aim).toBeCloseTo(1e-6, 20);
    expect(asked[3].aim).toBe(1e-11);
  });

  test("a coarse grid that leads nowhere ends the ladder", async () => {
    for (const told of [{ status: "stalled", residual: 0.5 }, { status: "slo-unaffordable" }] as const) {
      const { asked, nodes } = await climbing([{}, told]);
      expect(nodes).toEqual([9, 27, 243]);
      expect(asked[2].start).toBeUndefined();
      expect(asked[2].maxSteps).toBe(10_000 - 22);
    }
  });

  test("one that came near is good enough", async () => {
    const { nodes } = await climbing([{ status: "max-steps", residual: 0.05 }]);
    expect(nodes).toEqual([9, 27, 81, 243]);
  });

  test("a solution that is rough ends the ladder, where that can be told", async () => {
    const rough = { logPrice: (t: number) => Math.sin(1e4 * t) };
    const late = await climbing([rough, {}, rough]);
    expect(late.nodes).toEqual([9, 27, 81, 243]);
    expect(late.asked[3].start).toBeUndefined();
    const early = await climbing([{}, rough]);
    expect(early.nodes).toEqual([9, 27, 243]);
    expect(early.asked[2].start).toBeUndefined();
  });

  test.each(["stalled", "cycling", "diverged", "non-finite", "linear-solve-failed", "max-steps"] as const)(
    "%s from prolonged prices: the plain start deserves its own attempt",
    async (status) => {
      const { asked, nodes, climbed } = await climbing([{}, {}, {}, { status }, { status: "cycling" }]);
      expect(nodes).toEqual([9, 27, 81, 243, 243]);
      expect([asked[3].maxSteps, asked[3].share]).toEqual([200, 10_000 - 33]);
      expect(asked[4].start).toBeUndefined();
      expect(asked[4].maxSteps).toBe(10_000 - 44);
      expect(climbed.level.loop.status).toBe("cycling");
    },
  );

  test.each(["solved", "uncertified", "slo-unaffordable", "cancelled"] as const)(
    "%s is final",
    async (status) => {
      const { nodes } = await climbing([{}, {}, {}, { status }]);
      expect(nodes).toEqual([9, 27, 81, 243]);
    },
  );

  test("no second attempt when the steps are used up", async () => {
    const { nodes } = await climbing([{}, {}, {}, { status: "max-steps", steps: 9967 }]);
    expect(nodes).toEqual([9, 27, 81, 243]);
  });

  test("a given start is what the plain attempt begins at", async () => {
    const start = { grid: null, prices: new Map([["plan/x", Float64Array.of(2)]]) };
    const { asked } = await climbing([{ status: "stalled", residual: 1 }], { start });
    expect(asked.map((request) => request.start)).toEqual([start, start]);
  });

  test("cancelled: straight to the economy's own grid, and no more checkpoints", async () => {
    const controller = new AbortController();
    controller.abort();
    const saved: number[] = [];
    const save: LadderOptions["save"] = (_run, { rung }) => saved.push(rung);
    const { nodes } = await climbing([{ status: "cancelled", residual: 0.01 }], {
      signal: controller.signal,
      save,
    });
    expect(nodes).toEqual([9, 243]);
    expect(saved).toEqual([]);
  });
});
