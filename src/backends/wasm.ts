import type { Economy } from "../economy/economy.js";
import { FAMILIES } from "../production/families.js";
import type { Backend } from "./backend.js";
import { WasmMarket, type WasmOptions } from "./wasm/market.js";

/** Families whose supply the kernels compute; sets of others are asked themselves. */
const FAMILIES_WITH_KERNELS = ["ellipsoid", "hull"];

/** float64 by WebAssembly SIMD kernels, on the threads there are. */
export function wasm(options: WasmOptions = {}): Backend<Float64Array> {
  return {
    name: "wasm",
    device: "CPU, SIMD and threads",
    precision: "float64",
    families: FAMILIES.map(({ name }) => name).filter((name) => FAMILIES_WITH_KERNELS.includes(name)),
    open: (economy) => new WasmMarket(economy, options),
  };
}

/** Why an economy is beyond it, or null: preferences written in code have no graph to sweep. */
export function beyondWasm({ orchestrators }: Economy): string | null {
  const written = orchestrators.find(({ preferences }) => preferences.written !== undefined);
  return written === undefined ? null : `the preferences of "${written.name}" are written in code`;
}
