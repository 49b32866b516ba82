import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  buildProductionSet,
  FAMILIES,
  metricsOf,
  type ProductionInput,
  type ProductionSpec,
} from "../../src/production/families.js";
import { BuildContext } from "../../src/production/family.js";
import { createGrid } from "../../src/time/grid.js";
import type { Series } from "../../src/time/series.js";
import { build, supplyAt } from "./random-sets.js";

const parse = (spec: ProductionInput): ProductionSpec => {
  const family = FAMILIES.find(({ name }) => name === spec.set);
  if (family === undefined) throw new Error(`no family ${spec.set}`);
  return family.schema.parse(spec) as ProductionSpec;
};

/** Problems as `path | found | expected`; a set must be built exactly when there are none. */
function problemsOf(input: ProductionInput, grid = createGrid(), source = grid): string[] {
  const spec = parse(input);
  const problems: string[] = [];
  const report = (at: readonly (string | number)[], found: string, expected: string) =>
    problems.push(`${at.join(".")} | ${found} | ${expected}`);
  const set = buildProductionSet(spec, new BuildContext({ metrics: metricsOf(spec), grid, source, report }));
  expect(set === null).toBe(problems.length > 0);
  return problems;
}

describe("schemas", () => {
  const valid: ProductionInput[] = [
    { set: "ellipsoid", center: { quality: 1, gpu: -2 }, radius: { quality: 0.3, gpu: 0.5 } },
    { set: "ellipsoid", center: { quality: 1 }, modes: [{ quality: { t: [0, 24], values: [-0.1, 0.1] } }] },
    {
      set: "hull",
      smoothing: 0.05,
      reference: { quality: 1, gpu: 1 },
      trajectories: [{ quality: 1.2, gpu: -3 }],
    },
    {
      set: "frontier",
      outputs: { quality: 1 },
      transformation: 2,
      inputs: { gpu: 1 },
      substitution: 0.7,
      returns: 0.6,
    },
  ];

  it("accept what formats.md shows and fill in its defaults", () => {
    for (const spec of valid) expect(problemsOf(spec)).toEqual([]);
    expect(parse({ set: "frontier", outputs: { a: 1 } })).toMatchObject({
      transformation: 0,
      substitution: 1,
      returns: 0.5,
      scale: 1,
      inputs: {},
    });
    expect(parse({ set: "hull", trajectories: [] })).toMatchObject({ smoothing: 0.02 });
    expect(parse({ set: "ellipsoid", center: {} })).toMatchObject({ smoothing: 0.02, modes: [], radius: {} });
  });

  it("refuse unknown keys, wrong types and numbers that are not finite", () => {
    const bad = [
      { set: "ellipsoid", centre: { a: 1 } },
      { set: "ellipsoid", center: { a: "1" } },
      { set: "ellipsoid", center: 1 },
      { set: "ellipsoid", center: { a: 1 }, modes: { a: 1 } },
      { set: "hull" },
      { set: "hull", trajectories: [{ a: Number.NaN }] },
      { set: "frontier" },
      { set: "frontier", outputs: { a: [1, 2] } },
      { set: "frontier", outputs: { a: Infinity } },
      { set: "frontier", outputs: { a: 1 }, tau: 1 },
    ];
    for (const spec of bad) expect(() => parse(spec as ProductionInput)).toThrow(z.ZodError);
  });

  it("are told apart by `set` and exported to JSON Schema", () => {
    for (const { name, schema } of FAMILIES) {
      expect(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" })).toMatchObject({
        properties: { set: { const: name } },
        additionalProperties: false,
      });
    }
  });
});

describe("metricsOf", () => {
  it("lists all metrics in order of first appearance, without those of the reference", () => {
    const order = (spec: ProductionInput) => metricsOf(parse(spec));
    const modes: Record<string, number>[] = [{ d: 1, a: 1 }, { e: 1 }];
    expect(order({ set: "ellipsoid", center: { b: 1, a: 1 }, radius: { c: 1, a: 1 }, modes })).toEqual([
      ..."bacde",
    ]);
    expect(order({ set: "hull", trajectories: [{ b: 1 }, { a: 1, b: 1 }], reference: { z: 1 } })).toEqual([
      "b",
      "a",
    ]);
    expect(order({ set: "frontier", outputs: { y: 1 }, inputs: { x: 1 } })).toEqual(["y", "x"]);
  });
});

