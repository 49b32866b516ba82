import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { progressWords } from "../../src/cli/progress.js";
import { SOLVER_NAMES } from "../../src/index.js";
import { parseResult } from "../../src/solve/result.js";
import { example, exchange, file, folder, walras } from "./harness.js";

describe("walras solve", () => {
  test("prints a summary and exits 0", async () => {
    const { code, out, err } = await walras(["solve", file("e.json", exchange)]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("exchange: solved");
    expect(out).toMatch(/bread +\S+ +\S+ % +1\.143/);
    expect(out).toMatch(/wine +\S+ +\S+ % +0\.8571/);
  });

  test("--json prints a valid result and nothing else", async () => {
    const { code, out, err } = await walras(["solve", file("e.json", exchange), "--json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const result = parseResult(JSON.parse(out));
    expect(result.prices.bread).toBeCloseTo(8 / 7, 9);
    expect(result.prices.wine).toBeCloseTo(6 / 7, 9);
    expect(result).toMatchObject({ economy: "exchange", status: "solved", backend: "wasm", seed: 0 });
  });

  test("--out writes the same result as --json, and leaves no temporary file", async () => {
    const economy = file("e.json", exchange);
    const out = join(dirname(economy), "r.json");
    const { code, out: printed, err } = await walras(["solve", economy, "--out", out, "--json"]);
    expect(code).toBe(0);
    expect(err).toContain(`the result is in ${out}`);
    expect(readFileSync(out, "utf8")).toBe(printed);
    expect(readdirSync(dirname(economy)).sort()).toEqual(["e.json", "r.json"]);
  });

  test("not solved: exit 3, and the best result is written all the same", async () => {
    const out = join(folder(), "r.json");
    const args = [
      "solve",
      example("two-step-pipeline.json"),
      "--nodes",
      "6",
      "--max-steps",
      "2",
      "--out",
      out,
      "--json",
    ];
    const { code, err } = await walras(args);
    expect(code).toBe(3);
    expect(err).toContain("max-steps: ");
    expect(parseResult(JSON.parse(readFileSync(out, "utf8"))).status).toBe("max-steps");
  });

  test("--start begins at a result, on another grid too", async () => {
    const result = join(folder(), "r.json");
    const economy = example("two-step-pipeline.json");
    await walras(["solve", economy, "--nodes", "12", "--out", result]);
    const again = await walras(["solve", economy, "--nodes", "12", "--start", result, "--json"]);
    expect(JSON.parse(again.out)).toMatchObject({ status: "solved", steps: 0 });
    const finer = await walras(["solve", economy, "--nodes", "36", "--start", result, "--json"]);
    const cold = await walras(["solve", economy, "--nodes", "36", "--json"]);
    expect(JSON.parse(finer.out).trace[0].residual).toBeLessThan(JSON.parse(cold.out).trace[0].residual / 10);
  });

  test.each(SOLVER_NAMES)("--solver %s", async (solver) => {
    const { code, out } = await walras(["solve", file("e.json", exchange), "--solver", solver, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).prices.bread).toBeCloseTo(8 / 7, 8);
  });

  test("Ctrl-C: the best result is written, exit 3", async () => {
    const out = join(folder(), "r.json");
    const slow = ["--solver", "tatonnement", "--step", "1e-6", "--max-steps", "100000000"];
    const { code } = await walras(["solve", example("two-step-pipeline.json"), ...slow, "--out", out], {
      onInterrupt: (interrupt) => setTimeout(interrupt, 200),
    });
    expect(code).toBe(3);
    expect(parseResult(JSON.parse(readFileSync(out, "utf8"))).status).toBe("cancelled");
  });
});

describe("progress", () => {
  test("jsonl: one trace record a line on standard error, and nothing else", async () => {
    const { out, err } = await walras(["solve", file("e.json", exchange), "--json", "--progress", "jsonl"]);
    const records = err
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(records).toEqual(JSON.parse(out).trace);
    expect(records[0]).toMatchObject({ step: 0, solver: expect.any(String), residual: expect.any(Number) });
  });

  test("a bar at a terminal, none elsewhere, none when off", async () => {
    const economy = file("e.json", exchange);
    const bar = /residual .* of 1e-8/;
    expect((await walras(["solve", economy, "--json"], { isTTY: true })).err).toMatch(bar);
    expect((await walras(["solve", economy, "--json"])).err).toBe("");
    expect((await walras(["solve", economy, "--json", "--progress", "off"], { isTTY: true })).err).toBe("");
  });

  test("the words beside the bar say what is known, and fit", () => {
    const record = { step: 12, residual: 0.0123, solver: "anderson" };
    const words = (rate: number | null, room: number) => progressWords(record, rate, 1e-8, room);
    expect(words(null, 80)).toBe("step 12 · residual 1.2e-2 of 1e-8 · anderson");
    expect(words(0.5, 80)).toBe("step 12 · residual 1.2e-2 of 1e-8 · × 0.50 a step · anderson");
    expect(words(0.5, 62)).toBe("step 12 · residual 1.2e-2 of 1e-8 · × 0.50 a step · anderson");
    expect(words(0.5, 55)).toBe("step 12 · residual 1.2e-2 of 1e-8 · × 0.50 a step");
    expect(words(0.5, 5)).toBe("step 12");
  });

  test("colours only at a terminal, and not under NO_COLOR", async () => {
    const args = ["solve", file("e.json", exchange), "--progress", "off"];
    const start = "\u001b[";
    expect((await walras(args, { isTTY: true })).out).toContain(start);
    expect((await walras(args, { isTTY: true, env: { NO_COLOR: "1" } })).out).not.toContain(start);
    expect((await walras(args)).out).not.toContain(start);
  });
});

describe("refused with exit 2, every problem at once, and nothing written", () => {
  const badOptions: [option: string, value: string, expected: string][] = [
    ...["0", "1", "-1e-8", "abc", "", "NaN", "1e400", "0x1"].map((v): [string, string, string] => [
      "--tol",
      v,
      "between 0 and 1",
    ]),
    ...["0", "-1", "Infinity", "1,5"].map((v): [string, string, string] => ["--step", v, "> 0"]),
    ...["0", "1.5", "-3", "many"].map((v): [string, string, string] => ["--max-steps", v, "≥ 1"]),
    ...["0", "2.5"].map((v): [string, string, string] => ["--nodes", v, "≥ 1"]),
    ...["-1", "0.5", "1e30"].map((v): [string, string, string] => ["--seed", v, "≥ 0"]),
    ["--threads", "0", "≥ 1"],
    ["--progress", "loud", "auto, off, jsonl"],
    ["--solver", "andersen", 'did you mean "anderson"?'],
    ["--solver", "foo", `one of ${SOLVER_NAMES.join(", ")}\n`],
    ["--backend", "refrence", 'one of auto, wasm, reference — did you mean "reference"?'],
    ["--progress", "of", 'did you mean "off"?'],
  ];

  test.each(badOptions)("%s %s", async (option, value, expected) => {
    const out = join(folder(), "r.json");
    const outcome = await walras(["solve", file("e.json", exchange), "--out", out, option, value]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.err).toContain(`  ${option}: found ${JSON.stringify(value)}, expected `);
    expect(outcome.err).toContain(expected);
    expect(outcome.err).not.toMatch(/\n +at /);
    expect(existsSync(out)).toBe(false);
  });

  test("all of them together", async () => {
    const { err } = await walras(["solve", file("e.json", exchange), "--tol", "2", "--seed", "x"]);
    expect(err.trimEnd().split("\n")).toEqual([
      "walras: the command line cannot be used:",
      '  --tol: found "2", expected a number between 0 and 1',
      '  --seed: found "x", expected a whole number ≥ 0',
    ]);
  });

  test("a bad economy", async () => {
    const out = join(folder(), "r.json");
    const economy = file("e.json", {
      ...exchange,
      orchestrators: { ann: { ...exchange.orchestrators.ann, flors: {} } },
    });
    const outcome = await walras(["solve", economy, "--out", out, "--json"]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.err).toContain("orchestrators.ann.flors");
    expect(outcome.err).toContain('did you mean "floors"?');
    expect(existsSync(out)).toBe(false);
  });

  test("no such file; an output that cannot be written, before anything is computed", async () => {
    const economy = file("e.json", exchange);
    const here = dirname(economy);
    writeFileSync(join(here, "plain"), "");
    mkdirSync(join(here, "folder"));
    expect((await walras(["solve", join(here, "nothing.json")])).code).toBe(2);
    for (const out of [
      "",
      join(here, "missing", "r.json"),
      join(here, "plain", "r.json"),
      join(here, "folder"),
      economy,
    ]) {
      const outcome = await walras(["solve", economy, "--out", out]);
      expect(outcome).toMatchObject({ code: 2, out: "" });
      expect(outcome.err).toContain("the output file cannot be used");
    }
    expect(JSON.parse(readFileSync(economy, "utf8"))).toEqual(exchange);
  });

  test.each([
    ["-", "--json"],
    ["r.txt", ".json"],
    ["r.jsn", ".json"],
  ])("--out %s, before the economy is read", async (out, expected) => {
    const { code, err } = await walras(["solve", "no such file.json", "--out", out]);
    expect(code).toBe(2);
    expect(err).toContain("  --out: found");
    expect(err).toContain(expected);
    expect(existsSync(out)).toBe(false);
  });

  test("--out may be a device or a name without extension", async () => {
    const path = join(folder(), "result");
    expect((await walras(["solve", file("e.json", exchange), "--out", path])).code).toBe(0);
    expect(parseResult(JSON.parse(readFileSync(path, "utf8"))).status).toBe("solved");
    expect((await walras(["solve", file("e.json", exchange), "--out", "/dev/null"])).code).toBe(0);
  });

  test.each([
    [{ prices: { bread: 1, whine: 2 } }, 'did you mean "wine"?'],
    [{ prices: { bread: -1, wine: 2 } }, "prices.bread: found -1, expected a number ≥ 0"],
    [{ prices: { bread: [1, 2], wine: 2 } }, "prices.bread: found 2 values"],
    [{ prices: { bread: 0, wine: 0 } }, "no price above 0"],
    [{ prizes: {} }, "prices"],
    [{ format: "walras-result/1" }, "prices"],
    ["", "an empty file"],
    ["{", "the end of the text"],
  ])("a bad start %j", async (start, expected) => {
    const outcome = await walras(["solve", file("e.json", exchange), "--start", file("s.json", start)]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.err).toContain(expected);
  });
});

describe("what a person is told", () => {
  test("--out: the headline and no tables, at most 12 lines, also where everything fails", async () => {
    const out = join(folder(), "r.json");
    const args = ["solve", example("two-step-pipeline.json"), "--nodes", "6", "--out", out];
    const solved = await walras(args);
    expect(solved.out).toContain("two-step-pipeline: solved");
    expect(solved.out).toContain("all 7 items hold");
    expect(solved.out.trimEnd().split("\n").length).toBeLessThanOrEqual(5);
    const failed = await walras([...args, "--max-steps", "2"]);
    expect(failed.out).toContain("✗ Markets clear: largest excess demand");
    expect(failed.out.trimEnd().split("\n").length).toBeLessThanOrEqual(12);
  });

  test("not solved and nowhere to go: the result is kept in a file that is named; with --json it is printed", async () => {
    const args = ["solve", example("two-step-pipeline.json"), "--nodes", "6", "--max-steps", "2"];
    const { code, err } = await walras(args);
    expect(code).toBe(3);
    const path = /^walras: the result is kept in (\S+)/mu.exec(err)?.[1] ?? "";
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    const kept = parseResult(JSON.parse(readFileSync(path, "utf8")));
    expect(kept.status).toBe("max-steps");
    const printed = await walras([...args, "--json"]);
    expect(printed.err).not.toContain("kept in");
    expect(JSON.parse(printed.out).prices).toEqual(kept.prices);
    const quiet = await walras([...args, "--progress", "jsonl"]);
    for (const line of quiet.err.trimEnd().split("\n")) JSON.parse(line);
    const other = /is kept in (\S+)/u.exec(quiet.out)?.[1] ?? "";
    rmSync(dirname(other), { recursive: true });
  });

  test("warnings of the economy, on standard error but not among JSON lines", async () => {
    const idle = { production: { set: "ellipsoid", center: { quality: 1 } } };
    const path = file("e.json", {
      ...exchange,
      agents: { idle },
      orchestrators: {
        ann: { ...exchange.orchestrators.ann, shares: 1 },
        bob: exchange.orchestrators.bob,
      },
    });
    const { err } = await walras(["solve", path]);
    expect(err).toMatch(/^walras: warning: agents\.idle: found an agent that supplies nothing/u);
    expect((await walras(["solve", path, "--progress", "jsonl"])).err).not.toContain("warning");
    expect((await walras(["solve", "--batch", path])).err).toContain("warning: agents.idle");
  });

  test("a partial start says which commodities begin at 1", async () => {
    const start = file("s.json", { prices: { bread: 2 } });
    const { code, err } = await walras(["solve", file("e.json", exchange), "--start", start]);
    expect({ code, err }).toEqual({
      code: 0,
      err: "walras: --start has no prices for wine: they start at 1\n",
    });
  });

  test("an economy without a name is called after its file", async () => {
    const { name, ...nameless } = exchange;
    const path = file("monday.v2.json", nameless);
    expect(JSON.parse((await walras(["solve", path, "--json"])).out).economy).toBe("monday.v2");
  });

  test("Ctrl-C: cancelling is said once", async () => {
    const slow = ["--solver", "tatonnement", "--step", "1e-6", "--max-steps", "100000000"];
    const { code, err } = await walras(["solve", example("two-step-pipeline.json"), ...slow, "--json"], {
      onInterrupt: (interrupt) => setTimeout(interrupt, 200),
    });
    expect(code).toBe(3);
    expect(err).toMatch(/^walras: cancelling….*\nwalras: Cancelled after \d+ steps/u);
  });
});

describe("files in each other's place", () => {
  test.each([
    ["solve", (e: string, r: string) => ["solve", r, "--start", e], "walras-result/1", "this is a result"],
    ["--start", (e: string) => ["solve", e, "--start", e], "walras/1", "this is an economy"],
    ["certify", (e: string, r: string) => ["certify", r, e], "walras-result/1", "this is a result"],
    ["certify twice", (e: string) => ["certify", e, e], "walras/1", "this is an economy"],
  ])("%s: one problem", async (_, args, format, kind) => {
    const economy = file("e.json", exchange);
    const result = file("r.json", JSON.parse((await walras(["solve", economy, "--json"])).out));
    const { code, err } = await walras(args(economy, result));
    expect(code).toBe(2);
    const lines = err.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`format: found "${format}": ${kind}`);
    expect(lines[1]).toContain("changed places");
  });
});

describe("--batch", () => {
  const other = { ...exchange, name: "other" };

  test("one result a line, in order", async () => {
    const { code, out } = await walras(["solve", "--batch", file("a.json", exchange), file("b.json", other)]);
    const results = out
      .trimEnd()
      .split("\n")
      .map((line) => parseResult(JSON.parse(line)));
    expect(code).toBe(0);
    expect(results.map(({ economy, status }) => [economy, status])).toEqual([
      [exchange.name, "solved"],
      ["other", "solved"],
    ]);
  });

  test("one that is not solved makes the exit code 3; the others are there", async () => {
    const paths = [file("a.json", exchange), file("b.json", other)];
    const { code, out } = await walras(["solve", "--batch", ...paths, "--max-steps", "1"]);
    expect([code, out.trimEnd().split("\n").length]).toEqual([3, 2]);
  });

  test("another structure is refused before anything is solved, naming what differs", async () => {
    const paths = [file("a.json", exchange), example("two-step-pipeline.json")];
    const outcome = await walras(["solve", "--batch", ...paths]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.err).toMatch(/economy 2 .*commodities: found .*expected/);
  });

  test("several economies without --batch, or --batch with --out, are refused", async () => {
    const path = file("a.json", exchange);
    expect((await walras(["solve", path, path])).err).toContain("several with --batch");
    expect((await walras(["solve", "--batch", path, "--out", "r.json"])).code).toBe(2);
  });
});

describe("threads", () => {
  test("--threads changes nothing but the time", async () => {
    const solved = async (...args: string[]) => {
      const { code, out } = await walras(["solve", file("e.json", exchange), "--json", ...args]);
      expect(code).toBe(0);
      return parseResult(JSON.parse(out));
    };
    const [two, one] = [await solved("--threads", "2"), await solved("--threads", "1")];
    expect(two.backend).toBe("wasm");
    expect(two.prices).toEqual(one.prices);
  });

  test("the reference has one, and is asked for no more", async () => {
    const path = file("e.json", exchange);
    const { code, out } = await walras(["solve", path, "--json", "--backend", "reference", "--threads", "8"]);
    expect(code).toBe(0);
    expect(parseResult(JSON.parse(out)).backend).toBe("reference");
  });
});

describe("not built in this version", () => {
  test.each([[["--out", "r.html"]]])("solve %j exits 2 and says so", async (args) => {
    const outcome = await walras(["solve", file("e.json", exchange), ...args]);
    expect(outcome).toMatchObject({ code: 2, out: "" });
    expect(outcome.err).toMatch(/^walras: .* is not built in this version/);
  });

  test.each(["tfjs-cpu", "tfjs-wasm", "tensorflow", "webgpu"])("--backend %s exits 4", async (backend) => {
    const outcome = await walras(["solve", file("e.json", exchange), "--backend", backend]);
    expect(outcome).toMatchObject({ code: 4, out: "" });
    expect(outcome.err).toContain("not part of this version");
  });
});
