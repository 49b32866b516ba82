// Safeguards of Anderson acceleration and of heavy ball.

const SOLVERS = ["test/safeguards/solvers.test.ts"];
const ECONOMIES = ["test/safeguards/economies.test.ts"];

const anderson = "src/solvers/anderson.ts";
const heavyBall = "src/solvers/heavy-ball.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const ANDERSON_SAFEGUARDS = [
  {
    name: "anderson/acceptance",
    why: "An accelerated step would be made however far up the potential it leads.",
    file: anderson,
    find: "if (isAccepted(problem, state, to)) return { to, weighed: state };",
    replace: "return { to, weighed: state };",
    tests: SOLVERS,
  },
  {
    name: "anderson/growth",
    why: "Without a potential ‖f‖ could explode in an accelerated step.",
    file: anderson,
    find: "const bounded = to.readout.norm <= GROWTH * Math.min(...norms);",
    replace: "const bounded = true;",
    tests: SOLVERS,
  },
  {
    name: "anderson/older-dropped",
    why: "The differences that made a step unacceptable would make the next one too.",
    file: anderson,
    find: "const from = withoutOlder(accelerated?.weighed ?? state);",
    replace: "const from = accelerated?.weighed ?? state;",
    tests: SOLVERS,
  },
  {
    name: "anderson/refreshed",
    why: "Differences from far away, where f bends, would hold the iteration where it is.",
    file: anderson,
    find: "const stale = state.dg.length > HALVES_IN && state.readout.norm > then / 2;",
    replace: "const stale = false;",
    tests: SOLVERS,
  },
  {
    name: "anderson/back-to-state",
    why: "After a refused step the plain one would be judged by the slope at the refused point.",
    file: anderson,
    find: "if (fell) market.forgetFalls();\n  await market.residual(state.q, state.f);",
    replace: "if (fell) market.forgetFalls();",
    tests: SOLVERS,
  },
  {
    name: "anderson/forget-falls",
    why: "Goods whose faster fall was refused would fall as fast again.",
    file: anderson,
    find: "if (fell) market.forgetFalls();",
    replace: "",
    tests: SOLVERS,
  },
  {
    name: "anderson/clip",
    why: "A nest-wise step from far away could throw prices over hundreds of decades.",
    file: anderson,
    find: "nestWise ? { ...problem, clip: NEST_WISE_CLIP } : problem;",
    replace: "nestWise ? { ...problem, clip: Infinity } : problem;",
    tests: SOLVERS,
  },
  {
    name: "anderson/otherwise-tatonnement",
    why: "Where the nest-wise step leads up the potential the solve would be stuck.",
    file: anderson,
    find: "if (!ofProcess.to.stuck) return",
    replace: "if (ofProcess) return",
    tests: SOLVERS,
  },
  {
    name: "anderson/evenly",
    why: "Goods of hardly any value would be left out of the least-squares problem, and not converge.",
    file: anderson,
    find: "if (anew) market.reweigh(EVENLY);",
    replace: "if (anew) market.reweigh();",
    tests: ECONOMIES,
    only: "hardly any value",
  },
  {
    name: "anderson/weighed-anew",
    why: "Differences would be weighed by what was spent far away from where the iteration has come.",
    file: anderson,
    find: "const anew = readout.norm < REWEIGH * before.weighed ||",
    replace: "const anew = before.weighed === Infinity ||",
    tests: ECONOMIES,
    only: "weighed anew",
  },
  {
    name: "heavy-ball/patience",
    why: "Far from equilibrium clipped steps would chase one another for ever.",
    file: heavyBall,
    find: "state.since < PATIENCE ? await rolled(problem, state) : null",
    replace: "await rolled(problem, state)",
    tests: SOLVERS,
  },
  {
    name: "heavy-ball/clip-halved",
    why: "After a restart the same clipped steps would chase one another again.",
    file: heavyBall,
    find: "clip: state.clip / 2",
    replace: "clip: state.clip",
    tests: SOLVERS,
  },
  {
    name: "heavy-ball/growth",
    why: "A ball that has run away would roll on.",
    file: heavyBall,
    find: " && to.readout.norm <= GROWTH * state.best ? to : null",
    replace: " ? to : null",
    tests: SOLVERS,
  },
];
