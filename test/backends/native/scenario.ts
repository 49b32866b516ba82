import fc from "fast-check";
import type { WasmBatch } from "../../../src/backends/wasm/batch.js";
import type { WasmMarket } from "../../../src/backends/wasm/market.js";
import { uniformSource } from "../../../src/core/rng.js";
import { multiple } from "../../../src/market/market.js";
import { FAMILIES, type Family, randomSpec, type Spec } from "../../support/economies.js";

/** Of which economy what is asked. */
export interface Scenario {
  readonly seed: number;
  readonly agents: number;
  readonly metrics: number;
  readonly nodes: number;
  readonly rule: "midpoint" | "gauss-legendre";
  readonly orchestrators: number;
  readonly families: readonly Family[];
  readonly floors: boolean;
  readonly shared: boolean;
  /** Half of the elasticities become this one: at 1, beside it, at the ends. */
  readonly elasticity: number | null;
  /** Nobody spends anything over part of the horizon. */
  readonly pause: boolean;
  /** Part of the instants whose price is 0, whole rows among them. */
  readonly frozen: number;
  /** Log prices are within ± this. */
  readonly width: number;
}

/** Small ones, of every kind. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.nat(1e6),
  agents: fc.integer({ min: 1, max: 7 }),
  metrics: fc.integer({ min: 1, max: 3 }),
  nodes: fc.oneof(fc.constantFrom(1, 2, 3, 5), fc.integer({ min: 1, max: 70 })),
  rule: fc.constantFrom("midpoint" as const, "gauss-legendre" as const),
  orchestrators: fc.integer({ min: 1, max: 3 }),
  families: fc.shuffledSubarray([...FAMILIES], { minLength: 1 }),
  floors: fc.boolean(),
  shared: fc.boolean(),
  elasticity: fc.constantFrom(null, 0.01, 0.985, 0.999999, 1, 1.001, 1.03, 20),
  pause: fc.boolean(),
  frozen: fc.constantFrom(0, 0.1, 0.6),
  width: fc.constantFrom(0.5, 5, 300, 800),
});

/** Its economy in the file's form. */
export function specOf({ elasticity, pause, ...options }: Scenario): Spec {
  const spec = randomSpec(options.seed, options);
  const uniform = uniformSource(options.seed + 1);
  const change = (value: unknown, key = ""): unknown => {
    if (Array.isArray(value)) return value.map((item) => change(item));
    if (/elasticity$/.test(key) && elasticity !== null && uniform() < 0.5) return elasticity;
    if (key === "discount" && pause) return { t: [0, 3, 4, 10], values: [0, 0, 1, 1] };
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item, name)]));
  };
  return change(spec) as Spec;
}

/** Asks a market for everything that kernels have to do with. */
export function play(market: WasmMarket, { seed, frozen, width }: Scenario): void {
  const uniform = uniformSource(seed + 2);
  const [M, N] = market.shape;
  const cold = Array.from({ length: M }, () => (uniform() < frozen / 2 ? 1 : frozen));
  const prices = Float64Array.from({ length: M * N }, (_, i) =>
    uniform() < cold[Math.floor(i / N)] ? 0 : Math.exp(Math.max(-700, width * (2 * uniform() - 1))),
  );
  if (!prices.some((p) => p > 0)) prices.fill(1);
  const start = market.enter(prices);
  observe(market, start);
  const walked = walk(market, start);
  idle(market, walked, uniform);
  observe(market, walked);
  market.settleFree(0.3);
  observe(market, walk(market, walked));
  market.thaw();
  observe(market, start);
}

/** Everything that does not move prices. */
export function observe(market: WasmMarket, q: Float64Array): void {
  const [f, d, out] = [market.create(), market.create(), market.create()];
  market.residual(q, f);
  market.derivative(q, f, d);
  market.precondition(f, d);
  market.precondition(d, out);
  market.derivative(q, d, out);
  market.slope(d);
  market.reweigh();
  market.reweigh(0.1);
  market.dots([f, d, out], d);
  market.combine([0.5, -2, 1e-3], [f, d, f], f);
  market.prices(q);
  market.anchor();
  market.blend(0.4, out);
  market.blendDerivative(q, 0.4, d, -0.1, out);
  market.recycle(new Set([q]));
}

/** Asks a batch for everything, of all its economies and of some, at prices that vanish too. */
export function playBatch(batch: WasmBatch, { seed, width }: Scenario): void {
  const uniform = uniformSource(seed + 3);
  const [B, M, N] = batch.shape;
  const all = Array.from({ length: B }, (_, b) => B - 1 - b);
  const q = batch.enter(
    Float64Array.from({ length: B * M * N }, () => Math.exp(width * (2 * uniform() - 1))),
  );
  const [f, g, next] = [batch.create(), batch.create(), batch.create()];
  for (const live of [all, all.slice(1), all]) {
    batch.residual(q, f, live);
    batch.residual(q, f, live);
    batch.reweigh(0.1, live);
    batch.precondition(f, g, live);
    batch.dots([q, f, g, next, f], [g, f, q], live);
    batch.combine([1, 0, -0.5], [f, g, q], next, live);
    const own = live.flatMap((b) => [b, 0.3]);
    batch.advance(q, own, [g, f], 0.7, next, live);
    batch.advance(q, own, [g, f], 0.01, q, live);
  }
  q.fill(-600);
  batch.residual(q, f, all);
  batch.advance(q, [1], [g], 1, next, all);
}

/** Steps, with falls and without; the last is not clipped. */
function walk(market: WasmMarket, from: Float64Array): Float64Array {
  const [f, direction] = [market.create(), market.create()];
  let q = from;
  for (const clip of [0.2, 0.5, 0.5, 3, Infinity]) {
    market.residual(q, f);
    market.precondition(f, direction);
    const next = market.create();
    market.advance(q, multiple(0.7, direction), clip, next, clip !== 3);
    q = next;
  }
  market.residual(q, f);
  const next = market.create();
  market.advanceAdditive(q, 0.01, next);
  return market.enter(market.prices(next).map((p) => Math.min(p, 1e300)));
}

/** As if goods had been falling for a while, here and there. */
function idle(market: WasmMarket, q: Float64Array, uniform: () => number): void {
  const saved = market.save() as { readonly free: readonly ArrayLike<number>[] };
  const [frozen, releases, wait, , excessThen, stride, isIdle] = saved.free.map((array) => Array.from(array));
  const sometimes = (value: number) => (uniform() < 0.3 ? value : 0);
  const fallFrom = [...q].map((x) => (uniform() < 0.2 ? -1e300 : x + uniform() - 0.3));
  const free = [
    frozen,
    releases.map(() => sometimes(1)),
    wait,
    fallFrom,
    excessThen.map(() => -sometimes(uniform())),
    stride.map(() => sometimes(0.5)),
    isIdle.map(() => sometimes(1)),
    [0, 1],
  ];
  market.restore({ ...saved, free }, q);
  const [direction, out] = [market.create(uniform()), market.create()];
  market.advance(q, multiple(0.1, direction), 0.5, out, true);
}
