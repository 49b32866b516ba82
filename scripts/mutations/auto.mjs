// Safeguards of the poly-algorithm.

const AUTO = ["test/safeguards/auto.test.ts"];

const auto = "src/solvers/auto.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const AUTO_SAFEGUARDS = [
  {
    name: "auto/leash",
    why: "Without a potential a member that gets nowhere would use up the solve.",
    file: auto,
    find: "inner.stuck || spent || idle > leash;",
    replace: "inner.stuck || spent;",
    tests: AUTO,
  },
  {
    name: "auto/part",
    why: "A member that crawls down the potential would use up the solve.",
    file: auto,
    find: "inner.stuck || spent || idle > leash;",
    replace: "inner.stuck || idle > leash;",
    tests: AUTO,
  },
  {
    name: "auto/start-afresh",
    why: "Without a potential the next member would begin wherever the last one got lost.",
    file: auto,
    find: "if (market.hints.potential || best.readout.clearing < NEAR) return best;",
    replace: "if (best) return best;",
    tests: AUTO,
  },
  {
    name: "auto/near-goes-on",
    why: "What had nearly arrived would begin again from the start.",
    file: auto,
    find: "if (market.hints.potential || best.readout.clearing < NEAR) return best;",
    replace: "if (market.hints.potential) return best;",
    tests: AUTO,
  },
  {
    name: "auto/thaw",
    why: "A fresh start would keep goods frozen that were freed on the way astray.",
    file: auto,
    find: "  market.thaw();\n",
    replace: "",
    tests: AUTO,
  },
  {
    name: "auto/rules-with-potential",
    why: "What cannot fail down a potential would not come last there.",
    file: auto,
    find: "  if (market.hints.potential) {\n    return [",
    replace: "  if (market.evaluations < 0) {\n    return [",
    tests: AUTO,
  },
  {
    name: "auto/rules-without-potential",
    why: "Where nothing says that a small step helps no homotopy would be tried.",
    file: auto,
    find: "  if (market.hints.potential) {\n    return [",
    replace: "  if (market.hints) {\n    return [",
    tests: AUTO,
  },
];
