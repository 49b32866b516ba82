import { describe, expect, test } from "vitest";
import type { Plans } from "../../src/certificates/certificate.js";
import { outcomeOf } from "../../src/certificates/outcome.js";
import { plansAt } from "../../src/certificates/plans.js";
import { type CertifiedItem, examine, verify } from "../../src/certificates/verify.js";
import { workshop } from "../certificates/economies.js";

type Agent = Plans["agents"][number];
type Owner = Plans["orchestrators"][number];

const TOLERANCE = 1e-8;
const EDIT = 1.001;

/** The items that fail at the known equilibrium with the firm's or the owner's plan edited. */
function failing(
  agent: (plan: Agent) => object,
  owner: (plan: Owner) => object = () => ({}),
): CertifiedItem[] {
  const { economy, prices } = workshop();
  const plans = plansAt(economy, prices);
  const [agents, orchestrators] = [
    plans.agents.map((plan) => ({ ...plan, ...agent(plan) })),
    plans.orchestrators.map((plan) => ({ ...plan, ...owner(plan) })),
  ];
  const { failures } = examine(outcomeOf(economy, prices, { agents, orchestrators }));
  return failures(TOLERANCE).map(({ item }) => item);
}

const more = (x: Float64Array): Float64Array => x.map((value) => value * EDIT);

describe("each item of the certificate can fail", () => {
  test("none does where nothing is edited", () => {
    expect(failing(() => ({}))).toEqual([]);
  });

  const edits: [CertifiedItem, (plan: Agent) => object, ((plan: Owner) => object)?][] = [
    ["clearing", ({ supply }) => ({ supply: more(supply) })],
    ["walras", () => ({}), ({ demand }) => ({ demand: more(demand) })],
    ["profit_gap", ({ profit }) => ({ profit: profit * EDIT })],
    ["membership_gap", ({ supply }) => ({ supply: Float64Array.of(supply[0] * EDIT, supply[1]) })],
    ["budget_gap", () => ({}), ({ income }) => ({ income: income * EDIT })],
    ["expenditure_gap", () => ({}), ({ utility }) => ({ utility: utility * EDIT })],
    ["utilization", ({ supply }) => ({ supply: Float64Array.of(supply[0] / EDIT, supply[1]) })],
  ];

  test.each(edits)("%s", (item, agent, owner) => {
    expect(failing(agent, owner)).toContain(item);
  });

  test("a number that is none fails, also one that cannot be computed", () => {
    expect(failing(({ supply }) => ({ supply: Float64Array.of(Number.NaN, supply[1]) }))).toContain(
      "clearing",
    );
    // Less work than the floor asks for.
    expect(failing(() => ({ supply: Float64Array.of(1, -1) }))).toContain("utilization");
    expect(
      failing(
        () => ({}),
        ({ demand }) => ({ demand: demand.map(() => Number.NaN) }),
      ),
    ).toContain("budget_gap");
  });

  test("a NaN is not hidden by what comes after it", () => {
    const { economy } = workshop();
    const { certificate } = verify(economy, Float64Array.of(Number.NaN, 0.5, 0));
    expect(certificate.clearing).toBeNaN();
  });
});
