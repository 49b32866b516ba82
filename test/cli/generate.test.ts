import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, walras } from "./harness.js";

test("writes an economy that solves, and says so", async () => {
  const path = join(folder(), "economy.yaml");
  const { code, out, err } = await walras(["generate", "--agents", "5", "--nodes", "4", "--out", path]);
  expect({ code, out }).toEqual({ code: 0, out: "" });
  expect(err).toBe(`walras: 5 agents × 3 metrics × 4 nodes; the economy is in ${path}\n`);
  expect(readFileSync(path, "utf8")).toContain("name: generated, seed 0");
  expect((await walras(["solve", path])).code).toBe(0);
});

test("every option arrives", async () => {
  const path = join(folder(), "economy.json");
  const args =
    "--agents 9 --metrics 2 --nodes 6 --layers 4 --orchestrators 2 --out-degree 2 --family frontier";
  const more = "--rule gauss-legendre --shared --t1 --seed 3 --name mine";
  const { code } = await walras(["generate", ...`${args} ${more}`.split(" "), "--out", path]);
  expect(code).toBe(0);
  const economy = JSON.parse(readFileSync(path, "utf8"));
  expect(economy).toMatchObject({ name: "mine", time: { horizon: 24, nodes: 6, rule: "gauss-legendre" } });
  expect(Object.keys(economy.agents)).toHaveLength(9);
  expect(economy.agents["frontier-0"].production).toMatchObject({
    set: "frontier",
    outputs: { m0: expect.any(Number) },
  });
  expect(economy.commodities).toEqual({ compute: {} });
  expect(Object.keys(economy.orchestrators)).toEqual(["tenant-0", "tenant-1"]);
  const { out } = await walras(["check", path, "--json"]);
  expect(JSON.parse(out).contraction.bound).toBeGreaterThan(0);
});

test("fewer agents than layers usually are: as many layers as agents", async () => {
  const path = join(folder(), "economy.json");
  expect((await walras(["generate", "--agents", "1", "--nodes", "1", "--out", path])).code).toBe(0);
});

test.each([
  [[], "--out: found nothing"],
  [["--out", "x.txt"], 'the extension ".txt"'],
  [["--out", "/nowhere/x.json"], "no folder"],
  [["--out", "x.json", "--t1", "--stiff"], "one of --t1, --stiff, --hostile"],
  [["--out", "x.json", "--t1", "--family", "hull"], "a family that T1 speaks of"],
  [["--out", "x.json", "--agents", "2", "--layers", "3"], "--layers: found 3"],
  [["--out", "x.json", "--agents", "0"], "a whole number ≥ 1"],
  [["--out", "x.json", "--family", "hulls"], "one of mixed"],
])("%j: exit 2, nothing written", async (args, said) => {
  const { code, out, err } = await walras(["generate", ...args]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(said);
  expect(existsSync("x.json") || existsSync("x.txt")).toBe(false);
});

test("too many numbers for YAML are refused, and the file there stays as it was", async () => {
  const path = join(folder(), "economy.yaml");
  writeFileSync(path, "before");
  const size = ["--agents", "130", "--metrics", "8", "--nodes", "1000", "--family", "ellipsoid"];
  const { code, err } = await walras(["generate", ...size, "--out", path]);
  expect(code).toBe(2);
  expect(err).toContain("a name that ends in .npz");
  expect(readFileSync(path, "utf8")).toBe("before");
});
