import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { buildEconomy, defineEconomy } from "../../src/economy/build.js";
import { exchange, type Json, pipeline } from "./samples.js";

function changed(change: (economy: Json) => unknown, of = pipeline) {
  const economy = of();
  change(economy);
  return buildEconomy(economy);
}

describe("names", () => {
  test("declared commodities come first, then each agent's own metrics; declared metrics are shared", () => {
    const { commodities, agents } = buildEconomy(pipeline());
    expect(commodities).toEqual([
      { name: "gpu", unit: null, agent: null },
      { name: "planner/quality", unit: null, agent: 0 },
      { name: "coder/quality", unit: null, agent: 1 },
    ]);
    expect(agents.map(({ metrics }) => metrics)).toEqual([
      ["quality", "gpu"],
      ["quality", "gpu"],
    ]);
    expect(agents.map(({ commodities }) => [...commodities])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  test("names of Object's own properties are names like others", () => {
    const economy = buildEconomy({
      format: "walras/1",
      commodities: { toString: {}, valueOf: {} },
      agents: { constructor: { production: { set: "ellipsoid", radius: { hasOwnProperty: 1 } } } },
      orchestrators: {
        isPrototypeOf: {
          shares: { constructor: 1 },
          endowment: { toString: 1, valueOf: 1 },
          preferences: {
            dag: {
              entry: { constructor: 1, propertyIsEnumerable: 1 },
              steps: {
                constructor: { metrics: { hasOwnProperty: 1, toString: 1 } },
                propertyIsEnumerable: { metrics: { valueOf: 1 } },
              },
            },
          },
        },
      },
    });
    expect(economy.commodities.map(({ name }) => name)).toEqual([
      "toString",
      "valueOf",
      "constructor/hasOwnProperty",
    ]);
    expect(economy.orchestrators[0].shares).toEqual(Float64Array.of(1));
  });

  test("a name that only Object has is unknown", () => {
    const refused = (change: (economy: Json) => unknown) => () => changed(change);
    expect(
      refused((e) => {
        e.orchestrators.main.endowment.constructor = 1;
      }),
    ).toThrow(/unknown commodity "constructor"/);
    expect(
      refused((e) => {
        e.orchestrators.main.shares = { toString: 1, planner: 1, coder: 1 };
      }),
    ).toThrow(/unknown agent "toString"/);
    expect(
      refused((e) => {
        e.orchestrators.main.preferences.dag.entry.valueOf = 1;
      }),
    ).toThrow(/unknown step "valueOf"/);
  });
});

describe("orchestrators", () => {
  test("shares: absent is all for one, a number is of every agent, a map leaves 0 to the others", () => {
    expect(buildEconomy(pipeline()).orchestrators[0].shares).toEqual(Float64Array.of(1, 1));
    const { orchestrators } = changed((e) => {
      e.orchestrators.main.shares = 0.25;
      e.orchestrators.first = { ...e.orchestrators.main, shares: { planner: 0.75 } };
      e.orchestrators.second = { ...e.orchestrators.main, shares: { coder: 0.75 } };
    });
    expect(orchestrators.map(({ shares }) => [...shares])).toEqual([
      [0.25, 0.25],
      [0.75, 0],
      [0, 0.75],
    ]);
  });

  test("shares that miss 1 by no more than 1e-12 are made to sum to it", () => {
    const thirds = (third: number) =>
      changed((e) => {
        const { main } = e.orchestrators;
        e.orchestrators = {
          a: { ...main, shares: third },
          b: { ...main, shares: third },
          c: { ...main, shares: third },
        };
      });
    const sum = thirds(0.333333333333).orchestrators.reduce((total, { shares }) => total + shares[0], 0);
    expect(Math.abs(sum - 1)).toBeLessThanOrEqual(2e-16);
    expect(() => thirds(0.33333333333)).toThrow(InputError);
  });

  test("intensity is normalised: Σ w ρ = 1, in proportion to the discount", () => {
    const { orchestrators, grid } = changed((e) => {
      e.orchestrators.main.discount = [1, 3, 0, 4];
    });
    const { intensity } = orchestrators[0];
    expect(intensity.reduce((sum, density, n) => sum + grid.weights[n] * density, 0)).toBeCloseTo(1, 14);
    expect(intensity[1] / intensity[0]).toBeCloseTo(3, 14);
    expect(intensity[2]).toBe(0);
  });

  test("a discount near the largest numbers there are is normalised too", () => {
    const { orchestrators } = changed((e) => {
      e.orchestrators.main.discount = [1e308, 1e308, 1e308, 0];
    });
    expect([...orchestrators[0].intensity].map((density) => density * 1.5)).toEqual([1, 1, 1, 0]);
  });

  test("endowments and floors are by commodity index; those that are 0 are left out", () => {
    const { orchestrators } = changed((e) => {
      e.orchestrators.main.floors = { gpu: 0, "planner/quality": [0, 0.5, 0, 0] };
    });
    expect([...orchestrators[0].floors]).toEqual([[1, Float64Array.of(0, 0.5, 0, 0)]]);
    expect([...orchestrators[0].endowment]).toEqual([[0, Float64Array.of(20, 20, 20, 20)]]);
  });
});

describe("defaults of formats.md", () => {
  const { grid, orchestrators } = buildEconomy(exchange());
  test("a static economy", () => {
    expect(grid).toMatchObject({ horizon: 1, nodes: 1, rule: "midpoint", unit: null });
  });
  test("elasticity 1 over time and in nests without one", () => {
    expect(orchestrators[0].intertemporalElasticity).toBe(1);
    const { orchestrators: other } = changed(
      (e) => delete e.orchestrators.ann.preferences.nodes.drinks.elasticity,
      exchange,
    );
    expect(other[0].preferences.nodes[0].elasticity).toBe(1);
  });
  test("own_weight 0.5 and elasticities 1 in a dag", () => {
    const { nodes } = buildEconomy(pipeline()).orchestrators[0].preferences;
    expect(nodes.map(({ name, elasticity, weights }) => [name, elasticity, ...weights])).toContainEqual([
      "planner",
      1,
      0.5,
      0.5,
    ]);
    expect(nodes.every(({ elasticity }) => elasticity === 1)).toBe(true);
  });
});

describe("in code", () => {
  test("series may be functions of time or typed arrays, and there is no hash", () => {
    const economy = defineEconomy({
      time: { horizon: 2, nodes: 4 },
      commodities: { sun: {}, rain: {} },
      orchestrators: {
        farm: {
          endowment: { sun: (t) => 1 + t, rain: Float64Array.of(1, 2, 3, 4) },
          preferences: { root: "u", nodes: { u: { inputs: { sun: 1, rain: 1 } } } },
        },
      },
    });
    const { endowment } = economy.orchestrators[0];
    expect(endowment.get(0)).toEqual(Float64Array.of(1.25, 1.75, 2.25, 2.75));
    expect(endowment.get(1)).toEqual(Float64Array.of(1, 2, 3, 4));
    expect(economy.sha256).toBeNull();
    expect(economy.onGrid({ nodes: 2 }).orchestrators[0].endowment.get(0)).toEqual(Float64Array.of(1.5, 2.5));
  });

  test("refusals are those of files, under the economy's name", () => {
    expect(() => defineEconomy({ name: "mine", orchestrators: {} })).toThrow(
      /economy "mine" cannot be used:\n.*orchestrators: found no orchestrator/s,
    );
  });
});

describe("on another grid", () => {
  const economy = changed((e) => {
    e.orchestrators.main.endowment.gpu = [10, 20, 30, 40];
    e.orchestrators.main.discount = { t: [0, 2], values: [1, 2] };
  });
  const gpu = (other = economy) => [...(other.orchestrators[0].endowment.get(0) ?? [])];

  test("arrays become cell averages, samples are evaluated anew", () => {
    expect(gpu(economy.onGrid({ nodes: 2 }))).toEqual([15, 35]);
    expect(gpu(economy.onGrid({ nodes: 8 }))).toEqual([10, 10, 20, 20, 30, 30, 40, 40]);
    const { grid, orchestrators } = economy.onGrid({ nodes: 1 });
    expect(grid.weights).toEqual(Float64Array.of(2));
    expect(orchestrators[0].intensity).toEqual(Float64Array.of(0.5));
  });

  test("there and back is where it was", () => {
    expect(gpu(economy.onGrid({ nodes: 2 }).onGrid({ nodes: 4 }))).toEqual([10, 20, 30, 40]);
  });

  test("changes add up", () => {
    const smooth = changed(() => {})
      .onGrid({ nodes: 3 })
      .onGrid({ rule: "gauss-legendre" });
    expect(smooth.grid).toMatchObject({ nodes: 3, rule: "gauss-legendre", horizon: 2 });
  });

  test("an array cannot go to gauss-legendre, and the refusal says where it stands", () => {
    expect(() => economy.onGrid({ rule: "gauss-legendre" })).toThrow(
      /orchestrators\.main\.endowment\.gpu: found .*4/,
    );
  });

  test("nodes that are no whole number are refused", () => {
    expect(() => economy.onGrid({ nodes: 0 })).toThrow(InputError);
    expect(() => economy.onGrid({ nodes: 1.5 })).toThrow(InputError);
  });
});

describe("several problems at once", () => {
  test("all of structure, then all of meaning", () => {
    const broken = pipeline();
    broken.orchestrators.main.endowment.gqu = 1;
    broken.agents.coder.production.returns = 2;
    broken.orchestrators.main.preferences.dag.entry.x = 1;
    expect(problemPaths(broken)).toEqual([
      "agents.coder.production.returns",
      "orchestrators.main.endowment.gqu",
      "orchestrators.main.preferences.dag.entry.x",
    ]);
    broken.nmae = 1;
    broken.time.nodes = "4";
    expect(problemPaths(broken)).toEqual(["time.nodes", "nmae"]);
  });

  test("__proto__ in data built by JSON.parse, which zod would pass over in silence", () => {
    const hidden = JSON.parse(JSON.stringify(pipeline()).replaceAll('"coder"', '"__proto__"'));
    expect(problemPaths(hidden)).toEqual([
      "agents.__proto__",
      "orchestrators.main.preferences.dag.steps.__proto__",
      "orchestrators.main.preferences.dag.steps.planner.next.__proto__",
    ]);
  });

  test("no more than fifty are listed, the rest is counted", () => {
    const broken = pipeline();
    for (let k = 0; k < 80; k++) broken.orchestrators.main.endowment[`x${k}`] = 1;
    const paths = problemPaths(broken);
    expect(paths).toHaveLength(51);
    expect(() => buildEconomy(broken)).toThrow(/found 30 more problems/);
  });
});

function problemPaths(broken: Json): string[] {
  try {
    buildEconomy(broken);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ path }) => path);
  }
  return [];
}

