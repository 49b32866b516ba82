import { availableParallelism } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { BatchDraft, WasmBatch } from "../../src/backends/wasm/batch.js";
import { BatchRoom, type RoomOptions } from "../../src/backends/wasm/batch-room.js";
import { WasmBatches } from "../../src/backends/wasm/batches.js";
import type { Kernels } from "../../src/backends/wasm/kernels.js";
import { WasmMarket } from "../../src/backends/wasm/market.js";
import { BackendFailedError, BackendUnavailableError } from "../../src/core/errors.js";
import { defineEconomy } from "../../src/economy/build.js";
import type { Economy } from "../../src/economy/economy.js";
import type { BatchMarket } from "../../src/market/batch.js";
import { BatchOfMarkets } from "../../src/market/batch-of-markets.js";
import { layOut } from "../../src/market/layout.js";
import type { Market } from "../../src/market/market.js";
import { ReferenceMarket } from "../../src/market/reference.js";
import { type DagOptions, dagSpec } from "../support/dag-economies.js";
import { type RandomOptions, randomSpec } from "../support/economies.js";
import { randomLogPrices } from "../support/prices.js";
import { requireOrSkip } from "../support/require.js";

const FAMILIES = ["point", "ellipsoid", "modes", "sum", "hull"] as const;

/** Economies of one structure: every family with kernels, one orchestrator or several, floors. */
function randoms(count: number, options: RandomOptions = {}): Economy[] {
  return Array.from({ length: count }, (_, seed) =>
    defineEconomy(
      randomSpec(seed, {
        agents: 5,
        nodes: 6,
        families: FAMILIES,
        orchestrators: 1 + (seed % 3),
        floors: seed % 2 === 0,
        ...options,
      }),
    ),
  );
}

/** Two who own the same parts of everything, and want different things. */
function proportional(seed: number): Economy {
  const spec = randomSpec(seed, { agents: 5, nodes: 6, families: FAMILIES, orchestrators: 2 });
  const owners = Object.entries(spec.orchestrators).map(([name, one]) => {
    const [share] = Object.values(one.shares ?? {}) as number[];
    return [name, { ...one, endowment: { gpu: 4 * share } }];
  });
  return defineEconomy({ ...spec, orchestrators: Object.fromEntries(owners) });
}

function dags(count: number, options: DagOptions): Economy[] {
  const shape = { agents: 6, metrics: 3, nodes: 5, ...options };
  return Array.from({ length: count }, (_, seed) =>
    defineEconomy(dagSpec(seed, { ...shape, orchestrators: 1 + (seed % 2), floors: 0.3 })),
  );
}

interface Opened {
  readonly batch: WasmBatch;
  readonly room: BatchRoom;
}

function open(economies: readonly Economy[], options: RoomOptions = {}, vectors?: number): Opened {
  const draft = new BatchDraft(economies.map(layOut));
  const room = new BatchRoom(draft.bytes(options.threads ?? 1, vectors), economies.length, options);
  onTestFinished(() => room.dispose());
  return { room, batch: new WasmBatch(draft, room) };
}

/** Vectors of any batch as one array an economy. */
function partsOf(v: unknown, [batch, M, N]: readonly [number, number, number]): Float64Array[] {
  if (!(v instanceof Float64Array)) return (v as Float64Array[]).map((own) => own.slice());
  return Array.from({ length: batch }, (_, b) => v.slice(b * M * N, (b + 1) * M * N));
}

/** What was asked, and what came. */
type Seen = [what: string, values: ArrayLike<number>][];

