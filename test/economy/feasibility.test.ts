import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { defineEconomy, type EconomyDefinition } from "../../src/economy/build.js";

type Orchestrator = EconomyDefinition["orchestrators"][string];

/** On two nodes, everybody has `bread`; `honey` is for the test to supply. */
function refusal(main: Partial<Orchestrator>, agents: EconomyDefinition["agents"] = {}): string | null {
  const preferences = { root: "u", nodes: { u: { inputs: { bread: 1 } } } };
  try {
    defineEconomy({
      time: { nodes: 2 },
      commodities: { bread: {}, honey: {} },
      agents,
      orchestrators: { main: { endowment: { bread: 1 }, preferences, ...main } },
    });
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ path, found, expected }) => `${path}: ${found}; ${expected}`).join("\n");
  }
}

const nest = (outer: number, inner: number, others: Record<string, number> = { bread: 1 }) => ({
  preferences: {
    root: "u",
    nodes: {
      u: { elasticity: outer, inputs: { bread: 1, v: 1 } },
      v: { elasticity: inner, inputs: { honey: 1, ...others } },
    },
  },
});

describe("a commodity that nobody can supply", () => {
  test("is essential under elasticities ≤ 1 all the way", () => {
    expect(refusal(nest(1, 1))).toMatch(/nodes\.v\.inputs\.honey: essential "honey", .* at any time/);
    expect(refusal(nest(0, 0.5))).toMatch(/essential "honey"/);
  });

  test("has an infinite price under an elasticity > 1 on the way", () => {
    expect(refusal(nest(1, 2))).toMatch(/demand for "honey".*its price would be infinite/);
    expect(refusal(nest(2, 1))).toMatch(/demand for "honey".*its price would be infinite/);
  });

  test("is essential through a nest of one child, whatever its elasticity", () => {
    expect(refusal(nest(1, 5, {}))).toMatch(/essential "honey"/);
  });

  test("is refused once, as essential, where it is both", () => {
    const both = refusal({
      preferences: {
        root: "u",
        nodes: { u: { inputs: { v: 1, honey: 1 } }, v: { elasticity: 2, inputs: { honey: 1, bread: 1 } } },
      },
    });
    expect(both?.split("\n")).toHaveLength(1);
    expect(both).toMatch(/nodes\.u\.inputs\.honey: essential/);
  });

  test("is no matter at instants without demand intensity", () => {
    expect(refusal({ ...nest(1, 1), endowment: { bread: 1, honey: [1, 0] } })).toMatch(/at t = 0\.75/);
    expect(refusal({ ...nest(1, 1), endowment: { bread: 1, honey: [1, 0] }, discount: [1, 0] })).toBeNull();
  });

  test("is not essential where consumption can move to another instant, but has an infinite price", () => {
    const honey = { ...nest(1, 1), endowment: { bread: 1, honey: [1, 0] } };
    expect(refusal({ ...honey, intertemporal_elasticity: 1 })).toMatch(/essential "honey"/);
    expect(refusal({ ...honey, intertemporal_elasticity: 2 })).toMatch(/its price would be infinite/);
  });

  test("may be supplied by any other orchestrator's endowment or an agent's output", () => {
    const bees = { bees: { production: { set: "frontier" as const, outputs: { honey: 1 } } } };
    expect(refusal(nest(1, 1), bees)).toBeNull();
    expect(refusal({ floors: { honey: 0.1 } }, bees)).toBeNull();
    expect(refusal({ floors: { honey: 0.1 } })).toMatch(/floors\.honey: a floor on "honey"/);
  });
});

describe("an agent's input that nobody can supply", () => {
  const agent = (production: object) => ({ baker: { production } }) as EconomyDefinition["agents"];

  test("is refused where no point of the set does without it", () => {
    const found = refusal({}, agent({ set: "ellipsoid", center: { bread: 1, honey: -1 } }));
    expect(found).toMatch(
      /agents\.baker\.production: an input that no point of the set does without, "honey"/,
    );
  });

  test("is refused where the set could do without it, as its price would be infinite", () => {
    const found = refusal({}, agent({ set: "frontier", outputs: { bread: 1 }, inputs: { honey: 1 } }));
    expect(found).toMatch(/agents\.baker\.production: an input, "honey".*its price would be infinite/);
  });

  test("is accepted when it is endowed", () => {
    const baker = agent({ set: "frontier", outputs: { bread: 1 }, inputs: { honey: 1 } });
    expect(refusal({ endowment: { bread: 1, honey: 1 } }, baker)).toBeNull();
  });
});
