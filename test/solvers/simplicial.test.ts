import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { uniformSource } from "../../src/core/rng.js";
import type { Economy } from "../../src/economy/economy.js";
import type { EconomySpec } from "../../src/economy/schema.js";
import { defineEconomy, solve } from "../../src/index.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import type { Solution } from "../../src/solve/solution.js";
import { iterate, type LoopOptions, type RunMemory } from "../../src/solvers/loop.js";
import type { Level, Turn } from "../../src/solvers/parts/simplicial-level.js";
import type { Complete } from "../../src/solvers/parts/simplicial-path.js";
import { vertexOf } from "../../src/solvers/parts/triangulation.js";
import { MOST_PRICES, simplicial } from "../../src/solvers/simplicial.js";
import { evaluate, type Problem, type Solver } from "../../src/solvers/solver.js";
import { randomSpec } from "../support/economies.js";
import { sharedCases } from "../support/require.js";

const solver = simplicial() as Solver;
const solved = (economy: Economy, options: Parameters<typeof solve>[1] = {}): Promise<Solution> =>
  solve(economy, { solver, ...options });

/** Prices to begin from, of one instant. */
function startAt(economy: Economy, prices: readonly number[]) {
  const named = economy.commodities.map(({ name }, m) => [name, Float64Array.of(prices[m])] as const);
  return { grid: null, prices: new Map(named) };
}

/** Largest relative difference from the nearest of several price vectors, all scaled to sum 1. */
function distance(prices: ArrayLike<number>, answers: readonly (readonly number[])[]): number {
  const scaled = (p: ArrayLike<number>): number[] => {
    const sum = Array.from(p).reduce((total, x) => total + x, 0);
    return Array.from(p, (x) => x / sum);
  };
  const p = scaled(prices);
  return Math.min(...answers.map((a) => Math.max(...scaled(a).map((x, m) => Math.abs(p[m] / x - 1)))));
}

/** An exchange economy of one instant: what each owns, what each wants, with which elasticity. */
function exchange(
  goods: readonly string[],
  people: readonly {
    readonly owns: Record<string, number>;
    readonly wants: Record<string, number>;
    readonly elasticity: number;
    readonly floors?: Record<string, number>;
  }[],
): Economy {
  return defineEconomy({
    format: "walras/1",
    commodities: Object.fromEntries(goods.map((good) => [good, {}])),
    orchestrators: Object.fromEntries(
      people.map(({ owns, wants, elasticity, floors }, i) => [
        `c${i}`,
        {
          endowment: owns,
          ...(floors === undefined ? {} : { floors }),
          preferences: { root: "u", nodes: { u: { elasticity, inputs: wants } } },
        },
      ]),
    ),
  });
}

const namesOf = (n: number): string[] => Array.from({ length: n }, (_, k) => `g${k}`);

/** Everybody owns one good and wants more of it than of the next one: with little substitution prices run in circles. */
function circle(seed: number, n: number): Economy {
  const uniform = uniformSource(seed);
  const goods = namesOf(n);
  const about = (x: number): number => x * (0.7 + 0.6 * uniform());
  return exchange(
    goods,
    goods.map((own, i) => ({
      owns: { [own]: about(1) },
      wants: { [own]: about(1.4), [goods[(i + 1) % n]]: about(1) },
      elasticity: 0.02 + 0.05 * uniform(),
    })),
  );
}

/** Random exchange: several consumers, substitutes and complements, endowments over `decades`. */
function randomExchange(seed: number, n: number, decades: number): Economy {
  const uniform = uniformSource(seed);
  const goods = namesOf(n);
  const people = Math.min(n, 2 + Math.floor(uniform() * 3));
  return exchange(
    goods,
    Array.from({ length: people }, (_, i) => ({
      owns: Object.fromEntries(
        goods.flatMap((good, k) =>
          k % people === i || uniform() < 0.4 ? [[good, 10 ** (decades * (uniform() - 0.5))]] : [],
        ),
      ),
      wants: Object.fromEntries(goods.map((good) => [good, 0.01 + uniform() ** 2])),
      elasticity: 0.2 * 40 ** uniform(),
    })),
  );
}