/** Asks a batch everything there is, of some of its economies at a time; what is said of economies in the order of their indices. */
async function everything<V>(market: BatchMarket<V>, starts: Float64Array, order: number[]): Promise<Seen> {
  const seen: Seen = [];
  const see = (what: string, v: V) => {
    for (const b of [...order].sort((a, b) => a - b))
      seen.push([`${what} ${b}`, partsOf(v, market.shape)[b]]);
  };
  const some = order.filter((_, k) => k % 3 !== 1);
  const q = market.enter(starts);
  const [f, g, h, next] = [market.create(), market.create(), market.create(), market.create()];
  see("enter", q);
  // Only steps that are clipped are watched for goods that are on their way to being free, of which batches know nothing.
  for (const [live, clip] of [
    [order, Infinity],
    [some, Infinity],
    [order, 0.5],
  ] as const) {
    const readouts = await market.residual(q, f, live);
    for (const [k, b] of live.entries()) {
      const { worst, poorest, probe, ...readout } = readouts[k];
      const said = Object.entries(readout).sort(([a], [c]) => a.localeCompare(c));
      seen.push([`readout ${b}`, [...probe, ...said.map(([, value]) => Number(value))]]);
    }
    const norms = readouts.map(({ norm }) => norm);
    see("residual", f);
    await market.precondition(f, g, live);
    see("precondition", g);
    await market.precondition(g, h, live);
    see("precondition again", h);
    market.reweigh(0.1, live);
    const products = await market.dots([f, g, h, q, f], [g, f, h], live);
    live.forEach((b, k) => {
      seen.push([`dots ${b}`, products.slice(15 * k, 15 * (k + 1))]);
    });
    market.combine([1, 0, -0.5], [f, g, h], next, live);
    market.combine(
      [1, 0.25],
      [next, g],
      next,
      live,
      norms.map((norm) => (norm > 1 ? 0 : norm)),
    );
    see("combine", next);
    const own = norms.flatMap((norm) => [0.3 / (1 + norm), norm > 1 ? 0 : 0.2, -0.1]);
    market.advance(q, own, [g, h, f], clip, next, live);
    see("advance", next);
    market.combine([1], [next], q, live);
    // What follows the last residual still goes by its prices, which are gone.
    await market.precondition(f, g, live);
    see("precondition where it was", g);
  }
  for (const b of order) seen.push([`prices ${b}`, await market.prices(q, b)]);
  return seen;
}

/** The largest difference, relative to 1 + |expected|, and where. */
function farthest(found: Seen, expected: Seen): [number, string] {
  let worst: [number, string] = [0, ""];
  expected.forEach(([what, values], i) => {
    expect(found[i][0]).toBe(what);
    expect(found[i][1].length).toBe(values.length);
    for (let k = 0; k < values.length; k++) {
      const [x, y] = [found[i][1][k], values[k]];
      const error = Object.is(x, y) ? 0 : Math.abs(x - y) / (1 + Math.abs(y));
      if (!(error <= worst[0])) worst = [error, `${what}: ${x} for ${y}`];
    }
  });
  return worst;
}

function startsOf(economies: readonly Economy[], width: number, first = 0): Float64Array {
  const size = economies[0].commodities.length * economies[0].grid.nodes;
  const each = economies.map((_, b) => randomLogPrices(first + b, size, width).map(Math.exp));
  return Float64Array.from(each.flatMap((prices) => [...prices]));
}

const indices = (list: readonly unknown[]) => [...list.keys()];

describe.each([
  ["every family", randoms(7)],
  ["one instant", randoms(4, { nodes: 1 })],
  ["an odd number of instants, nearly equal elasticities", randoms(4, { nodes: 17, elasticity: [0.9, 1.1] })],
  ["more instants than a stretch of sums", randoms(2, { nodes: 259, agents: 5, metrics: 1 })],
  ["proportional incomes", [1, 2].map(proportional)],
  ["DAGs of ellipsoids", dags(4, { family: "ellipsoid" })],
  ["DAGs of hulls", dags(3, { family: "hull" })],
  ["DAGs of modes", dags(3, { family: "modes", nodes: 16 })],
])("a batch of %s", (_, economies) => {
  test.each([0.3, 4])("answers as a market of each, at log prices within ± %d", async (width) => {
    const { batch } = open(economies);
    const starts = startsOf(economies, width);
    const order = indices(economies).reverse();
    const found = await everything(batch, starts, order);
    for (const market of [WasmMarket, ReferenceMarket] as (new (
      economy: Economy,
    ) => Market<Float64Array>)[]) {
      const alone = new BatchOfMarkets(economies.map((economy) => new market(economy)));
      expect(batch.hints).toEqual(alone.hints);
      expect(batch.shape).toEqual(alone.shape);
      const [error, where] = farthest(found, await everything(alone, starts, order));
      expect(error, `${market.name}, ${where}`).toBeLessThan(1e-10);
      alone.dispose();
    }
  });
});

test("where of what is farthest from clearing, and who is poorest", async () => {
  const economies = randoms(6);
  const { batch } = open(economies);
  const starts = startsOf(economies, 1);
  const readouts = batch.residual(batch.enter(starts), batch.create(), indices(economies));
  const alone = new BatchOfMarkets(economies.map((economy) => new ReferenceMarket(economy)));
  const expected = await alone.residual(alone.enter(starts), alone.create(), indices(economies));
  const said = (all: typeof readouts) => all.map(({ worst, poorest }) => [worst, poorest]);
  expect(said(readouts)).toEqual(said(expected));
  expect(new Set(expected.map(({ poorest }) => poorest)).size).toBeGreaterThan(1);
});

