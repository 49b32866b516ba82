// Safeguards of the linear algebra that solvers are made of.

const LINEAR_ALGEBRA = ["test/safeguards/linear-algebra.test.ts"];
const GMRES = ["test/solvers/gmres.test.ts"];
const NEWTON = ["test/solvers/newton-krylov.test.ts"];

const gmres = "src/solvers/parts/gmres.ts";
const leastSquares = "src/solvers/parts/least-squares.ts";
const forcing = "src/solvers/parts/forcing.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const LINEAR_ALGEBRA_SAFEGUARDS = [
  {
    name: "least-squares/rank",
    why: "Columns that depend on one another but for rounding would make huge combinations.",
    file: leastSquares,
    find: "if (!(lambda[k] > RANK_TOLERANCE * m)) continue;",
    replace: "if (lambda[k] === 0) continue;",
    tests: LINEAR_ALGEBRA,
  },
  {
    name: "least-squares/empty-column",
    why: "A column of nothing would be scaled to infinity.",
    file: leastSquares,
    find: "row[i] > LEAST ? 1 / Math.sqrt(row[i]) : 0",
    replace: "1 / Math.sqrt(row[i])",
    tests: LINEAR_ALGEBRA,
  },
  {
    name: "least-squares/finite",
    why: "A difference that is not finite would break the eigenvalue iteration.",
    file: leastSquares,
    find: "if (![...gram.flatMap((row) => [...row]), ...b].every(Number.isFinite)) return new Float64Array(m);",
    replace: "",
    tests: LINEAR_ALGEBRA,
  },
  {
    name: "gmres/dependent-column",
    why: "A column of length 0, as a singular system has, would be divided by it.",
    file: gmres,
    find: "const dependent = length <= INVARIANT * Math.hypot(...entries);",
    replace: "const dependent = false;",
    tests: GMRES,
  },
  {
    name: "gmres/invariant-space",
    why: "Rounding would be taken for a new direction, and an inconsistent system for solved.",
    file: gmres,
    find: "length > INVARIANT * before ? length : 0",
    replace: "length",
    tests: GMRES,
  },
  {
    name: "gmres/second-pass",
    why: "The basis would lose its orthogonality, and the residual it reports its meaning.",
    file: gmres,
    find: "pass < 2",
    replace: "pass < 1",
    tests: LINEAR_ALGEBRA,
  },
  {
    name: "gmres/not-finite",
    why: "A derivative that is not finite would end in prices that are not.",
    file: gmres,
    find: "if (!column.every(Number.isFinite) || !Number.isFinite(length)) return null;",
    replace: "",
    tests: GMRES,
  },
  {
    name: "forcing/most",
    why: "A system could be left so loosely solved that its solution is no direction of Newton's.",
    file: forcing,
    find: "Math.min(MOST, Math.max(LEAST, term))",
    replace: "Math.max(LEAST, term)",
    tests: NEWTON,
    only: "forcing term",
  },
  {
    name: "forcing/least",
    why: "Products would be spent on digits that the next step throws away.",
    file: forcing,
    find: "Math.min(MOST, Math.max(LEAST, term))",
    replace: "Math.min(MOST, term)",
    tests: NEWTON,
    only: "forcing term",
  },
];
