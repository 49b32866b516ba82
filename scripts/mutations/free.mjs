// Safeguards of free goods.

const FREE = ["test/safeguards/free.test.ts"];
const MARKET = ["test/safeguards/market.test.ts"];

const free = "src/market/free.ts";
const reference = "src/market/reference.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const FREE_SAFEGUARDS = [
  {
    name: "free/frozen",
    why: "The log process would drive the price of an idle good to 0 for ever, and never clear.",
    file: free,
    find: "return this.release(tolerance) || this.freeze(tolerance, complementarity);",
    replace: "return this.release(tolerance);",
    tests: FREE,
  },
  {
    name: "free/released",
    why: "A good that is wanted after all would stay free.",
    file: free,
    find: "return this.release(tolerance) || this.freeze(tolerance, complementarity);",
    replace: "return this.freeze(tolerance, complementarity);",
    tests: FREE,
  },
  {
    name: "free/release-waits",
    why: "A good at the edge would be frozen and released in turn.",
    file: free,
    find: "      this.wait[i] = 2 ** this.releases[i];\n",
    replace: "",
    tests: FREE,
  },
  {
    name: "free/idle-or-clearly",
    why: "A priced good that is merely not quite cleared would be given away.",
    file: free,
    find: "const idle = this.idle[i] === 1 || excess > CLEARLY * volume;",
    replace: "const idle = true;",
    tests: FREE,
  },
  {
    name: "free/idle",
    why: "A good in small lasting excess supply would never be freed.",
    file: free,
    find: "const idle = this.idle[i] === 1 || excess > CLEARLY * volume;",
    replace: "const idle = excess > CLEARLY * volume;",
    tests: FREE,
  },
  {
    name: "free/clearly",
    why: "A good that is clearly idle where the solve begins would have to fall first.",
    file: free,
    find: "const idle = this.idle[i] === 1 || excess > CLEARLY * volume;",
    replace: "const idle = this.idle[i] === 1;",
    tests: FREE,
  },
  {
    name: "free/negligible-revenue",
    why: "A good that still earns something would be given away.",
    file: free,
    find: " && this.revenue(i) <= tolerance) found.push(i);",
    replace: ") found.push(i);",
    tests: FREE,
  },
  {
    name: "free/others-clear",
    why: "Goods would be frozen on the excursions of a cycle.",
    file: free,
    find: "else if (Math.abs(excess) > ROUGHLY * tolerance * volume) return [];",
    replace: "",
    tests: FREE,
  },
  {
    name: "free/calm",
    why: "Prices would be thrown down while the market is far from clearing, as a cycle always is.",
    file: free,
    find: "worst && complementarity < CALM && ",
    replace: "worst && ",
    tests: FREE,
  },
  {
    name: "free/foremost",
    why: "Goods that keep nothing from clearing would be thrown down.",
    file: free,
    find: "worst && complementarity < CALM && ",
    replace: "complementarity < CALM && ",
    tests: FREE,
  },
  {
    name: "free/response",
    why: "A price that works, since excess supply responds to its fall, would be thrown down.",
    file: free,
    find: "f - this.excessThen[i] >= RESPONSE * fallen",
    replace: "false",
    tests: FREE,
  },
  {
    name: "free/deep",
    why: "A price on its way to 0 would fall on until it leaves float64, and look like divergence.",
    file: free,
    find: "    if (revenue < DEEP && this.releases[i] === 0) return 0;\n",
    replace: "",
    tests: FREE,
  },
  {
    name: "free/impoverishes",
    why: "Corners would be reached that are no equilibria: somebody lives off what is free and owns nothing.",
    file: free,
    find: "if (this.impoverishes(new Set(ready)))",
    replace: "if (ready.length === 0)",
    tests: FREE,
  },
  {
    name: "free/not-for-ever",
    why: "A good that may not be frozen would wait for that deep down, and the solve not see prices part.",
    file: free,
    find: "      for (const i of ready) this.releases[i] ||= 1;\n",
    replace: "",
    tests: FREE,
  },
  {
    name: "free/not-in-the-norm",
    why: "A good on its way to being free would keep ‖f‖ from falling, and every step from being accepted.",
    file: reference,
    find: "return this.active(i) && !this.free.isIdle(i);",
    replace: "return this.active(i);",
    tests: MARKET,
  },
];
