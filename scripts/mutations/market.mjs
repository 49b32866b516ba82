// Safeguards of the market, the nest-wise step and the preferences' sweeps.

const MARKET = ["test/safeguards/market.test.ts"];

const reference = "src/market/reference.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const MARKET_SAFEGUARDS = [
  {
    name: "market/complementarity",
    why: "Nothing would be seen to improve while the price of an idle good falls.",
    file: "src/market/readout.ts",
    find: "z < 0 ? Math.min(gap, revenue) : gap",
    replace: "gap",
    tests: MARKET,
  },
  {
    name: "market/clip",
    why: "A step from far away could throw prices over hundreds of decades.",
    file: reference,
    find: "Math.max(-clip, Math.min(clip, change[i]))",
    replace: "change[i]",
    tests: MARKET,
  },
  {
    name: "market/limit-of-f",
    why: "Where nothing is supplied f would be infinite, and the next prices no numbers.",
    file: reference,
    find: "return Math.max(-LIMIT, Math.min(LIMIT, Math.log(demand[i]) - Math.log(supply[i])));",
    replace: "return Math.log(demand[i]) - Math.log(supply[i]);",
    tests: MARKET,
  },
  {
    name: "market/nothing-of-nothing",
    why: "Where nothing is wanted and nothing supplied f would be NaN.",
    file: reference,
    find: "    if (demand[i] === supply[i]) return 0;\n",
    replace: "",
    tests: MARKET,
  },
  {
    name: "market/limit-prices",
    why: "What is wanted at price 0 would be divided by a price that has underflowed.",
    file: "src/market/allocation.ts",
    find: "const limit = Math.max(DEEPEST, least - FREE_DEPTH);",
    replace: "const limit = least - FREE_DEPTH;",
    tests: MARKET,
  },
  {
    name: "market/limit-supply",
    why: "An agent whose metrics are all free would be asked what it supplies at no prices at all.",
    file: "src/market/allocation.ts",
    find: "set.supply(limitPrices(p, commodities, wanted, N), y);",
    replace: "set.supply(p, y);",
    tests: ["test/cases/free.test.ts"],
    only: "at whatever center",
  },
  {
    name: "nest-wise/least-response",
    why: "Complements in fixed supply would ask for infinite steps.",
    file: "src/preferences/nest-wise.ts",
    find: "export const LEAST_RESPONSE = 0.05;",
    replace: "export const LEAST_RESPONSE = 0;",
    tests: MARKET,
  },
  {
    name: "nest-wise/least-own",
    why: "A good that only agents use, as much of it at any price, would ask for an infinite step.",
    file: "src/market/nest-wise.ts",
    find: "Math.max(LEAST_OWN, this.supply[k], ",
    replace: "Math.max(this.supply[k], ",
    tests: MARKET,
  },
  {
    name: "nest-wise/firm",
    why: "Inputs that nearly nobody wants would be thrown up and down for hundreds of steps.",
    file: "src/market/nest-wise.ts",
    find: "excess < Infinity ? FIRM * excess : 1",
    replace: "0",
    tests: ["test/solvers/yardstick.test.ts"],
    only: "inputs",
  },
  {
    name: "preferences/centred-near-one",
    why: "The price index would lose its digits where an elasticity is near 1.",
    file: "src/preferences/nest.ts",
    find: "const near = Math.abs(delta) * (high - low) < 0.1;",
    replace: "const near = delta === 0;",
    tests: ["test/preferences/ces-preferences.test.ts"],
  },
  {
    name: "preferences/largest-first",
    why: "Prices over hundreds of decades would overflow in the sum of a price index.",
    file: "src/preferences/nest.ts",
    find: "const centre = near ? mean : delta > 0 ? high : low;",
    replace: "const centre = mean;",
    tests: ["test/preferences/ces-preferences.test.ts"],
  },
];
