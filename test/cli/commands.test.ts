import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/registry.js";
import { listBackends } from "../../src/index.js";
import { example, exchange, file, folder, root, walras } from "./harness.js";

describe("the command line", () => {
  test("--version is package.json's", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(await walras(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });

  test("--help has examples and exit codes; alone, the same on standard error with exit 2", async () => {
    const { code, out } = await walras(["--help"]);
    expect(code).toBe(0);
    for (const part of [...Object.keys(COMMANDS), "Examples:", "Exit codes:", "Not built"])
      expect(out).toContain(part);
    expect(await walras([])).toEqual({ code: 2, out: "", err: out });
  });

  test.each(Object.keys(COMMANDS))("walras %s --help is a manual page", async (name) => {
    const { code, out } = await walras([name, "--help"]);
    expect(code).toBe(0);
    for (const part of [`Usage: walras ${name}`, "Examples:", `$ walras ${name}`, "Exit codes:"])
      expect(out).toContain(part);
    expect(await walras(["help", name])).toMatchObject({ code: 0, out });
  });

  test.each([
    [["slove", "x"], "solve"],
    [["solve", "x", "--toll", "1"], "--tol"],
    [["certify", "a", "b", "--jsn"], "--json"],
  ])("%j: exit 2 with a suggestion", async (args, meant) => {
    const { code, out, err } = await walras(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`(Did you mean ${meant}?)`);
  });

  test.each([[["solve"]], [["certify", "a"]], [["check"]]])("%j: an argument is missing", async (args) => {
    expect((await walras(args)).err).toContain("missing required argument");
    expect((await walras(args)).code).toBe(2);
  });

  test.each(["report"])("%s is not built, whatever its options", async (name) => {
    const { code, err } = await walras([name, "x", "--out", "y", "--agents", "3"]);
    expect(code).toBe(2);
    expect(err).toMatch(/^walras: walras \w+ \(.*\) is not built in this version\.\n$/);
    expect((await walras([name, "--help"])).code).toBe(0);
  });

  test("an internal error: exit 1, one sentence, the stack only for who asks", async () => {
    const broken = { throws: () => Promise.reject(new TypeError("boom")) };
    const load = COMMANDS.backends.load;
    Object.assign(COMMANDS.backends, { load: broken.throws });
    try {
      const quiet = await walras(["backends"]);
      expect(quiet).toMatchObject({ code: 1, out: "" });
      expect(quiet.err).toMatch(/^walras: internal error: boom\. .*\n$/);
      expect((await walras(["backends"], { env: { WALRAS_DEBUG: "1" } })).err).toMatch(/\n +at /);
    } finally {
      Object.assign(COMMANDS.backends, { load });
    }
  });
});

describe("walras backends", () => {
  test("as a table and as data", async () => {
    const { code, out } = await walras(["backends", "--json"]);
    expect(code).toBe(0);
    const rows = JSON.parse(out);
    expect(rows).toEqual(listBackends());
    expect(rows[0]).toMatchObject({ name: "wasm", available: true, precision: "float64" });
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual([
        "available",
        "device",
        "families",
        "name",
        "precision",
        "why",
      ]);
      expect((await walras(["backends"])).out).toContain(row.name);
    }
  });
});

describe("walras schema", () => {
  test("both, keyed, or one", async () => {
    const both = JSON.parse((await walras(["schema"])).out);
    expect(Object.keys(both)).toEqual(["economy", "result"]);
    for (const kind of ["economy", "result"]) {
      const one = await walras(["schema", kind]);
      expect(JSON.parse(one.out)).toEqual(both[kind]);
      expect(both[kind].$schema).toContain("2020-12");
    }
    expect(both.result.required).toContain("certificate");
    expect(await walras(["schema", "prices"])).toMatchObject({ code: 2, out: "" });
  });
});

