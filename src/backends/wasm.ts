import type { Economy } from "../economy/economy.js";
import type { Market } from "../market/market.js";
import { FAMILIES } from "../production/families.js";
import type { Backend } from "./backend.js";
import { WasmMarket, type WasmOptions } from "./wasm/market.js";

/** Families whose supply the kernels compute; sets of others are asked themselves. */
const FAMILIES_WITH_KERNELS = ["ellipsoid", "hull"];

/** WebAssembly SIMD kernels, in float64 or float32, on the threads there are. */
export function wasm(options: WasmOptions = {}): Backend {
  return {
    name: "wasm",
    device: "CPU, SIMD and threads",
    precision: options.precision ?? "float64",
    families: FAMILIES.map(({ name }) => name).filter((name) => FAMILIES_WITH_KERNELS.includes(name)),
    open: (economy) => new WasmMarket(economy, options) as Market,
  };
}

/** Why an economy is beyond it, or null: preferences written in code have no graph to sweep. */
export function beyondWasm({ orchestrators }: Economy): string | null {
  const written = orchestrators.find(({ preferences }) => preferences.written !== undefined);
  return written === undefined ? null : `the preferences of "${written.name}" are written in code`;
}
