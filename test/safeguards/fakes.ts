import type { Market, Readout, Sum } from "../../src/market/market.js";
import type { Iterate, Solver } from "../../src/solvers/solver.js";

/** Nothing wrong and far from solved. */
export const ORDINARY: Readout = {
  clearing: 1,
  worst: 0,
  complementarity: 1,
  oscillation: 1,
  norm: 1,
  potential: null,
  afford: 1,
  poorest: 0,
  affordAll: 1,
  level: 0,
  spread: 1,
  probe: [0, 0],
  finite: true,
};

/** What a fake market says at log prices q; `slope` is dV along d. */
export interface Behaviour {
  readonly potential: boolean;
  residual(q: Float64Array, f: Float64Array): Partial<Readout>;
  slope?(q: Float64Array, d: Float64Array): number;
  derivative?(q: Float64Array, dq: Float64Array, out: Float64Array): void;
  precondition?(v: Float64Array, out: Float64Array): void;
  /** Where a good that falls faster ends, or null. */
  fall?(q: Float64Array): Float64Array | null;
}

/** A market that is only formulas: log prices are plain numbers, nothing is normalised and nothing freed. */
export class FakeMarket implements Market<Float64Array> {
  readonly shape: readonly [number, number];
  readonly hints;
  evaluations = 0;
  forgotten = 0;
  thawed = 0;
  /** Where the last residual was taken. */
  at: Float64Array;

  constructor(
    size: number,
    private readonly behaviour: Behaviour,
  ) {
    this.shape = [size, 1];
    this.at = new Float64Array(size);
    this.hints = { size, step: 1, resolution: 1e-12, potential: behaviour.potential };
  }

  create(value = 0): Float64Array {
    return new Float64Array(this.shape[0]).fill(value);
  }
  room(): Float64Array {
    return this.create();
  }
  release(): void {}
  recycle(): void {}
  adopt(v: Float64Array): Float64Array {
    return v;
  }
  copy(from: Float64Array, to: Float64Array): void {
    to.set(from);
  }
  enter(prices: Float64Array): Float64Array {
    return prices.map(Math.log);
  }
  download(v: Float64Array): Float64Array {
    return v.slice();
  }
  residual(q: Float64Array, f: Float64Array): Readout {
    this.evaluations++;
    this.at = q.slice();
    return { ...ORDINARY, ...this.behaviour.residual(q, f) };
  }
  derivative(q: Float64Array, dq: Float64Array, out: Float64Array): void {
    this.evaluations++;
    this.behaviour.derivative?.(q, dq, out);
  }
  precondition(v: Float64Array, out: Float64Array): void {
    if (this.behaviour.precondition === undefined) out.set(v);
    else this.behaviour.precondition(v, out);
  }
  slope(d: Float64Array): number {
    return this.behaviour.slope?.(this.at, d) ?? 0;
  }
  advance(q: Float64Array, d: Sum<Float64Array>, clip: number, out: Float64Array, fall = true): boolean {
    const change = q.slice();
    this.combine(d.coefficients, d.vectors, change);
    const end = fall ? (this.behaviour.fall?.(q) ?? null) : null;
    out.set(end ?? q.map((x, i) => x + Math.max(-clip, Math.min(clip, change[i]))));
    return end !== null;
  }
  watch(): void {}
  forgetFalls(): void {
    this.forgotten++;
  }
  advanceAdditive(q: Float64Array, _step: number, out: Float64Array): void {
    out.set(q);
  }
  prices(q: Float64Array): Float64Array {
    return q.map(Math.exp);
  }
  freed(): Uint8Array {
    return new Uint8Array();
  }
  normalize(): void {}
  reweigh(): void {}
  dots(vectors: readonly Float64Array[], ...others: readonly Float64Array[]): Float64Array {
    const product = (u: Float64Array, v: Float64Array) =>
      u.reduce((sum, x, i) => sum + x * v[i], 0) / v.length;
    return Float64Array.from(others.flatMap((v) => vectors.map((u) => product(u, v))));
  }
  combine(coefficients: ArrayLike<number>, vectors: readonly Float64Array[], out: Float64Array): void {
    out.set(out.map((_, i) => vectors.reduce((sum, v, j) => sum + coefficients[j] * v[i], 0)));
  }
  anchor(): void {}
  blend(): void {}
  blendDerivative(): void {}
  settleFree(): number {
    return 0;
  }
  thaw(): void {
    this.thawed++;
  }
  save(): unknown {
    return null;
  }
  restore(): void {}
  dispose(): void {}
}

/** One log price whose residual is ordinary everywhere: what a scripted solver moves on. */
export function idleMarket(): FakeMarket {
  return new FakeMarket(1, { potential: false, residual: () => ({}) });
}

export type Scripted = Iterate<Float64Array> & { readonly k: number };

/** A solver whose k-th iterate is at q = k and says what the script says; `recover` as given. */
export function scripted(
  script: (k: number) => Partial<Iterate<Float64Array>> & { readonly says?: Partial<Readout> },
  recover?: Solver<Float64Array, Scripted>["recover"],
): Solver<Float64Array, Scripted> {
  const iterate = (k: number): Scripted => {
    const { says, ...rest } = script(k);
    return { q: Float64Array.of(k), f: Float64Array.of(0), readout: { ...ORDINARY, ...says }, ...rest, k };
  };
  return {
    name: "scripted",
    init: () => iterate(0),
    step: (_problem, { k }) => iterate(k + 1),
    ...(recover === undefined ? {} : { recover }),
  };
}