describe("build", () => {
  const hull = { set: "hull" as const, trajectories: [{ a: 1, b: 0 }] };
  const frontier = { set: "frontier" as const, outputs: { a: 1 } };
  const ball = { set: "ellipsoid" as const, center: { a: 1 } };

  it.each<[string, ProductionInput, string[]]>([
    ["no metric", { set: "ellipsoid" }, [" | no metric"]],
    ["negative radius", { ...ball, radius: { a: -0.5 } }, ["radius.a | -0.5 | a number ≥ 0"]],
    ["negative smoothing", { ...ball, modes: [{ a: 1 }], smoothing: -1 }, ["smoothing | -1"]],
    ["negative reference", { ...ball, modes: [{ a: 1 }], reference: { a: -1 } }, ["reference.a | -1"]],
    ["foreign reference", { ...ball, modes: [{ a: 1 }], reference: { b: 1 } }, ['reference | a metric "b"']],
    ["no trajectories", { set: "hull", trajectories: [] }, ["trajectories | none"]],
    ["empty trajectories", { set: "hull", trajectories: [{}, {}] }, ["trajectories | no metric"]],
    ["smoothing < 0", { ...hull, smoothing: -0.1 }, ["smoothing | -0.1 | a number ≥ 0"]],
    ["reference 0", { ...hull, reference: { a: 0 } }, ["reference.a | 0", "reference | nothing"]],
    ["reference < 0", { ...hull, reference: { a: 1, b: -1 } }, ["reference.b | -1"]],
    ["returns 1", { ...frontier, returns: 1 }, ["returns | 1 | a number in (0, 1)"]],
    ["returns 0", { ...frontier, returns: 0, inputs: { g: 1 } }, ["returns | 0"]],
    [
      "elasticities < 0",
      { ...frontier, substitution: -1, transformation: -2 },
      ["transformation | -2", "substitution | -1"],
    ],
    ["negative scale", { ...frontier, scale: -3 }, ["scale | -3 | a number ≥ 0"]],
    ["no outputs", { set: "frontier", outputs: {}, inputs: { g: 1 } }, ["outputs | no metric"]],
    [
      "outputs of weight 0",
      { set: "frontier", outputs: { a: 0, b: 0 } },
      ["outputs | weights that are all 0"],
    ],
    ["inputs of weight 0", { ...frontier, inputs: { g: 0 } }, ["inputs | weights that are all 0"]],
    [
      "negative weights",
      { set: "frontier", outputs: { a: 1, b: -1 }, inputs: { g: -2, h: 1 } },
      ["outputs.b | -1", "inputs.g | -2"],
    ],
    ["input and output", { ...frontier, inputs: { a: 1 } }, ["inputs.a | a metric that is an output too"]],
  ])("reports %s", (_, spec, expected) => {
    const problems = problemsOf(spec);
    expect(problems).toHaveLength(expected.length);
    expected.forEach((start, i) => {
      expect(problems[i].startsWith(start)).toBe(true);
    });
  });

  it("reports series that do not fit the grid, all at once and nothing else about them", () => {
    const grid = createGrid({ horizon: 4, nodes: 4 });
    const spec: ProductionInput = {
      set: "ellipsoid",
      center: { a: [1, 2], b: (t) => 1 / (t - 2.5) },
      radius: { a: { t: [0, 1], values: [-1, 1, 1] }, b: [1, 1, -1, 1] },
      modes: [{ a: 1 }, { b: { t: [1, 0], values: [1, 1] } }],
    };
    expect(problemsOf(spec, grid)).toEqual([
      "center.a | an array of 2 values | one value per node, 4 values",
      "center.b | Infinity at t = 2.5 | a function with finite values",
      "radius.a.values | 3 values | as many as there are times, 2",
      "radius.a.values.0 | -1 | a number ≥ 0",
      "radius.b.2 | -1 | a number ≥ 0",
      "modes.1.b.t.1 | 0 after 1 | increasing times",
    ]);
  });

  it("reports a negative value that no node meets, and one of a function where a node does", () => {
    const samples = { t: [0, 1], values: [-1, 3] };
    expect(problemsOf({ ...ball, radius: { a: samples } })).toEqual([
      "radius.a.values.0 | -1 | a number ≥ 0",
    ]);
    const grid = createGrid({ nodes: 2 });
    expect(problemsOf({ ...frontier, scale: (t) => 0.5 - t }, grid)).toEqual([
      "scale | -0.25 at t = 0.75 | a function with values ≥ 0",
    ]);
  });

  it("allows a reference of 0 where every trajectory is 0, and metrics that the reference leaves out", () => {
    const grid = createGrid({ nodes: 2 });
    const trajectories: Record<string, Series>[] = [{ a: [0, 1] }, { a: [0, 2], b: 1 }];
    expect(problemsOf({ set: "hull", trajectories, reference: { a: [0, 1] } }, grid)).toEqual([]);
    expect(problemsOf({ set: "hull", trajectories, reference: { a: [1, 0] } }, grid)[0]).toContain(
      "0 at t = 0.75",
    );
    const partial = build({ set: "hull", trajectories, reference: { a: [0, 1] } }, grid);
    expect(supplyAt(partial, Float64Array.of(0, 0, 1, 1)).every(Number.isFinite)).toBe(true);
  });

  it("re-projects arrays from the grid that the file declares", () => {
    const source = createGrid({ horizon: 2, nodes: 4 });
    const grid = createGrid({ horizon: 2, nodes: 2 });
    const spec = parse({ set: "ellipsoid", center: { a: [1, 3, 5, 7] } });
    const report = () => expect.unreachable();
    const set = buildProductionSet(spec, new BuildContext({ metrics: ["a"], grid, source, report }));
    const out = new Float64Array(2);
    set?.supply(Float64Array.of(1, 1), out);
    expect(Array.from(out)).toEqual([2, 6]);
  });

  it("puts rows in the order of the context's metrics", () => {
    const spec = parse({ set: "frontier", outputs: { y: 1 }, inputs: { x: 1 }, scale: 2 });
    const grid = createGrid();
    const report = () => expect.unreachable();
    const set = buildProductionSet(
      spec,
      new BuildContext({ metrics: ["x", "y"], grid, source: grid, report }),
    );
    const out = new Float64Array(2);
    set?.supply(Float64Array.of(1, 1), out);
    expect(Array.from(out)).toEqual([-1, 2]);
  });
});

