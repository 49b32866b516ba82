import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readArchive } from "../../src/io/npz/archive.js";
import { floats, npz, ref } from "../support/npz.js";
import { example, folder, walras } from "./harness.js";

/** Two workers side by side, of whom arrays say all. */
function archive(change: (economy: Record<string, unknown>) => void = () => {}): string {
  const economy = {
    format: "walras/1",
    name: "crew",
    time: { horizon: 6, nodes: 4 },
    populations: {
      worker: {
        count: 2,
        production: { set: "ellipsoid", center: { quality: ref("center") }, radius: { quality: 0.3 } },
      },
    },
    orchestrators: {
      main: {
        preferences: {
          dag: { entry: { "worker[0]": 1, "worker[1]": 2 }, steps: { "worker[0]": STEP, "worker[1]": STEP } },
        },
      },
    },
  };
  change(economy);
  const path = join(folder(), "crew.npz");
  writeFileSync(path, npz(economy, { center: floats([2, 4], (k) => 1 + 0.1 * k) }));
  return path;
}

const STEP = { metrics: { quality: 1 } };

describe("archives on the command line", () => {
  test("check, solve into an archive, certify, start from it, refine", async () => {
    const economy = archive();
    const out = join(folder(), "r.npz");
    expect((await walras(["check", economy])).out).toContain("agents       2 (2 ellipsoid)");
    const solved = await walras(["solve", economy, "--out", out]);
    expect([solved.code, solved.out.split("\n")[0]]).toEqual([0, "crew: solved"]);
    expect(readArchive(readFileSync(out)).texts("commodities.npy", 1e6)).toEqual([
      "worker[0]/quality",
      "worker[1]/quality",
    ]);
    expect((await walras(["certify", economy, out])).code).toBe(0);
    const again = JSON.parse((await walras(["solve", economy, "--start", out, "--json"])).out);
    expect([again.status, again.steps]).toEqual(["solved", 0]);
    const finer = join(folder(), "f.npz");
    expect((await walras(["solve", economy, "--nodes", "12", "--start", out, "--out", finer])).code).toBe(0);
    expect(readArchive(readFileSync(finer)).header("prices.npy").shape).toEqual([2, 12]);
    expect((await walras(["certify", economy, finer])).code).toBe(0);
  });

  test("certify finds what was changed in an archive: exit 3", async () => {
    const economy = archive();
    const out = join(folder(), "r.npz");
    await walras(["solve", economy, "--out", out, "--max-steps", "2"]);
    const { code, out: text } = await walras(["certify", economy, out]);
    expect(code).toBe(3);
    expect(text).toContain("not certified");
  });

  test("a result of JSON written as arrays is the same result", async () => {
    const economy = example("two-step-pipeline.json");
    const here = folder();
    const [arrays, json] = [join(here, "r.npz"), join(here, "r.json")];
    for (const out of [arrays, json]) await walras(["solve", economy, "--nodes", "6", "--out", out]);
    const [one, other] = await Promise.all(
      [arrays, json].map((path) => walras(["certify", economy, path, "--json"])),
    );
    expect(one.code).toBe(0);
    expect(JSON.parse(one.out)).toEqual(JSON.parse(other.out));
  });

  test("what is wrong is said with path, found and expected, and nothing is written: exit 2", async () => {
    const out = join(folder(), "r.npz");
    const broken = archive((economy) => {
      economy.time = { horizon: 6, nodes: 3 };
    });
    const { code, err } = await walras(["solve", broken, "--out", out]);
    expect(code).toBe(2);
    expect(err).toContain(
      'populations.worker.production.center.quality: found the array "center" of shape (2, 4), expected a series: shape (2, 3 or 1)',
    );
    expect(existsSync(out)).toBe(false);
  });

  test("an economy is not overwritten by its result", async () => {
    const economy = archive();
    expect((await walras(["solve", economy, "--out", economy])).code).toBe(2);
    expect((await walras(["check", economy])).code).toBe(0);
  });

  test("populations in JSON: a sentence that says what is needed", async () => {
    const path = join(folder(), "crew.json");
    writeFileSync(
      path,
      JSON.stringify({
        format: "walras/1",
        populations: { w: { count: 1, production: { set: "ellipsoid" } } },
        orchestrators: {},
      }),
    );
    const { code, err } = await walras(["check", path]);
    expect(code).toBe(2);
    expect(err).toContain("a population needs an NPZ archive");
  });
});
