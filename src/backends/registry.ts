import { BackendUnavailableError, InputError } from "../core/errors.js";
import { nearest } from "../economy/near.js";
import type { Backend } from "./backend.js";
import { reference } from "./reference.js";

export type { Backend } from "./backend.js";

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
  { name: "wasm", precision: "float64" },
  { name: "tfjs-cpu", precision: "float32" },
  { name: "tfjs-wasm", precision: "float32" },
  { name: "tensorflow", precision: "float32" },
  { name: "webgpu", precision: "float32" },
];

export function listBackends(): BackendStatus[] {
  const { name, device, precision, families } = reference();
  return [
    { name, available: true, device, precision, families, why: "always there" },
    ...NOT_BUILT.map((backend) => ({
      ...backend,
      available: false,
      device: null,
      families: [],
      why: "not part of this version; use --backend reference",
    })),
  ];
}

/** The backend of that name; `auto` is the reference while it is the only one. */
export function openBackend(name: string): Backend {
  if (name === "auto" || name === "reference") return reference() as Backend;
  const missing = NOT_BUILT.find((backend) => backend.name === name);
  if (missing !== undefined) {
    throw new BackendUnavailableError(
      `Backend "${name}" is not part of this version; use --backend reference.`,
    );
  }
  const known = ["auto", "reference", ...NOT_BUILT.map((backend) => backend.name)];
  throw new InputError("--backend", [
    {
      path: "",
      found: `"${name}"`,
      expected: `one of ${known.join(", ")}`,
      suggestion: nearest(name, known),
    },
  ]);
}
