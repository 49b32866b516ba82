// Safeguards between the loop and whoever asked: the verifier's veto, the target, the start.

const OUTCOMES = ["test/solve/outcomes.test.ts"];
const SOLVE = ["test/safeguards/solve.test.ts"];

const level = "src/solve/level.ts";
const conclude = "src/solve/conclude.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const SOLVE_SAFEGUARDS = [
  {
    name: "solve/veto",
    why: "A solver's word would be taken for a solution that the verifier does not believe.",
    file: conclude,
    find: `if (status === "solved" && verification.failures(tolerance).length > 0) return "uncertified";`,
    replace: "",
    tests: OUTCOMES,
    only: "uncertified",
  },
  {
    name: "solve/jumps-do-not-cycle",
    why: "Prices that jump over a tie of an unsmoothed set would be called a cycle of the economy.",
    file: conclude,
    find: `return status === "cycling" && jumps ? "stalled" : status;`,
    replace: "return status;",
    tests: SOLVE,
  },
  {
    name: "solve/reserve",
    why: "Prices would be much less accurate than clearing: osc(log p − log p*) can be tens of times osc(f).",
    file: conclude,
    find: "return Math.min(tolerance, Math.max(REACHABLE, RESERVE * tolerance));",
    replace: "return tolerance;",
    tests: ["test/cases/closed-form.test.ts"],
    only: "any size, any seed",
  },
  {
    name: "solve/affordable-start",
    why: "A solve would begin where somebody cannot pay and demand means nothing.",
    file: level,
    find: " ?? affordableStart(economy, prices)",
    replace: " ?? prices",
    tests: OUTCOMES,
    only: "where somebody cannot pay at p = 1",
  },
  {
    name: "solve/stuck-start",
    why: "A solve would take steps from prices at which demand means nothing.",
    file: level,
    find: "maxSteps: stuck ? 0 : maxSteps,",
    replace: "maxSteps,",
    tests: SOLVE,
  },
  {
    name: "solve/clipped-outside-t1",
    why: "Where no theorem makes the plain map contract, its steps would be neither clipped nor judged.",
    file: level,
    find: `contractionBound(economy, step).theorem === "T1" ? Infinity : 1`,
    replace: "Infinity",
    tests: ["test/safeguards/economies.test.ts"],
    only: "is clipped",
  },
  {
    name: "solve/start-clipped",
    why: "The search for prices at which everybody can pay would jump beyond them.",
    file: "src/solve/start.ts",
    find: "Math.max(-1, Math.min(1, -size * gradient[k]))",
    replace: "-size * gradient[k]",
    tests: SOLVE,
  },
];