test("what follows the last residual goes by its prices, whatever has been written over the vector since", () => {
  const economies = randoms(3);
  const all = indices(economies);
  const step = (write: (batch: WasmBatch, q: Float64Array, v: Float64Array) => void) => {
    const { batch } = open(economies);
    const [q, f, v, out] = [batch.enter(startsOf(economies, 1)), ...[0, 1, 2].map(() => batch.create())];
    v.fill(0.5);
    batch.residual(q, f, all);
    write(batch, q, v);
    batch.precondition(f, out, all);
    batch.reweigh(0.1, all);
    return [...out, ...batch.dots([out], [f], all)];
  };
  const expected = step(() => {});
  expect(step((batch, q, v) => batch.combine([1], [v], q, all))).toEqual(expected);
  expect(step((batch, q, v) => batch.precondition(v, q, all))).toEqual(expected);
  expect(step((batch, q, v) => batch.advance(v, [1], [v], 1, q, all))).toEqual(expected);
});

test("proportional incomes have a potential", () => {
  expect(layOut(proportional(1)).aggregation).toBe("proportional");
});

/** Economy b of a batch as if it were alone. */
function ofOne(seen: Seen, b: number): Seen {
  return seen
    .filter(([what]) => what.endsWith(` ${b}`))
    .map(([what, values]) => [what.replace(/ \d+$/, ""), values]);
}

test("whatever else is in the batch, and in whatever order, an economy's numbers are the same to the last bit", async () => {
  const economies = randoms(9);
  const starts = startsOf(economies, 1);
  const size = starts.length / economies.length;
  const all = await everything(open(economies).batch, starts, indices(economies));
  const chosen = [6, 0, 3];
  // All of them are among those that are asked each time.
  const some = await everything(
    open(chosen.map((b) => economies[b])).batch,
    Float64Array.from(chosen.flatMap((b) => [...starts.subarray(b * size, (b + 1) * size)])),
    [0, 2, 1],
  );
  for (const [k, b] of chosen.entries()) {
    if (k === 2) continue;
    const [error, where] = farthest(ofOne(some, k), ofOne(all, b));
    expect(error, where).toBe(0);
  }
});

test("economies that are not live are left alone: no bit of theirs changes, no kernel works for them", () => {
  const economies = randoms(6);
  const { batch, room } = open(economies);
  const q = batch.enter(startsOf(economies, 1));
  const [f, g, out] = [batch.create(), batch.create(), batch.create()];
  const all = indices(economies);
  batch.residual(q, f, all);
  batch.precondition(f, g, all);
  batch.reweigh(0.1, all);
  const ended = [1, 4];
  const live = [5, 0, 3, 2];
  const vectors = [q, f, g, out];
  const size = q.length / economies.length;
  for (const v of vectors) for (const b of ended) v.fill(Number.NaN, b * size, (b + 1) * size);
  const before = vectors.map((v) => partsOf(v, batch.shape));
  const blocks = new Map<string, number>();
  const counted = Object.entries(room.threads.kernels).map(([name, call]) => [
    name,
    typeof call === "function"
      ? (...args: number[]) => {
          blocks.set(name, (blocks.get(name) ?? 0) + args[3] - args[2]);
          return call(...args);
        }
      : call,
  ]);
  (room.threads as { kernels: Kernels }).kernels = Object.fromEntries(counted);
  batch.residual(q, f, live);
  batch.precondition(f, g, live);
  batch.reweigh(0.1, live);
  batch.combine([1, -1], [f, g], out, live);
  batch.advance(q, [0.5, 0], [g, f], 1, out, live);
  expect(batch.dots([f, g], [out], live).length).toBe(8);
  expect(batch.dots([f], [g], live).every(Number.isFinite)).toBe(true);
  for (const name of ["residual", "precondition", "reweigh", "combine", "advance"])
    expect(blocks.get(`batch_${name}`), name).toBe(live.length);
  for (const [k, v] of vectors.entries()) {
    const now = partsOf(v, batch.shape);
    for (const b of ended) expect(now[b]).toEqual(before[k][b]);
    if (v !== q) for (const b of live) expect(now[b].every(Number.isFinite)).toBe(true);
  }
  batch.residual(q, f, []);
  expect(blocks.get("batch_residual")).toBe(live.length);
});

test("vectors with coefficient 0 are not looked at, economy by economy", () => {
  const economies = randoms(2);
  const { batch } = open(economies);
  const q = batch.enter(startsOf(economies, 1));
  const [unknown, out] = [batch.create().fill(Number.NaN), batch.create()];
  batch.combine([2, 0, 0, 1], [q, unknown], out, [1, 0]);
  const [own, other] = partsOf(out, batch.shape);
  expect(other).toEqual(partsOf(q, batch.shape)[1].map((x) => 2 * x));
  expect(own.every(Number.isNaN)).toBe(true);
  batch.residual(q, out, [0, 1]);
  batch.advance(q, [0, 0.1], [unknown, q], 1, out, [0, 1]);
  expect(out.every(Number.isFinite)).toBe(true);
});

