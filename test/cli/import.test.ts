import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mappingTable } from "../../src/io/import/mapping.js";
import { loadEconomy } from "../../src/io/read-economy.js";
import { solve } from "../../src/solve/solve.js";
import { fixture } from "../io/import/fixtures.js";
import { file, folder, root, walras } from "./harness.js";

const bfcl = ["import", "bfcl", fixture("bfcl.csv")];
const out = (name = "economy.json") => join(folder(), name);

describe("walras import", () => {
  test("an economy, what was dropped and chosen said aloud; it solves and is certified", async () => {
    const path = out();
    const trace = ["--demand", fixture("servegen.csv"), "--demand-series", "small"];
    const imported = await walras([...bfcl, ...trace, "--compute", "auto", "--out", path]);
    expect(imported).toMatchObject({ code: 0, out: "" });
    for (const said of [
      'dropped 1 of 7 rows, no "Total Cost ($)": Delta',
      'series "small"',
      "interpolated",
      path,
    ]) {
      expect(imported.err).toContain(said);
    }
    const result = out("result.json");
    expect((await walras(["solve", path, "--out", result])).code).toBe(0);
    expect(await walras(["certify", path, result])).toMatchObject({ code: 0 });
  });

  test("JSON, YAML and NPZ are the same economy", async () => {
    const trace = ["--demand", fixture("servegen.csv")];
    const prices: unknown[] = [];
    for (const name of ["e.json", "e.yaml", "e.yml", "e.npz"]) {
      const path = out(name);
      expect((await walras([...bfcl, ...trace, "--out", path])).code).toBe(0);
      prices.push((await solve(await loadEconomy(path))).prices.data);
    }
    for (const other of prices.slice(1)) expect(other).toEqual(prices[0]);
  });

  test("every option arrives", async () => {
    const path = out();
    const args = ["--map", "speed=;form=Relevance Detection:%:+", "--where", "Organization=Acme"];
    const more = [
      "--weights",
      "form=0.3",
      "--elasticity",
      "entry=3;time=0.5",
      "--spread",
      "0.5",
      "--name",
      "n",
    ];
    const trace = ["--demand", fixture("servegen.csv"), "--nodes", "2", "--prices", fixture("prices.csv")];
    const rest = ["--blend", "0", "--compute", "5", "--others", "0.5", "--keep-zeros"];
    const { code, err } = await walras([...bfcl, ...args, ...more, ...trace, ...rest, "--out", path]);
    expect({ code, err }).toMatchObject({ code: 0 });
    const { name, time, agents, orchestrators } = JSON.parse(readFileSync(path, "utf8"));
    expect([name, time.nodes, Object.keys(agents)]).toEqual(["n", 2, ["Alpha-2025-01-02 (FC)"]]);
    const { production } = agents["Alpha-2025-01-02 (FC)"];
    expect(Object.keys(production.outputs)).toEqual(["quality", "thrift", "form"]);
    // The blend of no input: 7.5 USD a million, the median of three providers.
    expect(production.inputs.compute).toBeCloseTo(7.5, 8);
    expect(orchestrators.router).toMatchObject({
      intertemporal_elasticity: 0.5,
      endowment: { compute: 2.5 },
      preferences: { dag: { entry_elasticity: 3 } },
    });
    const { metrics } = orchestrators.router.preferences.dag.steps["Alpha-2025-01-02 (FC)"];
    expect(metrics).toEqual({ quality: 0.6, thrift: 0.2, form: 0.3 });
  });

  test("aider, with list prices for what is free", async () => {
    const path = out();
    const text = "model,input_cost_per_token,output_cost_per_token,suspect_unit\nfree,1e-6,1e-6,0\n";
    const aider = ["import", "aider", fixture("aider.csv")];
    const { code, err } = await walras([...aider, "--prices", file("p.csv", text), "--out", path]);
    expect({ code, err }).toMatchObject({ code: 0 });
    const { agents } = JSON.parse(readFileSync(path, "utf8"));
    // Nobody with a price has a cost, so nobody's cost can be brought to its unit.
    expect(Object.keys(agents)).toEqual(["Free"]);
    expect(err).toContain("dropped 3 of 4 rows, no list price, nor a cost that can be compared");
    expect(agents.Free.production.center.thrift).toBe(1);
  });

  test("--mapping prints the mapping, which README shows", async () => {
    const printed = await walras(["import", "--mapping"]);
    expect(printed).toEqual({ code: 0, out: `${mappingTable()}\n`, err: "" });
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain(mappingTable());
  });
});

describe("refused with exit 2, nothing written", () => {
  const table = readFileSync(fixture("bfcl.csv"), "utf8");
  const broken = (from: string, to: string) => ["import", "bfcl", file("b.csv", table.replace(from, to))];

  test.each<[string, () => string[], string]>([
    [
      "a cell",
      () => broken("50%", "fifty"),
      'line 2, column "Overall Acc": found "fifty" (string), expected a number',
    ],
    ["a column", () => broken("Overall Acc", "Overal Acc"), 'no column "Overall Acc"'],
    ["a short row", () => broken(",Acme\n2", "\n2"), "line 2"],
    ["an open quote", () => broken('small/7B"', "small/7B"), "Quote"],
    ["no file", () => ["import", "bfcl", "/nowhere.csv"], "no such file"],
    ["no table", () => ["import", "bfcl", file("b.csv", "\u0000\u0001")], "header without rows"],
    ["no source", () => ["import"], "no SOURCE"],
    ["another source", () => ["import", "bflc", fixture("bfcl.csv")], 'did you mean "bfcl"'],
    ["no FILE", () => ["import", "bfcl"], "no FILE"],
    ["a trace that is none", () => [...bfcl, "--demand", fixture("prices.csv")], "line 1: found the header"],
    ["nodes of no trace", () => [...bfcl, "--nodes", "3"], "--nodes: found no --demand"],
    ["a blend of no prices", () => [...bfcl, "--blend", "3"], "--blend: found no --prices"],
    ["others of no capacity", () => [...bfcl, "--others", "0.5"], "--others: found no --compute"],
    ["a capacity", () => [...bfcl, "--compute", "much"], "a number > 0, or auto"],
    ["weights", () => [...bfcl, "--weights", "quality=a"], "--weights"],
    [
      "weights that are all 0",
      () => [...bfcl, "--weights", "quality=0;thrift=0;speed=0"],
      "at least one weight > 0",
    ],
    ["an elasticity", () => [...bfcl, "--elasticity", "entry=-1"], "a number ≥ 0"],
  ])("%s", async (_, args, said) => {
    const path = out();
    const { code, out: printed, err } = await walras([...args(), "--out", path]);
    expect({ code, printed }).toEqual({ code: 2, printed: "" });
    expect(err).toContain(said);
    expect(existsSync(path)).toBe(false);
  });

  test("an economy that is there stays as it was; so does the table where it is the output", async () => {
    const path = out();
    writeFileSync(path, "before");
    expect((await walras([...broken("50%", "x"), "--out", path])).code).toBe(2);
    expect(readFileSync(path, "utf8")).toBe("before");
    const copy = file("table.csv", table);
    expect((await walras(["import", "bfcl", copy, "--out", copy])).code).toBe(2);
    expect(readFileSync(copy, "utf8")).toBe(table);
    expect((await walras(bfcl)).err).toContain("--out: found nothing");
  });
});
