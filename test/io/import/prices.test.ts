import { describe, expect, test } from "vitest";
import { readTable } from "../../../src/io/import/csv.js";
import { readLeaderboard } from "../../../src/io/import/leaderboard.js";
import { linesOf } from "../../../src/io/import/mapping.js";
import { canonical, readPrices, withoutDate, withPrices } from "../../../src/io/import/prices.js";
import { file } from "../../cli/harness.js";
import { fixture } from "./fixtures.js";

describe("names", () => {
  test.each([
    ["GPT-4.1-2025-04-14 (FC)", "gpt-4.1-2025-04-14"],
    ["Claude-Opus-4-5-20251101 (Prompt)", "us.anthropic.claude-opus-4-5-20251101-v1:0"],
    ["Claude-Opus-4-5-20251101 (FC)", "vertex_ai/claude-opus-4-5@20251101"],
    ["Amazon-Nova-Pro-v1:0 (FC)", "amazon.nova-pro-v1:0"],
    ["Qwen3-235B-A22B-Instruct-2507 (FC)", "deepinfra/Qwen/Qwen3-235B-A22B-Instruct-2507"],
    ["DeepSeek V3", "deepseek/deepseek-v3"],
    ["gpt-4.1", "openrouter/openai/gpt-4.1"],
  ])("%s is %s", (a, b) => {
    expect(canonical(a)).toBe(canonical(b));
  });

  test.each([
    ["gpt-4.1", "gpt-4.1-mini"],
    ["deepseek-v3", "deepseek-v2"],
    ["Qwen3-14B", "Qwen3-1.4B-x"],
    ["o1-2024-12-17", "o1"],
    ["llama-3-8b", "llama-3.1-8b"],
  ])("%s is not %s", (a, b) => {
    expect(canonical(a)).not.toBe(canonical(b));
  });

  test("dates go, versions stay", () => {
    expect(withoutDate("o1-2024-12-17")).toBe("o1");
    expect(withoutDate("claude-opus-4-20250514")).toBe("claude-opus-4");
    expect(withoutDate("qwen3-instruct-2507")).toBe("qwen3-instruct-2507");
  });
});

describe("list prices", () => {
  const models = async () => readLeaderboard(await readTable(fixture("bfcl.csv")), linesOf("bfcl"), null);

  test("median over providers of the blend; rows of suspect unit and of price 0 left out", async () => {
    const list = await readPrices(fixture("prices.csv"), 3);
    expect(list.suspect).toBe(1);
    // (3·input + output)/4 per million: 2 and 4 under the dated name, 6 under a date of other form.
    expect(list.exact.get("alpha-2025-01-02")).toBeCloseTo(3, 12);
    expect(list.dateless.get("alpha")).toBeCloseTo(4, 12);
    expect([...list.exact.keys()]).not.toContain("beta");
    expect([...list.exact.keys()]).not.toContain("free");
    expect((await readPrices(fixture("prices.csv"), 0)).exact.get("alpha-2025-01-02")).toBeCloseTo(7.5, 12);
  });

  test("without a column that marks them, prices that are no token's are suspect", async () => {
    const row = (name: string, input: number, output: number) => `${name},${input},${output}\n`;
    const rows = row("a", 2e-4, 1e-3) + row("b", 2.1e-4, 0) + row("c", 0, 1.1e-3);
    const text = `model,input_cost_per_token,output_cost_per_token\n${rows}`;
    const list = await readPrices(file("p.csv", text), 1);
    expect([...list.exact]).toEqual([["a", 600]]);
    expect(list.suspect).toBe(2);
  });

  test("a priced model's thrift is million tokens a USD; the others keep their cost in proportion", async () => {
    const list = await readPrices(fixture("prices.csv"), 3);
    const { models: priced, notes } = withPrices(await models(), list);
    const thrift = priced.map((model) => model.metrics.get("thrift")!.center);
    expect(thrift[0]).toBeCloseTo(1 / 3, 12);
    // Alpha's run cost 4 USD at 3 USD a million: 4/3 million tokens; Beta's runs cost 0.5.
    expect(thrift[1]).toBeCloseTo((1 / 0.5) * (4 / 3), 12);
    expect(thrift[3]).toBeNull();
    expect(priced[3].metrics.get("thrift")!.why).toContain("no list price");
    expect(notes[0]).toBe("prices: 1 of 7 models have a list price (1 by name, 0 without the date in it)");
    expect(notes[1]).toContain("1 rows left out");
    expect(notes[2]).toContain("6 not matched");
    expect(notes[2]).toContain("1.33333 million tokens");
    expect(notes[2]).toContain("Delta");
  });

  test("without the date where there is none in one of the names", async () => {
    const text = "model,input_cost_per_token,output_cost_per_token,suspect_unit\nalpha,1e-6,1e-6,0\n";
    const list = await readPrices(file("p.csv", text), 3);
    const { notes } = withPrices(await models(), list);
    expect(notes[0]).toContain("(0 by name, 1 without the date in it)");
  });

  test("a list of no model of the table is refused, and so is a table that is no list", async () => {
    const text = "model,input_cost_per_token,output_cost_per_token,suspect_unit\nomega,1e-6,1e-6,0\n";
    const list = await readPrices(file("p.csv", text), 3);
    const all = await models();
    expect(() => withPrices(all, list)).toThrow(/no price for any model/u);
    await expect(readPrices(fixture("bfcl.csv"), 3)).rejects.toThrow(/no column "model"/u);
  });
});
