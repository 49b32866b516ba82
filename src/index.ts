/** The public surface: names only (formats.md, "The library"). */

export { reference } from "./backends/reference.js";
export { type Backend, type BackendStatus, listBackends, openBackend } from "./backends/registry.js";
export type { Certificate, ContractionReport, Plans } from "./certificates/certificate.js";
export { BackendUnavailableError, InputError, NotBuiltError, type Problem } from "./core/errors.js";
export { STATUSES, type Status } from "./core/status.js";
export { VERSION } from "./core/version.js";
export { defineEconomy } from "./economy/build.js";
export type { Economy } from "./economy/economy.js";
export type { Preferences, WritePreferences } from "./economy/preferences.js";
export type { EconomySpec } from "./economy/schema.js";
export { loadEconomy, parseEconomy } from "./io/read-economy.js";
export type { ProductionSet } from "./production/production-set.js";
export { type BatchSolution, checkStructure, solve } from "./solve/batch.js";
export { type CertifyOptions, type CertifyReport, certify } from "./solve/certify.js";
export type { Checkpoint } from "./solve/checkpoint.js";
export { SOLVER_NAMES, type SolveOptions, type SolverName } from "./solve/options.js";
export { parseResult, type ResultFile, toResult } from "./solve/result.js";
export { ResultArrays } from "./solve/result-arrays.js";
export type { Solution } from "./solve/solution.js";
export type { StartPrices } from "./solve/start.js";
export { additive } from "./solvers/additive.js";
export { type AndersonOptions, anderson } from "./solvers/anderson.js";
export { auto } from "./solvers/auto.js";
export { type KrasnoselskiiOptions, krasnoselskii } from "./solvers/krasnoselskii.js";
export { tatonnement } from "./solvers/tatonnement.js";
export type { TraceRecord } from "./solvers/trace.js";
export { createGrid, type Grid } from "./time/grid.js";