describe("warnings", () => {
  const warned = (change: (economy: Json) => unknown, of = pipeline) =>
    changed(change, of).warnings.map(({ path }) => path);

  test("an agent that nobody can use", () => {
    expect(
      warned((e) => {
        e.agents.idle = { production: { set: "ellipsoid", radius: { quality: 1 } } };
      }),
    ).toEqual(["agents.idle"]);
    expect(
      warned((e) => {
        e.agents.plant = { production: { set: "ellipsoid", center: { gpu: 1 } } };
      }),
    ).toEqual([]);
  });

  test("an agent that only takes", () => {
    const takes = { production: { set: "ellipsoid", center: { gpu: -1, heat: 0.5 } } };
    expect(
      warned((e) => {
        e.agents.miner = takes;
      }),
    ).toEqual(["agents.miner"]);
  });

  test("a smoothing of 0 where there is something to smooth", () => {
    const hull = { set: "hull", smoothing: 0, trajectories: [{ gpu: 1 }, { gpu: 2 }] };
    expect(
      warned((e) => {
        e.agents.plant = { production: hull };
      }),
    ).toEqual(["agents.plant.production.smoothing"]);
    expect(
      warned((e) => {
        e.agents.planner.production.smoothing = 0;
      }),
    ).toEqual([]);
  });

  test("weights that do not sum to 1 at an elasticity near 1, but not at it", () => {
    const path = "orchestrators.ann.preferences.nodes.u.inputs";
    const near = (elasticity: number, apples: number) =>
      warned((e) => {
        Object.assign(e.orchestrators.ann.preferences.nodes.u, {
          elasticity,
          inputs: { apples, drinks: 0.5 },
        });
      }, exchange);
    expect(near(1.0005, 1)).toEqual([path]);
    expect(near(0.9995, 1)).toEqual([path]);
    expect(near(1, 1)).toEqual([]);
    expect(near(1.002, 1)).toEqual([]);
    expect(near(1.0005, 0.5)).toEqual([]);
  });

  test("a nest that the root does not reach", () => {
    const spare = (e: Json) => {
      e.orchestrators.ann.preferences.nodes.spare = { inputs: { apples: 1 } };
    };
    expect(warned(spare, exchange)).toEqual(["orchestrators.ann.preferences.nodes.spare"]);
    expect(changed(spare, exchange).orchestrators[0].preferences.nodes.map(({ name }) => name)).toEqual([
      "drinks",
      "u",
    ]);
  });
});