describe("theory", () => {
  const theory = (spec: ProductionInput, nodes = 1) =>
    build(spec, createGrid({ horizon: 6, nodes })).set.theory;

  it("says which hypothesis fails, and where", () => {
    expect(theory({ set: "ellipsoid", center: { a: 1 } })).toEqual({ t1: null, t3: null, elasticity: 1 });
    expect(theory({ set: "ellipsoid", radius: { a: 1 } })).toEqual({ t1: null, t3: null, elasticity: 1 });
    const negative = theory(
      { set: "ellipsoid", center: { b: 1, quality: { t: [0, 6], values: [3, -3] } } },
      3,
    );
    expect(negative?.t1).toBe("center of quality is negative at t = 5");
    expect(negative?.t3).toBe(negative?.t1);
    expect(theory({ set: "ellipsoid", center: { a: 1 }, modes: [{ a: 1 }] })).toMatchObject({
      t1: "modes",
      t3: "modes",
    });
    expect(theory({ set: "hull", trajectories: [{ a: 1 }] })).toMatchObject({
      t1: "hull",
      t3: "hull",
      elasticity: 1,
    });
    expect(theory({ set: "frontier", outputs: { a: 1 }, transformation: 3 })).toEqual({
      t1: null,
      t3: "frontier",
      elasticity: 3,
    });
    expect(theory({ set: "frontier", outputs: { a: 1 }, inputs: { g: 1 }, returns: 0.75 })).toEqual({
      t1: "frontier with inputs",
      t3: "frontier with inputs",
      elasticity: 5,
    });
    expect(theory({ set: "frontier", outputs: { a: 1 }, transformation: 0.5 })?.elasticity).toBe(1);
  });
});
