// Safeguards of the theorems' hypotheses and of what spectra say.

const BOUND = ["test/contraction/bound.test.ts"];
const NAMED = "the hypothesis named";
const INTERVAL = ["test/contraction/interval.test.ts"];
const LOCAL = ["test/contraction/local.test.ts"];
const EIGENVALUES = ["test/contraction/eigenvalues.test.ts"];
const CONTRACTION = ["test/safeguards/contraction.test.ts"];

const bound = "src/contraction/bound.ts";
const interval = "src/contraction/interval.ts";
const elasticities = "src/contraction/elasticities.ts";
const arnoldi = "src/contraction/arnoldi.ts";
const eigenvalues = "src/contraction/eigenvalues.ts";
const index = "src/contraction/equilibrium-index.ts";

/** @type {readonly import("./safeguard.mjs").Safeguard[]} */
export const CONTRACTION_SAFEGUARDS = [
  {
    name: "theorem/elasticities-start-at-one",
    why: "A bound would be claimed for complements, where T1 proves nothing.",
    file: elasticities,
    find: "if (first.elasticity >= 1) return [];",
    replace: "if (first.elasticity >= 0) return [];",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/elasticities-do-not-fall",
    why: "A bound would be claimed where complements lie deep in the DAG.",
    file: elasticities,
    find: "branches(node) && ancestor !== null && node.elasticity < ancestor.elasticity",
    replace: "branches(node) && ancestor !== null && node.elasticity < 0",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/worst-path",
    why: "A node of several parents would be judged below the last of them, not the worst.",
    file: elasticities,
    find: "(known === null || passed.elasticity > known.elasticity)",
    replace: "known === null",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/floors",
    why: "A bound would be claimed in spite of floors.",
    file: bound,
    find: "    ...floorFailures(economy),\n",
    replace: "",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/endowments",
    why: "A bound would be claimed for somebody who owes what others own.",
    file: bound,
    find: "    ...negativeEndowments(economy),\n",
    replace: "",
    tests: CONTRACTION,
  },
  {
    name: "theorem/agents",
    why: "A bound would be claimed for agents of families it is not proved for.",
    file: bound,
    find: `    ...agentFailures(economy, "t1"),\n`,
    replace: "",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/supply",
    why: "A bound would be claimed where f is not even finite.",
    file: bound,
    find: "    ...vanishingSupply(economy),\n",
    replace: "",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/ownership",
    why: "A bound would be claimed for orchestrators who own different things, and may have several equilibria.",
    file: bound,
    find: "  if (failures.length > 0) return { failures };\n",
    replace: "",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "theorem/step",
    why: "A bound would be claimed for steps beyond the largest that T1 allows.",
    file: bound,
    find: "if (step > 0 && step <= largest * (1 + 1e-12)) return [];",
    replace: "if (step > 0) return [];",
    tests: BOUND,
    only: NAMED,
  },
  {
    name: "interval/ownership",
    why: "T3's interval would be claimed where E is not self-adjoint.",
    file: interval,
    find: "    ...aggregationFailures(economy),\n",
    replace: "",
    tests: INTERVAL,
    only: "names the hypothesis",
  },
  {
    name: "interval/agents",
    why: "T3's interval would be claimed for agents of families it is not proved for.",
    file: interval,
    find: `    ...agentFailures(economy, "t3"),\n`,
    replace: "",
    tests: INTERVAL,
    only: "names the hypothesis",
  },
  {
    name: "interval/endowments",
    why: "T3's interval would be claimed for somebody who owes what others own.",
    file: interval,
    find: "    ...negativeEndowments(economy),\n",
    replace: "",
    tests: CONTRACTION,
  },
  {
    name: "interval/floors",
    why: "T3's interval would be claimed with σ_min, which floors make smaller.",
    file: interval,
    find: "...(beyondFloors === undefined ? floorFailures(economy) : []),",
    replace: "",
    tests: INTERVAL,
    only: "floors multiply",
  },
  {
    name: "arnoldi/invariant-space",
    why: "Rounding would be taken for a new direction, and its eigenvalues for the economy's.",
    file: arnoldi,
    find: "if (length <= INVARIANT * before) return { along, left: 0 };",
    replace: "",
    tests: LOCAL,
  },
  {
    name: "arnoldi/undefined",
    why: "A local constant would be reported where somebody cannot pay and f is not defined.",
    file: arnoldi,
    find: "  if (!finite || !(afford > 0)) return null;\n",
    replace: "",
    tests: LOCAL,
    only: "null where",
  },
  {
    name: "arnoldi/cheap-goods",
    why: "Goods of hardly any value would pass for rounding, and their eigenvalues be missed.",
    file: arnoldi,
    find: "Math.sqrt(p > 0 ? Math.min(1, p / CHEAP) : 1)",
    replace: "1",
    tests: CONTRACTION,
  },
  {
    name: "eigenvalues/shift",
    why: "The eigenvalue iteration would never end on a nilpotent block.",
    file: eigenvalues,
    find: `const shift = 2 * scaled.norm("frobenius");`,
    replace: "const shift = 0;",
    tests: EIGENVALUES,
    seconds: 30,
  },
  {
    name: "eigenvalues/scale",
    why: "The norm of a matrix of large numbers would overflow.",
    file: eigenvalues,
    find: "const scale = Math.max(largest, Number.MIN_VALUE / Number.EPSILON ** 2);",
    replace: "const scale = 1;",
    tests: EIGENVALUES,
    only: "of any size of number",
  },
  {
    name: "best-step/none-contracts",
    why: "A best λ would be reported where none contracts.",
    file: "src/contraction/best-step.ts",
    find: "!eigenvalues.every(({ re }) => re > ROUNDING * largest)",
    replace: "!eigenvalues.every(({ re }) => re > -Infinity)",
    tests: ["test/contraction/best-step.test.ts"],
    only: "null where",
  },
  {
    name: "index/critical",
    why: "The sign of a determinant that is rounding would be reported as an index.",
    file: index,
    find: "lu.isSingular() || leastSingularValue(lu, kept.length) < rounding",
    replace: "lu.isSingular()",
    tests: ["test/contraction/linearization.test.ts"],
    only: "index",
  },
  {
    name: "stability/neutral",
    why: "A centre would be called stable or unstable by the sign of rounding.",
    file: index,
    find: `re < -rounding * largest)) return "unstable";`,
    replace: `re < 0)) return "unstable";`,
    tests: ["test/contraction/linearization.test.ts"],
    only: "neutral",
  },
];