const folder = sharedCases();
describe.skipIf(folder === null)("economies with known equilibria (../shared/cases)", () => {
  const files = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith(".json"));

  test.each(files)("%s, from p = 1 and from far away, in few evaluations", async (file) => {
    const { economy: spec, answers } = JSON.parse(readFileSync(join(folder as string, file), "utf8"));
    const economy = defineEconomy(spec as EconomySpec);
    for (const start of [() => 1, (m: number) => 1 + 3 * ((m * 7) % 5), (m: number) => 10 ** ((m % 5) - 2)]) {
      const prices = economy.commodities.map((_, m) => start(m));
      const solution = await solved(economy, { tolerance: 1e-9, start: startAt(economy, prices) });
      expect(solution.status).toBe("solved");
      expect(solution.certificate.clearing).toBeLessThan(1e-11);
      expect(distance(solution.prices.data, answers)).toBeLessThan(1e-9);
      expect(solution.evaluations).toBeLessThan(20 * economy.commodities.length);
    }
  });
});

describe("where tâtonnement runs in circles", () => {
  test.each([
    ["xyz", [1, 1, 1]],
    ["yzx", [1, 1, 1]],
    ["zxy", [1, 1, 1]],
    ["xyz", [10, 20, 400]],
    ["zxy", [10, 20, 400]],
  ] as const)("Scarf's economy with endowments %s in proportions %s", async (owners, [x, y, z]) => {
    const goods = { x, y, z };
    const pairs = ["xy", "yz", "xz"].map((pair) => [...pair] as (keyof typeof goods)[]);
    const economy = exchange(
      ["x", "y", "z"],
      pairs.map((pair, i) => ({
        owns: { [owners[i]]: goods[owners[i] as keyof typeof goods] },
        wants: Object.fromEntries(pair.map((good) => [good, goods[good]])),
        elasticity: 0,
      })),
    );
    for (const prices of [
      [0.5, 0.3, 0.2],
      [1, 100, 3],
      [1e-4, 1, 1e-2],
    ]) {
      const solution = await solved(economy, { start: startAt(economy, prices) });
      expect(solution.status).toBe("solved");
      expect(solution.certificate.clearing).toBeLessThan(1e-10);
    }
  });

  test("random ones of three goods: tâtonnement is cycling in most, here all are solved", async () => {
    let cycling = 0;
    for (let seed = 0; seed < 12; seed++) {
      const economy = circle(seed, 3);
      if ((await solve(economy, { solver: "tatonnement", maxSteps: 2000 })).status === "cycling") cycling++;
      const solution = await solved(economy);
      expect(solution.status).toBe("solved");
      expect(solution.certificate.clearing).toBeLessThan(1e-10);
    }
    expect(cycling).toBeGreaterThan(6);
  });

  test.each([4, 5, 6])("random ones of %d goods", async (n) => {
    for (let seed = 0; seed < 10; seed++) {
      const solution = await solved(circle(seed, n), { maxSteps: 2000 });
      expect([seed, solution.status]).toEqual([seed, "solved"]);
    }
  });
});

