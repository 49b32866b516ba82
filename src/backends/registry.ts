import { BackendUnavailableError, InputError } from "../core/errors.js";
import type { Economy } from "../economy/economy.js";
import { nearest } from "../economy/near.js";
import type { Market } from "../market/market.js";
import type { Backend } from "./backend.js";
import { reference } from "./reference.js";
import { WasmBatches } from "./wasm/batches.js";
import type { WasmOptions } from "./wasm/market.js";
import { beyondWasm, wasm } from "./wasm.js";

export type { Backend } from "./backend.js";
export type { WasmBatches as Batches } from "./wasm/batches.js";

/** One row of `walras backends`. */
export interface BackendStatus {
  readonly name: string;
  readonly available: boolean;
  readonly device: string | null;
  readonly precision: "float64" | "float32";
  readonly families: readonly string[];
  /** Why it is or is not available. */
  readonly why: string;
}

/** Backends of the contract (formats.md) that this version does not have. */
const NOT_BUILT: readonly { name: string; precision: "float64" | "float32" }[] = [
  { name: "tfjs-cpu", precision: "float32" },
  { name: "tfjs-wasm", precision: "float32" },
  { name: "tensorflow", precision: "float32" },
  { name: "webgpu", precision: "float32" },
];

export function listBackends(): BackendStatus[] {
  const why = {
    wasm: "the default on a CPU; also in float32",
    reference: "always there: the definition of the others",
  };
  return [
    ...[wasm(), reference() as Backend].map(({ name, device, precision, families }) => ({
      name,
      available: true,
      device,
      precision,
      families,
      why: why[name as keyof typeof why],
    })),
    ...NOT_BUILT.map((backend) => ({
      ...backend,
      available: false,
      device: null,
      families: [],
      why: "not part of this version; use --backend wasm",
    })),
  ];
}

/**
 * The market of an economy on the backend of that name; `auto` is wasm, and the reference where wasm cannot: preferences written in
 * code, more prices than its memory holds.
 *
 * @throws InputError for an unknown name; BackendUnavailableError where the backend cannot do it
 */
export function openMarket(
  named: string | Backend,
  economy: Economy,
  options: WasmOptions = {},
): { readonly backend: Backend; readonly market: Market } {
  const backend = typeof named === "object" ? named : openBackend(named, options);
  const why = backend.name === "wasm" ? beyondWasm(economy) : null;
  if (named !== "auto") {
    if (why !== null)
      throw new BackendUnavailableError(`Backend "wasm" cannot: ${why}; use --backend reference.`);
    return { backend, market: backend.open(economy) };
  }
  try {
    if (why === null) return { backend, market: backend.open(economy) };
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error;
  }
  return { backend: reference() as Backend, market: reference().open(economy) as Market };
}

/** What opens batches of economies on the backend of that name; null where it has none. @param numbers of all economies to come */
export function openBatches(
  named: string | Backend,
  numbers: number,
  options: WasmOptions = {},
): { readonly backend: Backend; readonly batches: WasmBatches } | null {
  if (named !== "auto" && named !== "wasm") return null;
  return { backend: openBackend(named, options), batches: new WasmBatches(numbers, options) };
}

/** The backend of that name; `auto` is wasm. */
export function openBackend(name: string, options: WasmOptions = {}): Backend {
  if (name === "auto" || name === "wasm") return wasm(options);
  if (name === "reference") {
    if (options.precision === "float32") refuseFloat32();
    return reference() as Backend;
  }
  const missing = NOT_BUILT.find((backend) => backend.name === name);
  if (missing !== undefined) {
    throw new BackendUnavailableError(`Backend "${name}" is not part of this version; use --backend wasm.`);
  }
  const known = ["auto", "wasm", "reference", ...NOT_BUILT.map((backend) => backend.name)];
  throw new InputError("--backend", [
    {
      path: "",
      found: `"${name}"`,
      expected: `one of ${known.join(", ")}`,
      suggestion: nearest(name, known),
    },
  ]);
}

function refuseFloat32(): never {
  const expected = "float64 with the reference backend; --backend wasm has both";
  throw new InputError("the options of solve", [{ path: "precision", found: '"float32"', expected }]);
}
