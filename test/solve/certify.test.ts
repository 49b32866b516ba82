import { beforeAll, describe, expect, test } from "vitest";
import type { Economy } from "../../src/economy/economy.js";
import { defineEconomy, InputError, loadEconomy, solve } from "../../src/index.js";
import { certify } from "../../src/solve/certify.js";
import { parseResult, type ResultFile, resultJsonSchema, toResult } from "../../src/solve/result.js";
import { example, exchange } from "../cli/harness.js";

type Path = readonly (string | number)[];
type Json = Record<string | number, unknown>;

const copyOf = (result: ResultFile): ResultFile => JSON.parse(JSON.stringify(result)) as ResultFile;

/** Paths of every number in a file. */
function* numbers(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value === "number") yield path;
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) yield* numbers((value as Json)[key], [...path, key]);
}

/** A copy with one number changed. */
function edited(result: ResultFile, path: Path, change: (x: number) => unknown): ResultFile {
  const copy = copyOf(result);
  const parent = path.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, copy as unknown as Json);
  const key = path[path.length - 1];
  parent[key] = change(parent[key] as number);
  return copy;
}

/** Whether the verifier, or the reader before it, objects. */
async function isCaught(economy: Economy, result: ResultFile): Promise<boolean> {
  try {
    return !(await certify(economy, result)).certified;
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

/** What formats.md excepts, and the setting that nothing depends on. */
const HISTORY = /^(seconds|steps|evaluations|trace\b.*|seed|tolerance|certificate\.contraction\.observed)/;

/** As small a change as must be caught: 1e-6 of a price, quantity, income or share; 1e-3 of utility, profit, certificate. */
function slightly(path: Path): (x: number) => number {
  if (path[0] === "certificate") return (x) => (path[1] === "free" ? x + 1 : x + 1e-3);
  if (path[0] === "time" && path[1] === "nodes") return (x) => x + 1;
  const factor = path.includes("utility") || path.includes("profit") ? 1 + 1e-3 : 1 + 1e-6;
  return (x) => (x === 0 ? 1e-6 : x * factor);
}

/** A name that every object seems to have. */
const ODD: string = "constructor";

const several = defineEconomy({
  name: "several",
  time: { horizon: 12, unit: "h", nodes: 6, rule: "gauss-legendre" },
  commodities: { gpu: {} },
  agents: {
    planner: {
      production: { set: "ellipsoid", center: { quality: 1, gpu: -1 }, radius: { quality: 0.3, gpu: 0.2 } },
    },
    coder: {
      production: {
        set: "frontier",
        outputs: { quality: 1, speed: 1 },
        transformation: 1,
        inputs: { gpu: 1 },
      },
    },
    [ODD]: {
      production: {
        set: "hull",
        smoothing: 0.1,
        trajectories: [
          { quality: 1, gpu: -1 },
          { quality: 0.5, gpu: -0.2 },
        ],
      },
    },
  },
  orchestrators: {
    one: {
      shares: 0.5,
      endowment: { gpu: (t: number) => 6 + Math.sin(t) },
      floors: { "planner/quality": 0.1 },
      discount: (t: number) => 1 + t / 12,
      preferences: {
        dag: {
          entry: { planner: 0.6, [ODD]: 0.4 },
          steps: {
            planner: {
              metrics: { quality: 1 },
              next: { coder: 0.7, [ODD]: 0.3 },
              routing_elasticity: 2,
            },
            coder: { metrics: { quality: 1, speed: 1 } },
            [ODD]: { metrics: { quality: 1 } },
          },
        },
      },
    },
    two: {
      shares: 0.5,
      endowment: { gpu: 2 },
      preferences: {
        root: "u",
        nodes: { u: { elasticity: 0.8, inputs: { "coder/speed": 1, "planner/quality": 2 } } },
      },
    },
  },
});

describe.each([
  ["several families, orchestrators and a floor, gauss-legendre", () => Promise.resolve(several)],
  ["pure exchange, static", () => Promise.resolve(defineEconomy({ ...exchange }))],
  [
    "idle capacity",
    () => loadEconomy(example("idle-capacity.json")).then((economy) => economy.onGrid({ nodes: 8 })),
  ],
])("certify: %s", (_, build) => {
  let economy: Economy;
  let result: ResultFile;

  beforeAll(async () => {
    economy = await build();
    result = toResult(await solve(economy));
  });

  test("a result is certified, also after a round trip through JSON", async () => {
    expect(result.status).toBe("solved");
    const report = await certify(economy, copyOf(result));
    expect(report.failures).toEqual([]);
    expect(report.certified).toBe(true);
    expect({ ...report.certificate, contraction: null }).toEqual({
      ...result.certificate,
      contraction: null,
    });
  });

  test("from the economy on another grid", async () => {
    const elsewhere =
      economy.grid.rule === "midpoint" ? economy.onGrid({ nodes: economy.grid.nodes * 3 }) : economy;
    expect((await certify(elsewhere, copyOf(result))).certified).toBe(true);
  });

  test("every number that is not history is recomputed: a slight edit of any is caught", async () => {
    const missed: string[] = [];
    let edits = 0;
    for (const path of numbers(result)) {
      if (HISTORY.test(path.join("."))) continue;
      edits++;
      if (!(await isCaught(economy, edited(result, path, slightly(path))))) missed.push(path.join("."));
    }
    expect(missed).toEqual([]);
    expect(edits).toBeGreaterThan(20);
  });

  test("history is not judged", async () => {
    for (const path of numbers(result)) {
      if (!HISTORY.test(path.join("."))) continue;
      const change = (x: number) => (path.includes("tolerance") ? 2 * x : x + 1);
      expect(await isCaught(economy, edited(result, path, change)), path.join(".")).toBe(false);
    }
    const words = { message: "all is well", solver: "by hand", version: "9.9.9" };
    expect(await isCaught(economy, { ...result, ...words })).toBe(false);
  });

  test("numbers replaced by null are caught", async () => {
    for (const path of [
      ["certificate", "clearing"],
      ["certificate", "utilization"],
      ["certificate", "error_bound"],
    ]) {
      const known = path.reduce<unknown>((at, key) => (at as Json)[key], result) !== null;
      expect(
        await isCaught(
          economy,
          edited(result, path, () => null),
        ),
        path.join("."),
      ).toBe(known);
    }
    const [name] = Object.keys(result.orchestrators);
    for (const item of ["income", "utility"]) {
      expect(
        await isCaught(
          economy,
          edited(result, ["orchestrators", name, item], () => null),
        ),
      ).toBe(true);
    }
  });

  test("missing and additional names are caught, with their paths", async () => {
    const places: Path[] = [
      ["prices"],
      ["agents"],
      ["orchestrators"],
      ...Object.keys(result.agents).map((name) => ["agents", name, "supply"]),
      ...Object.keys(result.orchestrators).map((name) => ["orchestrators", name, "demand"]),
      ...Object.keys(result.orchestrators).map((name) => ["orchestrators", name, "routing"]),
    ];
    for (const place of places) {
      const at = (copy: ResultFile) =>
        place.reduce<Json>((here, key) => here[key] as Json, copy as unknown as Json);
      const names = Object.keys(at(result));
      for (const name of names.slice(0, 1)) {
        const less = copyOf(result);
        delete at(less)[name];
        const more = copyOf(result);
        at(more)[`${name}x`] = at(more)[name];
        for (const copy of [less, more]) {
          const told = await certify(economy, copy).then(
            ({ failures }) => JSON.stringify(failures),
            (error: Error) => error.message,
          );
          expect(told).toContain(place.join("."));
        }
      }
    }
  });
});

describe("identity", () => {
  const economy = defineEconomy({ ...exchange });
  const solved = solve(economy).then(toResult);

  test("another economy, another hash, another time, another numeraire", async () => {
    const result = await solved;
    const items = async (copy: ResultFile, of = economy) =>
      (await certify(of, copy)).failures.map(({ item }) => item);
    expect(await items(result, defineEconomy({ ...exchange, name: "barter" }))).toEqual(["economy"]);
    expect(await items({ ...result, economy_sha256: "00" })).toEqual(["economy"]);
    expect(await items({ ...result, time: { ...result.time, unit: "h" } })).toEqual(["time"]);
    const scaled = copyOf(result);
    for (const name of Object.keys(scaled.prices)) scaled.prices[name] = 2 * (scaled.prices[name] as number);
    expect(await items(scaled)).toEqual(expect.arrayContaining(["numeraire", "income"]));
    const richer = { ...exchange.orchestrators.ann, endowment: { bread: 5 } };
    const other = defineEconomy({ ...exchange, orchestrators: { ...exchange.orchestrators, ann: richer } });
    expect(await items(result, other)).toEqual(expect.arrayContaining(["clearing", "income", "demand"]));
  });

  test("a file that is not solved may say so, and is not certified", async () => {
    const result = toResult(await solve(several, { maxSteps: 1 }));
    expect(result.status).toBe("max-steps");
    const report = await certify(several, result);
    expect(report.certified).toBe(false);
    expect(report.failures.map(({ item }) => item)).toContain("clearing");
    expect(report.failures.filter(({ allowed }) => allowed === 1e-7)).toEqual([]);
  });

  test("solved to more than it is", async () => {
    const loose = toResult(await solve(several, { tolerance: 1e-4 }));
    const boast = { ...loose, tolerance: 1e-14 };
    expect((await certify(several, boast, { tolerance: 1e-4 })).failures.map(({ item }) => item)).toContain(
      "tolerance",
    );
  });

  test.each([
    ["nothing", null],
    ["a list", []],
    ["an empty object", {}],
  ])("%s is an InputError", async (_, result) => {
    await expect(certify(economy, result)).rejects.toThrow(InputError);
  });

  test("prices all 0, or of other commodities, are InputErrors with a near match", async () => {
    const result = await solved;
    await expect(certify(economy, { ...result, prices: { bread: 0, wine: 0 } })).rejects.toThrow(
      "no price above 0",
    );
    await expect(certify(economy, { ...result, prices: { bread: 1, wien: 1 } })).rejects.toThrow(
      'did you mean "wine"?',
    );
  });
});

describe("toResult", () => {
  test("a number for a series where there is one node, arrays otherwise; never NaN", async () => {
    const result = toResult(await solve(defineEconomy({ ...exchange })));
    expect(result.prices.bread).toBeTypeOf("number");
    expect(result.orchestrators.ann.demand.wine).toBeTypeOf("number");
    expect(result.time.t).toHaveLength(1);
    expect(result.orchestrators.ann.routing).toEqual({});
    const solution = await solve(several);
    const broken = { ...solution, certificate: { ...solution.certificate, clearing: Number.NaN } };
    expect(toResult(broken).certificate.clearing).toBeNull();
    expect(parseResult(JSON.parse(JSON.stringify(toResult(broken))))).toEqual(toResult(broken));
  });

  test("routing under from, then to; an agent called constructor is like any other", async () => {
    const { agents, orchestrators } = toResult(await solve(several));
    expect(Object.keys(agents)).toEqual(["planner", "coder", ODD]);
    expect(Object.keys(orchestrators.one.routing)).toEqual(["entry", "planner"]);
    const shares = orchestrators.one.routing.planner as Record<string, number[]>;
    shares.coder.forEach((share, n) => {
      expect(share + shares[ODD][n]).toBeCloseTo(1, 12);
    });
  });

  test("the JSON Schema names every field of a result", async () => {
    const { properties } = resultJsonSchema() as { properties: Record<string, unknown> };
    const result = toResult(await solve(several, { allEquilibria: true }));
    expect(Object.keys(properties)).toEqual(Object.keys(result));
  });
});
