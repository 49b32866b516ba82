import { setFlagsFromString } from "node:v8";
import { hasRelaxed } from "../../src/backends/wasm/kernels.js";
import { WasmMarket, type WasmOptions } from "../../src/backends/wasm/market.js";
import type { Economy } from "../../src/economy/economy.js";
import type { Market } from "../../src/market/market.js";

/** Largest errors a backend is entitled to, each relative to 1 + the size of what is compared. */
export interface Entitled {
  /** f, and what is read out with it. */
  readonly residual: number;
  /** |Σ w p z| over all incomes. */
  readonly walras: number;
  /** f'(q)·dq, the nest-wise step, and the derivative of the blend. */
  readonly derivative: number;
  /** Inner products and sums of vectors. */
  readonly algebra: number;
  /** Log prices after a step, entering, and normalising. */
  readonly step: number;
}

/** A backend to be held to the reference. */
export interface Subject {
  readonly name: string;
  readonly entitled: Entitled;
  open(economy: Economy): Market<unknown>;
  /** The kernels it has, and counts of how often each ran since `watch` was first called; for backends that have some. */
  readonly kernels?: { readonly names: () => readonly string[]; readonly ran: ReadonlyMap<string, number> };
}

const FLOAT64: Entitled = {
  residual: 1e-12,
  walras: 5e-15,
  derivative: 1e-12,
  algebra: 1e-12,
  step: 1e-12,
};

// Node 20 has fused multiplications for those who ask; machines with newer engines run that module.
if (!hasRelaxed()) setFlagsFromString("--experimental-wasm-relaxed-simd");

/** Every backend but the reference: what it may err by stands here and nowhere else. */
export const SUBJECTS: readonly Subject[] = [
  watched("wasm", {}),
  watched("wasm, deterministic", { deterministic: true }),
];

/**
 * Vectors of float32, at elasticities up to 4 and prices within e^±4 of one another: f errs by 2 to 5 units in the sixth place, because of
 * exp, log and the rounding of q (platform.md); what is computed from f and shares by some of those.
 */
export const FLOAT32 = watched(
  "wasm, float32",
  { precision: "float32" },
  {
    residual: 1e-5,
    walras: 2e-7,
    derivative: 1e-4,
    algebra: 1e-5,
    step: 1e-5,
  },
);

/** The same backend, entitled to `factor` times the errors. */
export function withEntitled(subject: Subject, factor: number): Subject {
  const entries = Object.entries(subject.entitled).map(([kind, error]) => [kind, factor * error]);
  return { ...subject, entitled: Object.fromEntries(entries) as unknown as Entitled };
}

/** The wasm backend with every call of a kernel counted. */
function watched(name: string, options: WasmOptions, entitled = FLOAT64): Subject {
  const ran = new Map<string, number>();
  return {
    name,
    entitled,
    open(economy) {
      const market = new WasmMarket(economy, options);
      const counted = Object.entries(market.threads.kernels).map(([kernel, call]) => {
        if (typeof call !== "function") return [kernel, call];
        if (!ran.has(kernel)) ran.set(kernel, 0);
        const count = (...args: number[]) => {
          ran.set(kernel, (ran.get(kernel) as number) + 1);
          return call(...args);
        };
        return [kernel, count];
      });
      Object.assign(market.threads, { kernels: Object.fromEntries(counted) });
      return market as Market<unknown>;
    },
    kernels: { names: () => [...ran.keys()].filter((kernel) => !/^(__|batch_)/.test(kernel)), ran },
  };
}