test("prices that vanish: no number is made up", () => {
  const economies = randoms(2);
  const { batch } = open(economies);
  const q = batch.enter(startsOf(economies, 1));
  const size = q.length / 2;
  batch.advance(q, [1], [batch.create()], 1, q, [0, 1]);
  q.fill(-500, size);
  const [one, other] = batch.residual(q, batch.create(), [0, 1]);
  expect([one.finite, other.finite, other.clearing]).toEqual([true, false, Infinity]);
  q.fill(Number.NaN, size);
  expect(batch.residual(q, batch.create(), [1])[0].finite).toBe(false);
});

test("vectors of others, too many of them, and no room for more", () => {
  const [economies, others] = [randoms(2), randoms(2)];
  const [{ batch }, { batch: other }] = [open(economies, {}, 5), open(others)];
  const v = batch.create();
  expect(() => batch.residual(other.create(), v, [0])).toThrow(TypeError);
  expect(() => batch.combine([1], [new Float64Array(v.length)], v, [0])).toThrow(TypeError);
  expect(() => batch.combine(new Array(65).fill(1), new Array(65).fill(v), v, [0])).toThrow(RangeError);
  expect(() => {
    for (let k = 0; k < 20; k++) batch.create();
  }).toThrow(BackendFailedError);
});

test("more than a memory holds", () => {
  const draft = new BatchDraft(randoms(2).map(layOut));
  expect(() => new BatchRoom(draft.bytes(1, 10_000_000), 2, {})).toThrow(BackendUnavailableError);
});

test("one batch after the other in the same memory, larger ones in another", async () => {
  const batches = new WasmBatches(0);
  onTestFinished(() => batches.dispose());
  for (const economies of [randoms(4), randoms(3, { elasticity: [2, 3] }), randoms(8), randoms(5)]) {
    const opened = batches.open(economies);
    const market = opened?.market as BatchMarket<Float64Array>;
    expect(opened?.members).toEqual(indices(economies));
    const starts = startsOf(economies, 1);
    const found = await everything(market, starts, indices(economies));
    const expected = await everything(open(economies).batch, starts, indices(economies));
    expect(farthest(found, expected)).toEqual([0, ""]);
  }
});

test("only those economies are in it that kernels alone can evaluate", () => {
  const batches = new WasmBatches(0);
  onTestFinished(() => batches.dispose());
  const factory = randoms(1, { families: ["factory"] })[0];
  // Nobody wants gpu.
  const idle = randoms(1, { families: ["point"] })[0];
  const [one, two] = randoms(2);
  expect(batches.open([factory, one, idle, two])?.members).toEqual([1, 3]);
  expect(batches.open([factory, idle])).toBeNull();
});

describe("on two threads", () => {
  if (!requireOrSkip("two processors", availableParallelism() > 1)) return;
  const economies = randoms(24, { nodes: 60, agents: 10 });

  /** With its other thread at work. */
  async function opened(options: RoomOptions = {}) {
    const { batch, room } = open(economies, { threads: 2, ...options });
    const v = batch.create();
    await expect
      .poll(() => {
        batch.combine([], [], v, indices(economies));
        return room.threads.count;
      })
      .toBe(2);
    return { batch, threads: room.threads as unknown as { workers: { terminate(): unknown }[] } };
  }

  test("the same bits as on one", async () => {
    const starts = startsOf(economies, 1);
    const expected = await everything(open(economies).batch, starts, indices(economies));
    const { batch } = await opened();
    for (let round = 0; round < 2; round++) {
      const found = await everything(open(economies).batch, starts, indices(economies));
      expect(farthest(found, expected)).toEqual([0, ""]);
    }
    expect(farthest(await everything(batch, starts, indices(economies)), expected)).toEqual([0, ""]);
  });

  test("a thread that is gone fails the backend", async () => {
    const { batch, threads } = await opened();
    await threads.workers[0].terminate();
    expect(() => batch.residual(batch.create(), batch.create(), indices(economies))).toThrow(
      BackendFailedError,
    );
  });

  test("a thread that does not answer fails it when patience is over", async () => {
    const { batch, threads } = await opened({ patience: 50 });
    threads.workers.push({ terminate: () => undefined });
    expect(() => batch.residual(batch.create(), batch.create(), indices(economies))).toThrow(
      /does not answer/,
    );
  });
});
