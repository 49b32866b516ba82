import type { Kernels } from "../../src/backends/wasm/kernels.js";
import type { WasmMarket } from "../../src/backends/wasm/market.js";
import type { Plan } from "../../src/backends/wasm/plan.js";

/** Where a market's arrays lie. */
export function planOf(market: WasmMarket): Plan {
  return (market as unknown as { readonly plan: Plan }).plan;
}

/** Lets a market call other kernels until what is returned is called. */
export function withKernels({ threads }: WasmMarket, kernels: Kernels): () => void {
  const open = threads as { kernels: Kernels };
  const own = open.kernels;
  open.kernels = { ...own, ...kernels };
  return () => {
    open.kernels = own;
  };
}
