// Safeguards of the line search.

const LINE_SEARCH = ["test/safeguards/line-search.test.ts"];

const lineSearch = "src/solvers/parts/line-search.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const LINE_SEARCH_SAFEGUARDS = [
  {
    name: "line-search/backtracking",
    why: "A step that leads up the potential would be made in full.",
    file: lineSearch,
    find: "while (!(await acceptable(problem, from, to, heading, taken, course)))",
    replace: "while (taken > 1)",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/descends",
    why: "A step would be accepted whatever the potential does.",
    file: lineSearch,
    find: "return change <= DECREASE * slopeFrom;",
    replace: "return true;",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/usable",
    why: "A step could end at prices at which somebody cannot pay, where demand means nothing.",
    file: lineSearch,
    find: "  if (!usable(to.readout)) return false;\n",
    replace: "",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/proof-is-usable",
    why: "Prices that prove the floors unpayable would be halved away and never reached.",
    file: lineSearch,
    find: "(readout.afford > 0 || readout.affordAll < 0)",
    replace: "readout.afford > 0",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/slope-rule",
    why: "Near the end, where V no longer resolves f, good steps would be refused.",
    file: lineSearch,
    find: "return flattens || shrinks(from, to);",
    replace: "return shrinks(from, to);",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/tame",
    why: "Goods of hardly any value, which the slope of V does not show, would run away unseen.",
    file: lineSearch,
    find: "const tame = to.oscillation <= TAME * from.oscillation;",
    replace: "const tame = true;",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/oscillation-rule",
    why: "A step that only brings goods of hardly any value closer would be refused.",
    file: lineSearch,
    find: "to.oscillation < SHRINKS * from.oscillation || ",
    replace: "",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/norm-shrinks",
    why: "Without a potential a Newton step could lead away from the equilibrium.",
    file: lineSearch,
    find: "return !normShrinks || to.readout.norm <= (1 - DECREASE * taken) * from.readout.norm;",
    replace: "return true;",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/stuck",
    why: "A step of which no length will do would be made all the same.",
    file: lineSearch,
    find: "return { to: { ...to, stuck: true }, fraction: taken };",
    replace: "return { to, fraction: taken };",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/falls-refused",
    why: "Goods would fall faster than f says however far that leads up the potential.",
    file: lineSearch,
    find: "if (await acceptable(problem, from, to, falling, 1, course)) return { to, fraction: 1 };",
    replace: "return { to, fraction: 1 };",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/then-ordinary",
    why: "Where a faster fall is refused the whole step would be halved along it.",
    file: lineSearch,
    find: "falling.fell && guarded ?",
    replace: "false ?",
    tests: LINE_SEARCH,
  },
  {
    name: "line-search/forget-falls",
    why: "A faster fall that was refused would be tried again at every step.",
    file: lineSearch,
    find: "    market.forgetFalls();\n",
    replace: "",
    tests: LINE_SEARCH,
  },
];
