import { describe, expect, test } from "vitest";
import type { InputError } from "../../../src/core/errors.js";
import { parseTable } from "../../../src/io/import/csv.js";
import { type DemandOptions, readDemand } from "../../../src/io/import/demand.js";
import { servegenRates } from "../../../src/io/import/servegen.js";
import { file } from "../../cli/harness.js";
import { fixture } from "./fixtures.js";

const read = (name: string, options: DemandOptions = {}) => readDemand(fixture(name), options);

/** Mean of an array. */
const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("ServeGen's rates", () => {
  test("the series with most traffic, a node a window, and says so", async () => {
    const { time, discount, notes } = await read("servegen.csv");
    expect(time).toEqual({ horizon: 60, unit: "min", nodes: 6 });
    expect([...discount]).toEqual([10, 30, 60, 100, 70, 40]);
    expect(notes).toEqual([
      'demand: series "large" of 2, which has most traffic (servegen; 6 windows of 600 s, 60 min, 6 nodes)',
    ]);
  });

  test("zeros and missing windows are interpolated, constant at the ends, and counted aloud", async () => {
    const { discount, notes } = await read("servegen.csv", { series: "small" });
    expect([...discount]).toEqual([2, 2, 3, 4, 5, 4, 3]);
    expect(notes[1]).toBe(
      "demand: 4 of 7 windows are 0 or missing, in 3 runs: missing data, interpolated (--keep-zeros takes zeros as measured)",
    );
  });

  test("zeros that are kept are demand 0; missing windows still are not", async () => {
    const { discount, notes } = await read("servegen.csv", { series: "small", keepZeros: true });
    expect([...discount]).toEqual([0, 2, 0, 0, 5, 4, 3]);
    expect(notes[1]).toContain("1 of 7 windows are missing, in 1 run");
  });

  test.each([1, 2, 4, 5, 12])("on %i nodes the traffic is the same", async (nodes) => {
    const { time, discount } = await read("servegen.csv", { nodes });
    expect(time).toEqual({ horizon: 60, unit: "min", nodes });
    expect(discount).toHaveLength(nodes);
    expect(mean(discount)).toBeCloseTo(310 / 6, 10);
  });

  test("clients are series too", async () => {
    const { discount, notes } = await read("clients.csv");
    expect([...discount]).toEqual([3, 6, 4.5, 3]);
    expect(notes[0]).toContain('series "rest" of 3, which has most traffic (servegen-clients');
    expect([...(await read("clients.csv", { series: "client_1" })).discount]).toEqual([1, 2, 3, 4]);
  });

  test("windows out of step, out of order or alone are refused with their line", () => {
    const rates = (...starts: number[]) =>
      servegenRates(
        parseTable(`model,t_start_s,rate_rps\n${starts.map((t) => `m,${t},1\n`).join("")}`, "t.csv"),
      );
    expect(rates(0, 10, 30).series.get("m")).toEqual([1, 1, null, 1]);
    expect(() => rates(0, 10, 25)).toThrow(
      /line 4, column "t_start_s": found 25, expected a multiple of 10/u,
    );
    expect(() => rates(0, 10, 10)).toThrow(/line 4, .*expected a window after 10/u);
    expect(() => rates(5)).toThrow(/at least two windows/u);
    expect(() => rates(0, 1, 1e15)).toThrow(/at most/u);
  });
});

describe("a request trace of Azure's", () => {
  test("requests a second, in minutes from the first to the last", async () => {
    const { time, discount, notes } = await read("azure.csv", { keepZeros: true });
    expect(time).toEqual({ horizon: 4, unit: "min", nodes: 4 });
    expect([...discount].map((rate) => rate * 60)).toEqual([2, 2, 0, 4]);
    expect(notes[0]).toBe('demand: series "requests" of 3 (azure; 4 windows of 60 s, 4 min, 4 nodes)');
    const [filled, note] = await read("azure.csv").then(
      (demand) => [demand.discount, demand.notes[1]] as const,
    );
    expect([...filled].map((rate) => rate * 60)).toEqual([2, 2, 3, 4]);
    expect(note).toContain("1 of 4 windows are 0, in 1 run");
  });

  test("tokens instead, and other cells", async () => {
    const options = { series: "ContextTokens", keepZeros: true };
    const { discount } = await read("azure.csv", options);
    expect(discount.map((rate) => Math.round(rate * 60))).toEqual(Float64Array.of(770, 200, 0, 4000));
    const fine = await read("azure.csv", { ...options, nodes: 8 });
    const tokens = fine.discount.map((rate) => Math.round(rate * 30));
    expect(tokens).toEqual(Float64Array.of(0, 770, 100, 100, 0, 0, 0, 4000));
  });

  test("cells shorter than a second tell fractions apart", async () => {
    const { discount } = await read("azure.csv", { nodes: 480, keepZeros: true });
    const busy = [...discount].flatMap((rate, k) => (rate > 0 ? [k] : []));
    expect(busy).toEqual([93, 101, 120, 239, 421, 423, 425, 427]);
  });

  test("times that are none are refused", async () => {
    const text =
      "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,1,2\n2023-13-16 18:15,1,2\n,1,2\n";
    await expect(readDemand(file("t.csv", text), {})).rejects.toThrow(
      /line 3, column "TIMESTAMP": found "2023-13-16 18:15"[^\n]*\n.*line 4, column "TIMESTAMP": found nothing/u,
    );
  });
});

describe("refused", () => {
  test("a header of no known kind, naming those there are", async () => {
    await expect(read("prices.csv")).rejects.toThrow(
      /line 1: found the header.*TIMESTAMP.*\(azure\).*servegen/u,
    );
  });

  test("a series that is not there, with what was meant", async () => {
    const error = await read("servegen.csv", { series: "lage" }).catch((thrown: InputError) => thrown);
    expect((error as InputError).problems[0]).toMatchObject({ path: "--demand-series", suggestion: "large" });
  });

  test("no traffic at all, and more nodes than anybody means", async () => {
    const text = "model,t_start_s,rate_rps\nm,0,0\nm,600,0\n";
    await expect(readDemand(file("t.csv", text), {})).rejects.toThrow(/no traffic/u);
    await expect(readDemand(file("t.csv", text), { keepZeros: true })).rejects.toThrow(/no traffic/u);
    await expect(read("servegen.csv", { nodes: 1e9 })).rejects.toThrow(/--nodes/u);
  });
});
