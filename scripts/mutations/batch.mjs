// Safeguards of economies solved in lock step.

const BATCH = ["test/solvers/batch/iterate.test.ts"];
const SOLVE = ["test/solve/batch.test.ts"];

const anderson = "src/solvers/batch/anderson.ts";
const member = "src/solvers/batch/member.ts";
const iterate = "src/solvers/batch/iterate.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const BATCH_SAFEGUARDS = [
  {
    name: "batch/veto",
    why: "Prices that the verifier does not believe would be returned without a solve of their own.",
    file: "src/solve/lock-step.ts",
    find: `return solution.status === "uncertified" ? null : solution;`,
    replace: "return solution;",
    tests: SOLVE,
    only: "the verifier does not believe",
  },
  {
    name: "batch/accepted",
    why: "A step up the potential, or one that makes f explode, would be taken.",
    file: anderson,
    find: "return change === null ? bounded || shrinks(readout, to) : change < 0;",
    replace: "return true;",
    tests: BATCH,
  },
  {
    name: "batch/refused-stay",
    why: "Who refused its point would be moved there with those who accepted theirs.",
    file: anderson,
    find: "if (accepted.length === live.length) {",
    replace: "if (accepted.length >= 0) {",
    tests: BATCH,
  },
  {
    name: "batch/overwritten-slot",
    why: "A difference that was written over would be combined as what it was.",
    file: anderson,
    find: "const old = course.slots.indexOf(slot);",
    replace: "const old = -1;",
    tests: BATCH,
  },
  {
    name: "batch/best",
    why: "The last iterate would be returned, not the best.",
    file: iterate,
    find: "await this.market.prices(this.best, b)",
    replace: "await this.market.prices(this.process.iterates, b)",
    tests: BATCH,
  },
  {
    name: "batch/floors",
    why: "An economy would be walked on where somebody cannot pay its floors and f is not defined.",
    file: member,
    find: `    if (readout.afford <= 0) return "floors";\n`,
    replace: "",
    tests: BATCH,
  },
  {
    name: "batch/free-goods",
    why: "Idle goods, which only a solve alone can free, would hold an economy in the batch.",
    file: member,
    find: `    if (!this.isGood && readout.complementarity <= IDLE * readout.clearing) return "free goods";\n`,
    replace: "",
    tests: BATCH,
  },
];