describe("walras check", () => {
  test("says what kind of economy it is", async () => {
    const { code, out, err } = await walras(["check", example("two-step-pipeline.json")]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("two-step-pipeline: valid");
    expect(out).toContain("4 (2 ellipsoid, 1 frontier, 1 hull)");
    expect(out).toContain("576");
  });

  test("as data: the hypothesis that fails, or the bound", async () => {
    const pipeline = JSON.parse((await walras(["check", example("two-step-pipeline.json"), "--json"])).out);
    expect(pipeline).toMatchObject({
      economy: "two-step-pipeline",
      time: { horizon: 24, unit: "h", nodes: 96 },
      agents: { ellipsoid: 2, frontier: 1, hull: 1 },
      commodities: { shared: 1, own: 5 },
      potential: "single",
      contraction: { bound: null },
    });
    expect(pipeline.contraction.why).toContain("planner");
    const { orchestrators, ...rest } = exchange;
    const one = {
      ...rest,
      orchestrators: { ann: { ...orchestrators.ann, endowment: { bread: 4, wine: 6 } } },
    };
    const single = JSON.parse((await walras(["check", file("e.json", one), "--json"])).out);
    expect(single.contraction).toMatchObject({ theorem: "T1", bound: expect.any(Number) });
    expect(single.contraction.bound).toBeCloseTo(1 - single.step, 12);
  });

  test("--nodes; a bad economy is refused", async () => {
    const { out } = await walras(["check", example("two-step-pipeline.json"), "--nodes", "10", "--json"]);
    expect(JSON.parse(out).prices.markets).toBe(60);
    expect(await walras(["check", file("e.json", { format: "walras/1" }), "--json"])).toMatchObject({
      code: 2,
      out: "",
    });
  });
});

describe("walras check on elasticities near 1", () => {
  test("1.0005 does not read as 1", async () => {
    const { ann } = exchange.orchestrators;
    const nodes = { u: { elasticity: 1.0005, inputs: { bread: 0.25, wine: 0.75 } } };
    const orchestrators = {
      ann: { endowment: { bread: 1, wine: 1 }, preferences: { ...ann.preferences, nodes } },
    };
    const { out } = await walras(["check", file("e.json", { ...exchange, orchestrators })]);
    expect(out).toContain("elasticities of substitution: 1.0005 to 1.0005");
  });
});

describe("walras certify", () => {
  let economy: string;
  let result: string;
  let solved: { orchestrators: Record<string, { income: number }> };

  beforeAll(async () => {
    solved = JSON.parse((await walras(["solve", example("exchange.json"), "--json"])).out);
    economy = example("exchange.json");
  });

  const write = (content: unknown) => file("r.json", content);

  test("a result as it came: exit 0, each theorem in words", async () => {
    result = write(solved);
    const { code, out, err } = await walras(["certify", economy, result]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(": certified");
    expect(out.match(/✓/g)).toHaveLength(8);
  });

  test("--json: verdict, failures, certificate, and nothing else", async () => {
    const report = JSON.parse((await walras(["certify", economy, write(solved), "--json"])).out);
    expect(Object.keys(report)).toEqual(["certified", "failures", "certificate"]);
    expect(report).toMatchObject({
      certified: true,
      failures: [],
      certificate: { clearing: expect.any(Number) },
    });
  });

  test("an edited result: exit 3, and where", async () => {
    const edited = structuredClone(solved);
    const [name] = Object.keys(edited.orchestrators);
    edited.orchestrators[name].income *= 1 + 1e-6;
    const path = write(edited);
    const { code, out } = await walras(["certify", economy, path]);
    expect(code).toBe(3);
    expect(out).toContain("not certified");
    expect(out).toContain(`orchestrators.${name}.income`);
    const { failures } = JSON.parse((await walras(["certify", economy, path, "--json"])).out);
    expect(failures).toEqual([
      { item: "income", found: expect.closeTo(1e-6, 9), allowed: 1e-7, where: expect.stringContaining(name) },
    ]);
    expect((await walras(["certify", economy, path, "--tol", "1e-6"])).code).toBe(0);
  });

  test("another economy's result: one line, with both files and both names", async () => {
    const other = example("two-step-pipeline.json");
    const path = write(solved);
    const { code, out, err } = await walras(["certify", other, path]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const lines = err.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    for (const part of [path, other, '"exchange"', '"two-step-pipeline"', "sha256"])
      expect(err).toContain(part);
  });

  test("a file that calls itself worse than it is", async () => {
    for (const status of ["uncertified", "slo-unaffordable"]) {
      const { code, out } = await walras(["certify", economy, write({ ...solved, status }), "--json"]);
      expect(code).toBe(3);
      expect(JSON.parse(out).failures).toEqual([
        { item: "status", found: status, allowed: "solved", where: expect.stringContaining("status") },
      ]);
    }
    expect((await walras(["certify", economy, write({ ...solved, status: "cancelled" })])).code).toBe(0);
  });

  test("a file that was renamed: its name was no part of it", async () => {
    const { name, ...nameless } = exchange;
    const [monday, tuesday] = [file("monday.json", nameless), file("tuesday.json", nameless)];
    const result = write(JSON.parse((await walras(["solve", monday, "--json"])).out));
    expect((await walras(["certify", tuesday, result])).code).toBe(0);
  });

  test("a changed economy file: the hash says so", async () => {
    const copy = file("e.json", `${readFileSync(economy, "utf8")}\n`);
    const { code, out } = await walras(["certify", copy, write(solved)]);
    expect(code).toBe(3);
    expect(out).toContain("economy_sha256");
  });

  test("what was solved loosely says to what it can be certified", async () => {
    const args = ["solve", example("two-step-pipeline.json"), "--nodes", "8", "--tol", "1e-3", "--json"];
    const loose = write(JSON.parse((await walras(args)).out));
    const { code, out } = await walras([
      "certify",
      example("two-step-pipeline.json"),
      loose,
      "--tol",
      "1e-10",
    ]);
    expect(code).toBe(3);
    expect(out).toContain("certify it with --tol 0.001");
    expect((await walras(["certify", example("two-step-pipeline.json"), loose, "--tol", "1e-3"])).code).toBe(
      0,
    );
  });

  test.each([
    ["nothing.json", undefined, "no such file"],
    ["empty.json", "", "an empty file"],
    ["cut.json", '{ "format": "walras-result/1", ', "the end of the text"],
    ["economy.json", exchange, "walras-result/1"],
    ["list.json", [], "an object"],
    ["r.npz", "PK", "a damaged archive"],
  ])("%s is refused with exit 2", async (name, content, expected) => {
    const path = content === undefined ? join(dirname(file("x", "")), name) : file(name, content);
    const outcome = await walras(["certify", economy, path]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.err).toContain(expected);
  });
});

describe("walras demo", () => {
  test("a page for a person", async () => {
    const { code, out, err } = await walras(["demo"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const part of [
      "solved",
      "Who works when",
      "What is scarce when",
      "Where work is sent",
      "Certificate",
      "How it converged",
    ]) {
      expect(out).toContain(part);
    }
    expect(out.match(/✓/g)).toHaveLength(7);
    expect(out).toMatch(/gpu: nobody needs all of it at \d+ of 48 instants/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThan(200);
  });

  test("--out, --solver, --tol; --write: the economy as a file, which solves to the same prices", async () => {
    const [out, economy] = [join(folder(), "r.json"), join(folder(), "day.json")];
    const args = ["demo", "--nodes", "12", "--solver", "anderson", "--tol", "1e-6"];
    const demo = await walras([...args, "--out", out, "--write", economy]);
    expect(demo.code).toBe(0);
    expect(demo.err).toContain(`the economy is in ${economy}`);
    const result = JSON.parse(readFileSync(out, "utf8"));
    expect(result).toMatchObject({ status: "solved", solver: "anderson", tolerance: 1e-6 });
    const { out: printed } = await walras(["solve", economy, "--json"]);
    const again = JSON.parse(printed);
    expect(again.economy).toBe(result.economy);
    again.prices.gpu.forEach((price: number, n: number) => {
      expect(price).toBeCloseTo(result.prices.gpu[n], 4);
    });
    expect((await walras(["demo", "--out", "-"])).err).toContain("--json");
    expect((await walras(["demo", "--solver", "simplicial"])).err).toContain("at most 30");
  });

  test("--json: every family, a floor, GPUs free at night and dear in the afternoon", async () => {
    const { code, out } = await walras(["demo", "--json"]);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(Object.keys(result.agents)).toHaveLength(12);
    const [midnight, afternoon] = [0, 29].map((n) => result.prices.gpu[n]);
    expect(midnight).toBe(0);
    expect(afternoon).toBeGreaterThan(1);
    const path = file("demo.json", result);
    writeFileSync(path, JSON.stringify(result));
    expect(result.certificate.free.map(({ commodity }: { commodity: string }) => commodity)).toEqual(["gpu"]);
  });
});