describe("random economies", () => {
  test("exchange, elasticities 0.2 … 8, endowments over up to four decades", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 2, max: 9 }),
        fc.constantFrom(0, 1, 4),
        async (seed, n, decades) => {
          const solution = await solved(randomExchange(seed, n, decades));
          expect(solution.status).toBe("solved");
          expect(solution.certificate.clearing).toBeLessThan(1e-10);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("production of every family, up to three orchestrators, floors", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        async (seed, orchestrators, floors) => {
          const spec = randomSpec(seed, { agents: 4, metrics: 2, nodes: 1, orchestrators, floors });
          const solution = await solved(defineEconomy(spec));
          expect(solution.status).toBe("solved");
          expect(solution.certificate.clearing).toBeLessThan(1e-10);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("of thirty prices", async () => {
    const solution = await solved(randomExchange(3, MOST_PRICES, 1));
    expect(solution.status).toBe("solved");
    expect(solution.certificate.clearing).toBeLessThan(1e-10);
  });
});

interface Seen {
  readonly level: Level;
  readonly turn: Turn;
  readonly centre: Float64Array;
  readonly vertices: readonly string[];
}

/** Every level of a solve, driven by hand on a market of its own. */
async function levelsOf(economy: Economy, most: number): Promise<Seen[]> {
  const market = new ReferenceMarket(economy);
  const problem: Problem<Float64Array> = { market, step: 0.1, clip: 1 };
  const own = simplicial<Float64Array>();
  const start = market.enter(new Float64Array(economy.commodities.length).fill(1));
  let state = own.init(problem, await evaluate(market, start));
  const seen: Seen[] = [];
  let vertices: string[] = [];
  for (let k = 0; k < most && state.readout.clearing > 1e-11 && !state.stuck; k++) {
    const place = state.at;
    if (place?.level.turn) {
      const { level, centre } = place;
      seen.push({ level, turn: place.level.turn, centre, vertices });
      vertices = [];
    } else if (place) {
      const { base, order } = place.level.path.simplex;
      vertices.push(`${base.join(",")} ${order.join(",")}`);
    }
    state = await own.step(problem, state);
  }
  return seen;
}

describe("the levels of a solve", () => {
  const economies = [
    ...[0, 1, 2, 3].map((seed) => circle(seed, 3 + seed)),
    ...[0, 1, 2].map((seed) => randomExchange(seed, 5, 2)),
  ];

  test("end in simplices that excess demand completes, evaluated once more by itself", async () => {
    let complete = 0;
    for (const economy of economies) {
      for (const { level, turn, centre } of await levelsOf(economy, 1000)) {
        if (turn.why !== "complete") continue;
        complete++;
        const { simplex, weights } = turn.simplex as Complete;
        const market = new ReferenceMarket(economy);
        const f = weights.map((_, i) => {
          const q = centre.map((x, k) => x + level.mesh * vertexOf(simplex, i)[k]);
          const out = market.create();
          market.residual(q, out);
          return out;
        });
        const mixed = Array.from(centre, (_, h) => f.reduce((sum, F, i) => sum + weights[i] * F[h], 0));
        const size = Math.max(...f.map((F) => Math.max(...F) - Math.min(...F)));
        expect(weights.length).toBe(centre.length);
        expect(Math.max(...mixed) - Math.min(...mixed)).toBeLessThan(1e-6 * size + 1e-13);
      }
    }
    expect(complete).toBeGreaterThan(3 * economies.length);
  });

  test("pass no simplex twice", async () => {
    for (const economy of economies) {
      for (const { vertices } of await levelsOf(economy, 1000)) {
        expect(new Set(vertices).size).toBe(vertices.length);
      }
    }
  });

  test("converge quadratically: local levels of n + 1 evaluations, meshes squared", async () => {
    const levels = await levelsOf(circle(2, 5), 1000);
    const local = levels.filter(({ level }) => level.local !== null).slice(-3);
    expect(local.length).toBe(3);
    for (const { vertices, turn } of local) {
      expect(turn.why).toBe("complete");
      expect(vertices.length).toBeLessThanOrEqual(2 * 5);
    }
    const [a, b, c] = local.map(({ level }) => level.mesh);
    expect(Math.log(c / b) / Math.log(b / a)).toBeGreaterThan(1.5);
  });
});

describe("goods that are free", () => {
  const maker = (gpu: number, nodes: number) =>
    defineEconomy({
      format: "walras/1",
      time: { horizon: 24, nodes },
      commodities: { gpu: {} },
      agents: {
        maker: {
          production: {
            set: "ellipsoid",
            center: { work: 1, speed: 0.5, gpu: -2 },
            radius: { work: 0.3, speed: 0.2 },
          },
        },
        other: { production: { set: "ellipsoid", center: { work: 1 } } },
      },
      orchestrators: {
        main: {
          endowment: { gpu },
          preferences: {
            root: "u",
            nodes: {
              u: { elasticity: 0.5, inputs: { "maker/work": 0.5, "maker/speed": 0.2, "other/work": 0.3 } },
            },
          },
        },
      },
    });

  test.each([20, 2.5, 2.01])("idle capacity of %d is certified free", async (gpu) => {
    const solution = await solved(maker(gpu, 3));
    expect(solution.status).toBe("solved");
    expect(solution.certificate.free).toEqual([{ commodity: "gpu", nodes: [0, 1, 2] }]);
  });

  test("complements in unequal proportions leave one of them idle", async () => {
    const economy = exchange(
      ["x", "y", "z"],
      [
        { owns: { x: 1, z: 0.1 }, wants: { x: 1, y: 1, z: 0.3 }, elasticity: 0 },
        { owns: { y: 5, z: 2 }, wants: { x: 1, y: 0.5, z: 1 }, elasticity: 0 },
      ],
    );
    const solution = await solved(economy);
    expect(solution.status).toBe("solved");
    expect(solution.certificate.free.map(({ commodity }) => commodity)).toContain("y");
    expect(solution.prices.get(1, 0)).toBe(0);
  });

  test("prices decades apart are not: the floors give way", async () => {
    for (const [elasticity, plenty] of [
      [0.02, 3],
      [0.05, 12],
      [0.2, 1e4],
    ]) {
      const economy = exchange(
        ["x", "y"],
        [{ owns: { x: 1, y: plenty }, wants: { x: 0.5, y: 0.5 }, elasticity }],
      );
      const solution = await solved(economy);
      expect(solution.status).toBe("solved");
      const [x, y] = solution.prices.data;
      expect(Math.log(x / y)).toBeCloseTo(Math.log(plenty) / elasticity, 7);
    }
  });

  test("nor is one whose floor is worth as much as all the others' excess", async () => {
    // At its first floor the plentiful good still earns 1e-9 of what the scarce one does.
    const economy = randomExchange(148505, 2, 4);
    const solution = await solved(economy, { maxSteps: 500 });
    expect(solution.status).toBe("solved");
    expect(solution.prices.get(0, 0)).toBeGreaterThan(0);
    expect(solution.prices.get(0, 0)).toBeLessThan(1e-16);
  });

  test("one that is nearly useless falls for ever: a named end", async () => {
    // y substitutes for x with elasticity 0.5 at the most; nobody ever wants half of what there is.
    const economy = exchange(
      ["x", "y", "z"],
      [
        { owns: { x: 1, y: 1e8 }, wants: { x: 1, y: 1 }, elasticity: 0.02 },
        { owns: { z: 1 }, wants: { x: 1, z: 1 }, elasticity: 1 },
      ],
    );
    const solution = await solved(economy, { maxSteps: 3000 });
    expect(["diverged", "stalled", "solved"]).toContain(solution.status);
    expect(Array.from(solution.prices.data).every(Number.isFinite)).toBe(true);
  });
});

/** A run on a market of its own. */
async function run(economy: Economy, options: Partial<LoopOptions> = {}) {
  const market = new ReferenceMarket(economy);
  const prices = new Float64Array(economy.commodities.length * economy.grid.nodes).fill(1);
  const problem = { market, step: market.hints.step, clip: 1 };
  const result = await iterate(
    problem,
    simplicial<Float64Array>(),
    await evaluate(market, market.enter(prices)),
    {
      target: 1e-11,
      tolerance: 1e-8,
      maxSteps: 2000,
      ...options,
    },
  );
  return { ...result, evaluations: market.evaluations };
}

describe("what it cannot do", () => {
  test("more than thirty prices: stuck at once, and said", async () => {
    const result = await run(randomExchange(1, MOST_PRICES + 1, 1));
    expect(result.status).toBe("stalled");
    expect(result.steps).toBe(0);
    expect(result.trace.at(-1)?.note).toBe(`more than ${MOST_PRICES} prices`);
  });

  test("one price is solved as it stands", async () => {
    const economy = exchange(["x"], [{ owns: { x: 2 }, wants: { x: 1 }, elasticity: 1 }]);
    expect((await run(economy)).status).toBe("solved");
  });

  test("a single price that does not clear: stuck, not moved", async () => {
    const market = new ReferenceMarket(circle(1, 2));
    const problem: Problem<Float64Array> = { market, step: 0.1, clip: 1 };
    const own = simplicial<Float64Array>();
    const at = await evaluate(market, market.enter(Float64Array.of(1, 0)));
    const state = await own.step(problem, own.init(problem, at));
    expect(state).toMatchObject({ stuck: true, note: "only one price" });
    expect(await own.step(problem, state)).toBe(state);
  });

  test("floors that no plan can pay are proved so", async () => {
    const economy = exchange(
      ["x", "y"],
      [{ owns: { x: 1, y: 1 }, wants: { x: 1, y: 1 }, elasticity: 1, floors: { x: 0.2, y: 1.5 } }],
    );
    // At equal prices they can be paid; where y is dear they cannot.
    const solution = await solved(economy);
    expect(solution.status).toBe("slo-unaffordable");
  });

  test("no equilibrium at which everybody pays: never solved, and said", async () => {
    // c0 needs three quarters of y but owns x, of which c1 wants hardly anything.
    const economy = exchange(
      ["x", "y"],
      [
        { owns: { x: 1 }, wants: { x: 1, y: 1 }, elasticity: 1, floors: { y: 0.75 } },
        { owns: { y: 1 }, wants: { x: 0.1, y: 1 }, elasticity: 1 },
      ],
    );
    const solution = await solved(economy, { start: startAt(economy, [1, 1]) });
    expect(solution.status).toBe("stalled");
    expect(solution.trace.at(-1)?.note).toContain("cannot pay");
    const prices = await run(economy);
    expect(prices.status).toBe("stalled");
  });

  test("supply that jumps over the equilibrium: the mesh ends at the jump, stalled", async () => {
    const economy = defineEconomy({
      format: "walras/1",
      commodities: {},
      agents: {
        maker: {
          production: {
            set: "hull",
            smoothing: 0,
            trajectories: [
              { x: 2, y: 1 },
              { x: 1, y: 2 },
            ],
          },
        },
      },
      orchestrators: {
        main: {
          preferences: {
            root: "u",
            nodes: { u: { elasticity: 1, inputs: { "maker/x": 1, "maker/y": 1 } } },
          },
        },
      },
    });
    const solution = await solved(economy, { start: startAt(economy, [3, 1]) });
    expect(solution.status).toBe("stalled");
    // It found the only prices at which both trajectories earn the same, though none clears there.
    const [x, y] = solution.prices.data;
    expect(x / y).toBeCloseTo(1, 5);
  });
});

describe("in the loop", () => {
  test("goes on from a checkpoint as if it had never stopped", async () => {
    const economy = circle(2, 5);
    const whole = await run(economy);
    expect(whole.status).toBe("solved");
    for (const stop of [3, 20, whole.steps - 4]) {
      let memory: RunMemory | undefined;
      await run(economy, {
        maxSteps: stop,
        checkpoint: {
          save: (saved) => {
            memory = structuredClone(saved);
          },
          interval: 0,
        },
      });
      const resumed = await run(economy, { resume: memory });
      expect(resumed.status).toBe("solved");
      expect(resumed.prices).toEqual(whole.prices);
      expect(resumed.steps).toBe(whole.steps);
      expect(resumed.evaluations).toBe(whole.evaluations);
    }
  });

  test("a path is no cycle and no stall: it goes on from such a verdict, but not from a true end", async () => {
    const market = new ReferenceMarket(circle(2, 5));
    const problem: Problem<Float64Array> = { market, step: 0.1, clip: 1 };
    const own = simplicial<Float64Array>();
    const best = await evaluate(market, market.enter(new Float64Array(5).fill(1)));
    const state = await own.step(problem, own.init(problem, best));
    for (const verdict of ["cycling", "stalled", "diverged"] as const) {
      const recovered = await own.recover?.(problem, state, best, verdict);
      expect(recovered?.at).toBe(state.at);
      expect(recovered?.q).toBe(best.q);
      expect(recovered?.note).toContain("under way");
    }
    const readout = { ...state.readout, spread: 700 };
    expect(await own.recover?.(problem, { ...state, readout }, best, "diverged")).toBe(null);
    const poor = { ...state.readout, afford: -1 };
    expect(await own.recover?.(problem, { ...state, readout: poor }, best, "stalled")).toBe(null);
    expect(await own.recover?.(problem, { ...state, stuck: true }, best, "stalled")).toBe(null);
  });

  test("a vertex is one evaluation, one step, prices of mean 1; what moves in the probe's plane is the centre", async () => {
    const { steps, evaluations } = await run(circle(1, 4));
    expect(evaluations).toBe(steps + 1);
    const market = new ReferenceMarket(circle(1, 4));
    const problem: Problem<Float64Array> = { market, step: 0.1, clip: 1 };
    const own = simplicial<Float64Array>();
    let state = own.init(problem, await evaluate(market, market.enter(new Float64Array(4).fill(1))));
    let probes = new Set([state.readout.probe.join()]);
    let levels = 0;
    for (let k = 0; k < steps; k++) {
      const turns = state.at?.level.turn !== null && state.at !== null;
      state = await own.step(problem, state);
      expect(state.q.reduce((sum, x) => sum + Math.exp(x) / 4, 0)).toBeCloseTo(1, 12);
      if (turns) {
        probes = new Set();
        levels++;
      }
      expect(probes.add(state.readout.probe.join()).size).toBe(1);
    }
    expect(levels).toBeGreaterThan(3);
  });
});
