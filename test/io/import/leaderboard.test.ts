import { beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.js";
import { parseTable, readTable, type Table } from "../../../src/io/import/csv.js";
import { logDeviation, type Model, metricsOf, readLeaderboard } from "../../../src/io/import/leaderboard.js";
import { linesOf, MAPPING } from "../../../src/io/import/mapping.js";
import { numbersOf, pairsOf, remap } from "../../../src/io/import/remap.js";
import { fixture } from "./fixtures.js";

const bfcl = linesOf("bfcl");
let table: Table;
beforeAll(async () => {
  table = await readTable(fixture("bfcl.csv"));
});

const level = (model: Model, metric: string) => model.metrics.get(metric)!;

describe("bfcl", () => {
  test("levels: percentages in hundredths, costs and latencies inverted", () => {
    const [alpha, beta] = readLeaderboard(table, bfcl, null);
    expect(alpha).toMatchObject({ label: "Alpha-2025-01-02 (FC)", group: "Acme" });
    expect(level(alpha, "quality").center).toBe(0.5);
    expect(level(alpha, "thrift").center).toBe(1 / 4);
    expect(level(alpha, "speed").center).toBe(1 / 2);
    expect(level(beta, "thrift").center).toBe(2);
  });

  test("radii: the deviation over categories that are there; of log latency; none where nothing is known", () => {
    const [alpha, beta, gamma] = readLeaderboard(table, bfcl, null);
    // Six categories 10 points off the mean of seven: √(600/7) points.
    expect(level(alpha, "quality").radius).toBeCloseTo(Math.sqrt(600 / 7) / 100, 12);
    expect(level(beta, "quality").radius).toBeCloseTo(0.1, 12);
    expect(level(alpha, "speed").radius).toBeCloseTo(0.5 * Math.sqrt(Math.LN2), 12);
    expect(level(beta, "speed").radius).toBeNull();
    expect(level(gamma, "speed").radius).toBe(0);
    for (const model of [alpha, beta]) expect(level(model, "thrift").radius).toBeNull();
  });

  test("a level that is missing or 0 is none, and says why", () => {
    const models = readLeaderboard(table, bfcl, null);
    const why = (label: string, metric: string) =>
      level(models.find((model) => model.label === label)!, metric);
    expect(why("Delta", "thrift")).toEqual({ center: null, radius: null, why: 'no "Total Cost ($)"' });
    expect(why("Epsilon", "quality").why).toBe('"Overall Acc" is 0');
    expect(why("Zeta", "thrift").why).toBe('"Total Cost ($)" is 0');
  });

  test("log-normal latency: its deviation in logs gives back the deviation it was computed from", () => {
    // Mean and deviation of exp(σZ) by quadrature over Z, not by the formula.
    const sigma = 0.8;
    let [mean, square] = [0, 0];
    for (let z = -12; z <= 12; z += 0.001) {
      const weight = (Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI)) * 0.001;
      mean += weight * Math.exp(sigma * z);
      square += weight * Math.exp(2 * sigma * z);
    }
    expect(logDeviation(Math.sqrt(square - mean ** 2) / mean)).toBeCloseTo(sigma, 6);
  });

  test("cells that cannot be read are all named", () => {
    const header = `${table.columns.map((name) => `"${name}"`).join(",")}\n`;
    const row = (changes: Record<string, string>) =>
      `${table.columns.map((name, k) => `"${changes[name] ?? table.rows[0].cells[k]}"`).join(",")}\n`;
    const text = header + row({ "Overall Acc": "101%", "Live Acc": "x" }) + row({ Model: "" });
    try {
      readLeaderboard(parseTable(text, "t.csv"), bfcl, null);
      expect.unreachable();
    } catch (error) {
      expect((error as InputError).problems.map(({ path }) => path)).toEqual([
        'line 2, column "Overall Acc"',
        'line 2, column "Live Acc"',
        'line 3, column "Model"',
      ]);
    }
  });
});

