// Safeguards of Newton–Krylov and of the homotopy.

const SOLVERS = ["test/safeguards/solvers.test.ts"];
const ECONOMIES = ["test/safeguards/economies.test.ts"];

const newton = "src/solvers/newton-krylov.ts";
const direction = "src/solvers/parts/newton-direction.ts";
const homotopy = "src/solvers/homotopy.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const NEWTON_SAFEGUARDS = [
  {
    name: "newton/otherwise",
    why: "Where Newton's direction leads astray the solve would be stuck.",
    file: newton,
    find: "newton.to.stuck ? await otherwise(problem, given, state)",
    replace: "newton.to.stuck ? { ...state, stuck: true }",
    tests: SOLVERS,
  },
  {
    name: "newton/unsolved",
    why: "A direction that solves nothing would be followed instead of saying that the system could not be solved.",
    file: newton,
    find: "if (solution === null || solution.residual > UNSOLVED)",
    replace: "if (solution === null)",
    tests: SOLVERS,
  },
  {
    name: "newton/clip",
    why: "A nearly singular system could throw prices out of float64 in one step.",
    file: newton,
    find: "const problem = { ...given, clip: CLIP };",
    replace: "const problem = { ...given, clip: Infinity };",
    tests: SOLVERS,
  },
  {
    name: "newton/norm-shrinks",
    why: "Without a potential a whole Newton step could lead farther away.",
    file: newton,
    find: "const COURSE = { length: 1, normShrinks: true,",
    replace: "const COURSE = { length: 1, normShrinks: false,",
    tests: SOLVERS,
  },
  {
    name: "newton/no-falls",
    why: "Idle goods would fall faster than the direction, which knows how they fall, and spoil its end-phase.",
    file: newton,
    find: "shortest: SHORT, falls: false } as const",
    replace: "shortest: SHORT, falls: true } as const",
    tests: SOLVERS,
  },
  {
    name: "newton/bordered",
    why: "Off equilibrium the singular system E d = f has no solution, and GMRES stalls.",
    file: direction,
    find: "market.combine([-1, await mean(x)], [out, ones], out);",
    replace: "market.combine([-1], [out], out);",
    tests: ECONOMIES,
    only: "bordered",
  },
  {
    name: "newton/mean-removed",
    why: "What only moves the numeraire would use up the clip of every log price.",
    file: direction,
    find: "market.combine([1, -(await mean(solution.x))], [solution.x, ones], solution.x);",
    replace: "await mean(solution.x);",
    tests: ECONOMIES,
    only: "bordered",
  },
  {
    name: "homotopy/back-to-the-path",
    why: "Where Newton's method does not take over the solve would be stuck, the path unfinished.",
    file: homotopy,
    find: "return stuck ? back(problem, state, newton) :",
    replace: "return stuck ? { ...state, stuck: true } :",
    tests: ECONOMIES,
    only: "followed farther",
  },
  {
    name: "homotopy/step-shortening",
    why: "Where the path bends the corrector would lose it.",
    file: homotopy,
    find: "length > SHORTEST; length /= 4",
    replace: "length > SHORTEST; length = 0",
    tests: ECONOMIES,
    only: "bends",
  },
  {
    name: "homotopy/the-way-it-has-come",
    why: "Where the path turns in t it would be followed back to where it came from.",
    file: homotopy,
    find: "const row = tangent ?? { q: market.create(), s: -1 };",
    replace: "const row = { q: market.create(), s: -1 };",
    tests: ["test/solvers/homotopy.test.ts"],
    only: "reaches Scarf's equilibrium",
  },
];
