// Safeguards of the verdicts on a solve that gets nowhere.

const WATCH = ["test/safeguards/watch.test.ts"];
const WINDING = ["test/solvers/winding.test.ts"];

const watch = "src/solvers/parts/watch.ts";
const winding = "src/solvers/parts/winding.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const WATCH_SAFEGUARDS = [
  {
    name: "watch/patience-and-damping",
    why: "A small λ alone would make a solve look stalled.",
    file: watch,
    find: "Math.max(200, Math.ceil(40 / step))",
    replace: "200",
    tests: WINDING,
  },
  {
    name: "watch/noticeable-progress",
    why: "Residuals that fall by rounding would keep a stalled solve alive.",
    file: watch,
    find: "const PROGRESS = 0.999;",
    replace: "const PROGRESS = 1;",
    tests: WATCH,
  },
  {
    name: "watch/turn-under-way",
    why: "A cycle that takes longer than patience would be called stalled.",
    file: watch,
    find: "(this.winding.winding && !this.resting)",
    replace: "false",
    tests: WATCH,
  },
  {
    name: "watch/resting",
    why: "Prices that once turned and now rest would be waited for until the steps run out.",
    file: watch,
    find: "(this.winding.winding && !this.resting)",
    replace: "this.winding.winding",
    tests: WATCH,
  },
  {
    name: "watch/drifting",
    why: "Prices on a long straight way, over a hump of the residual, would be called stalled.",
    file: watch,
    find: `return drifting ? null : "stalled";`,
    replace: `return "stalled";`,
    tests: WINDING,
  },
  {
    name: "watch/drift-beyond-rounding",
    why: "Prices that creep by rounding would seem to be going somewhere for ever.",
    file: watch,
    find: "this.path > LEAST_PATH && ",
    replace: "",
    tests: WATCH,
  },
  {
    name: "watch/growing",
    why: "Prices that part without bound would be called stalled.",
    file: watch,
    find: `    if (growing) return "diverged";\n`,
    replace: "",
    tests: WINDING,
  },
  {
    name: "watch/widest",
    why: "Prices would leave float64 before anything was said.",
    file: watch,
    find: `    if (readout.spread > WIDEST) return "diverged";\n`,
    replace: "",
    tests: WINDING,
  },
  {
    name: "watch/no-cycle-while-it-falls",
    why: "A solve that winds in while its residual falls would be called a cycle.",
    file: watch,
    find: "this.winding.cycling && this.since > 0",
    replace: "this.winding.cycling",
    tests: WATCH,
  },
  {
    name: "winding/turns-that-shrink",
    why: "A spiral that converges would be called a cycle.",
    file: winding,
    find: " || (previous !== undefined && radius < SHRINK * previous.radius)",
    replace: "",
    tests: WINDING,
  },
  {
    name: "winding/reversal",
    why: "A cycle of period two would cancel itself, each reversal rounded the other way.",
    file: winding,
    find: "Math.abs(turn) > REVERSAL ? Math.sign(this.angle || 1) * Math.abs(turn) : turn",
    replace: "turn",
    tests: WINDING,
  },
  {
    name: "winding/consistency",
    why: "Zigzag would be called a cycle.",
    file: winding,
    find: "Math.abs(this.angle) >= CONSISTENCY * this.absolute && radius > ROUNDING",
    replace: "radius > ROUNDING",
    tests: WATCH,
  },
  {
    name: "winding/rounding",
    why: "Rounding noise at rest would be called a cycle.",
    file: winding,
    find: "Math.abs(this.angle) >= CONSISTENCY * this.absolute && radius > ROUNDING",
    replace: "Math.abs(this.angle) >= CONSISTENCY * this.absolute",
    tests: WINDING,
  },
];