describe("aider", () => {
  const lines = linesOf("aider");

  test("one board, unless told otherwise; costs by case", async () => {
    const aider = await readTable(fixture("aider.csv"));
    const models = readLeaderboard(aider, lines, null);
    expect(models.map(({ group }) => group)).toEqual(["diff", "whole", "whole", "whole"]);
    expect(level(models[0], "thrift").center).toBe(200 / 5);
    expect(level(models[0], "speed")).toEqual({ center: 0.1, radius: null, why: "" });
    expect(level(models[0], "quality").center).toBe(0.4);
    expect(level(models[0], "quality").radius).toBeCloseTo(0.1, 12);
    expect(readLeaderboard(aider, lines, [{ key: "board", value: "edit" }])).toHaveLength(1);
    expect(readLeaderboard(aider, lines, [])).toHaveLength(6);
  });
});

describe("--map", () => {
  const columns = (metric: string, role: string, changes?: string) =>
    remap(bfcl, changes)
      .filter((line) => line.metric === metric && line.role === role)
      .map(({ column, unit, direction }) => [column, unit, direction]);

  test("another column keeps unit, direction and spread", () => {
    expect(remap(bfcl, undefined)).toEqual(bfcl);
    expect(columns("quality", "center", "quality=Live Acc")).toEqual([["Live Acc", "%", "+"]]);
    expect(columns("quality", "spread", "quality=Live Acc")).toHaveLength(7);
    expect(columns("thrift", "center", "thrift=Latency Mean (s):s per call:-")).toEqual([
      ["Latency Mean (s)", "s per call", "-"],
    ]);
  });

  test("a new metric, one less, another spread, another group", () => {
    expect(metricsOf(remap(bfcl, "memory=Memory Acc:%:+; thrift="))).toEqual(["quality", "speed", "memory"]);
    expect(columns("quality", "spread", "quality.spread=Live Acc|Memory Acc")).toEqual([
      ["Live Acc", "%", "+"],
      ["Memory Acc", "%", "+"],
    ]);
    expect(columns("speed", "deviation", "speed.deviation=")).toEqual([]);
    expect(columns("", "group", "group=Model")).toEqual([["Model", "", ""]]);
  });

  test("what is read follows", () => {
    const models = readLeaderboard(table, remap(bfcl, "quality=Live Acc;speed=;quality.spread="), null);
    expect([...models[0].metrics.keys()].sort()).toEqual(["quality", "thrift"]);
    expect(level(models[0], "quality")).toEqual({ center: 0.6, radius: null, why: "" });
  });

  test("what cannot be read is refused, all of it", () => {
    expect(() => remap(bfcl, "quality;a/b=c;x.y=z")).toThrow(
      /found "quality".*\n.*found "a\/b"[\s\S]*found "x\.y"/u,
    );
    expect(() => readLeaderboard(table, remap(bfcl, "quality=Live"), null)).toThrow(/no column "Live"/u);
    expect(() => pairsOf("board", "--where")).toThrow(InputError);
    expect(pairsOf("a=b; c=d=e", "--where")).toEqual([
      { key: "a", value: "b" },
      { key: "c", value: "d=e" },
    ]);
    expect(pairsOf(undefined, "--where")).toBeNull();
    expect(() => numbersOf("time=x", "--elasticity", ["time"])).toThrow(/a number ≥ 0/u);
    expect(() => numbersOf("tme=1", "--elasticity", ["time"])).toThrow(/one of time/u);
    expect(numbersOf("time=0.5", "--elasticity", ["time"])).toEqual(new Map([["time", 0.5]]));
  });
});

test("every metric of the mapping has one level, and every column one line a role", () => {
  for (const source of ["bfcl", "aider"] as const) {
    const metrics = metricsOf(linesOf(source));
    expect(new Set(metrics).size).toBe(metrics.length);
    for (const { metric } of linesOf(source)) if (metric !== "") expect(metrics).toContain(metric);
  }
  const keys = MAPPING.map(({ source, column, role }) => `${source} ${column} ${role}`);
  expect(new Set(keys).size).toBe(keys.length);
});
