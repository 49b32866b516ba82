import type { Command } from "./command.js";

/** Every command of this version, loaded when it is needed. */
export const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  solve: {
    summary: "compute prices at which every market clears, and have them verified",
    load: async () => (await import("./commands/solve.js")).command,
  },
  certify: {
    summary: "verify a result against its economy, from nothing but its prices",
    load: async () => (await import("./commands/certify.js")).command,
  },
  check: {
    summary: "validate an economy and say what kind it is and what theory promises",
    load: async () => (await import("./commands/check.js")).command,
  },
  convergence: {
    summary: "measure how fast prices converge, against the contraction constants of theory",
    load: async () => (await import("./commands/convergence.js")).command,
  },
  generate: {
    summary: "write a random economy of any size",
    load: async () => (await import("./commands/generate.js")).command,
  },
  import: {
    summary: "make an economy from a leaderboard, a trace of demand and a price list",
    load: async () => (await import("./commands/import.js")).command,
  },
  backends: {
    summary: "list where prices can be computed",
    load: async () => (await import("./commands/backends.js")).command,
  },
  schema: {
    summary: "print the JSON Schema of the files",
    load: async () => (await import("./commands/schema.js")).command,
  },
  demo: {
    summary: "solve, certify and show an economy of a dozen agents over a day",
    load: async () => (await import("./commands/demo.js")).command,
  },
};
