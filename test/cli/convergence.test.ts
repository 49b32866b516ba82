import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { SOLVER_NAMES } from "../../src/index.js";
import { example, exchange, file, folder, walras } from "./harness.js";

/** Steps asked for, so that a test takes no time. */
const QUICK = ["--steps", "0.5,0.25"];

describe("walras convergence", () => {
  test("tables and findings: what theory says beside what was measured", async () => {
    const { code, out, err } = await walras(["convergence", file("e.json", exchange)]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("exchange: 2 prices, static");
    expect(out).toMatch(/0\.5 +1\/\(σ_max\+e_S\)/u);
    expect(out).toContain("✓ the observed rate is the local constant");
    for (const name of SOLVER_NAMES) expect(out).toContain(`  ${name} `);
    expect(out).not.toContain("✗");
  });

  test("--json: the same for several economies, at the λ asked for, in order", async () => {
    const args = ["convergence", file("e.json", exchange), example("exchange.json"), ...QUICK, "--json"];
    const { code, out, err } = await walras(args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { format, economies } = JSON.parse(out);
    expect(format).toBe("walras-convergence/1");
    expect(economies).toHaveLength(2);
    for (const { maps, solvers } of economies) {
      expect(maps.map(({ step }: { step: number }) => step)).toEqual([0.25, 0.5]);
      expect(solvers.map(({ solver }: { solver: string }) => solver)).toEqual(SOLVER_NAMES);
      for (const { near, local } of maps) expect(Math.abs(near.rate - local)).toBeLessThan(2e-3);
    }
  });

  test("--out by extension: data, figures, a page; no temporary file stays", async () => {
    const at = folder();
    const economy = file("e.json", exchange);
    for (const [name, begins] of [
      ["c.json", '{\n  "format": "walras-convergence/1"'],
      ["c.svg", "<svg xmlns="],
      ["c.HTML", "<!doctype html>"],
    ]) {
      const { code, out, err } = await walras(["convergence", economy, ...QUICK, "--out", join(at, name)]);
      expect(code).toBe(0);
      expect(out).toContain("Reading");
      expect(err).toBe(`walras: the measurements are in ${join(at, name)}\n`);
      expect(readFileSync(join(at, name), "utf8").startsWith(begins)).toBe(true);
    }
    expect(readdirSync(at).sort()).toEqual(["c.HTML", "c.json", "c.svg"]);
  });

  test("--nodes and --seed", async () => {
    const args = ["convergence", example("tenants.json"), "--nodes", "2", ...QUICK, "--json"];
    const [first, second] = [await walras([...args, "--seed", "1"]), await walras([...args, "--seed", "2"])];
    const near = ({ out }: { out: string }) => JSON.parse(out).economies[0].maps[0].near.distances;
    expect(JSON.parse(first.out).economies[0].nodes).toBe(2);
    expect(near(first)).not.toEqual(near(second));
    expect(near(first)[0][1]).toBeCloseTo(1e-3, 12);
  });

  test.each([
    [["--steps", "0.1,zero"], "--steps"],
    [["--steps", "0.1,"], "numbers > 0"],
    [["--steps", "-1"], "numbers > 0"],
    [["--steps", "0"], "numbers > 0"],
    [["--steps", "1e999"], "numbers > 0"],
    [["--seed", "x"], "--seed"],
    [["--out", "c.npz"], ".json, .svg or .html"],
    [["--out", "c"], null],
    [["--out", "no/such/folder/c.svg"], "no folder"],
  ] as const)("%j is looked at before anything is computed", async (args, said) => {
    const { code, out, err } = await walras(["convergence", "no-such-economy.json", ...args]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(said ?? "no-such-economy.json");
    expect(existsSync("c")).toBe(false);
  });

  test("does not overwrite an economy", async () => {
    const economy = file("e.json", exchange);
    const { code, err } = await walras(["convergence", example("exchange.json"), economy, "--out", economy]);
    expect(code).toBe(2);
    expect(err).toContain("an economy that is to be measured");
    expect(JSON.parse(readFileSync(economy, "utf8"))).toEqual(exchange);
    expect(readdirSync(dirname(economy))).toEqual(["e.json"]);
  });

  test("Ctrl-C: what there is by then, exit 3", async () => {
    const out = join(folder(), "c.json");
    const economy = file("e.json", exchange);
    const { code, err } = await walras(["convergence", economy, economy, "--out", out], {
      onInterrupt: (interrupt) => interrupt(),
    });
    expect(code).toBe(3);
    expect(err).toContain("cancelling…");
    expect(JSON.parse(readFileSync(out, "utf8")).economies).toEqual([]);
  });

  test("warnings of an economy are said", async () => {
    const jumps = {
      format: "walras/1",
      agents: {
        a: {
          production: {
            set: "hull",
            smoothing: 0,
            trajectories: [
              { x: 1, y: 2 },
              { x: 2, y: 1 },
            ],
          },
        },
      },
      orchestrators: {
        o: { preferences: { root: "u", nodes: { u: { inputs: { "a/x": 1, "a/y": 1 } } } } },
      },
    };
    const { code, err } = await walras(["convergence", file("e.json", jumps), ...QUICK]);
    expect(code).toBe(0);
    expect(err).toContain("walras: warning: ");
  });
});
