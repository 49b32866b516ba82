import { z } from "zod";
import { listBackends, openBackend, SOLVER_NAMES } from "../index.js";
import { number } from "./command.js";

const AVAILABLE = ["auto", ...listBackends().flatMap(({ name, available }) => (available ? [name] : []))];
const BACKENDS = [...new Set(["auto", ...listBackends().map(({ name }) => name)])];

function word(known: readonly string[], built: readonly string[]) {
  return z
    .string()
    .refine((name) => known.includes(name), `one of ${built.join(", ")}`)
    .optional();
}

/** Options of every command that solves. */
export const SOLVER_OPTION = {
  flags: "--solver <name>",
  help: `${SOLVER_NAMES.join(", ")} (default auto)`,
  schema: word(SOLVER_NAMES, SOLVER_NAMES),
  words: SOLVER_NAMES,
};

export const BACKEND_OPTION = {
  flags: "--backend <name>",
  help: `where to compute: ${AVAILABLE.join(", ")} (default auto)`,
  schema: word(BACKENDS, AVAILABLE),
  words: BACKENDS,
};

export const TOLERANCE_OPTION = {
  flags: "--tol <number>",
  help: "largest relative gap of the certificate, between 0 and 1 (default 1e-8)",
  schema: number("a number between 0 and 1", (x) => x > 0 && x < 1),
};

/** Throws BackendUnavailableError for a backend of the contract that this version has not. */
export function requireBuilt({ backend }: { backend?: string }): void {
  openBackend(backend ?? "auto");
}
