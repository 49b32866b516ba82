import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { file, folder, walras } from "./harness.js";

/** Exercise 15.B.6 of Mas-Colell, Whinston and Green: relative prices 27/64, 1 and 64/27. */
const consumer = (own: string, other: string) => ({
  endowment: { [own]: 1 },
  preferences: { root: "u", nodes: { u: { elasticity: 1 / 3, inputs: { [own]: 1, [other]: 12 / 37 } } } },
});
const three = {
  format: "walras/1",
  name: "three",
  commodities: { bread: {}, wine: {} },
  orchestrators: { ann: consumer("bread", "wine"), bob: consumer("wine", "bread") },
};

/** Nobody trades with anybody: every price is an equilibrium's. */
const autarky = {
  ...three,
  name: "autarky",
  orchestrators: {
    ann: { endowment: { bread: 1 }, preferences: { root: "u", nodes: { u: { inputs: { bread: 1 } } } } },
    bob: { endowment: { wine: 1 }, preferences: { root: "u", nodes: { u: { inputs: { wine: 1 } } } } },
  },
};

describe("walras solve --all-equilibria", () => {
  test("a table: prices, index, stability, clearing, utilities", async () => {
    const { code, out, err } = await walras(["solve", file("e.json", three), "--all-equilibria"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/3 equilibria, certified, .* The indices sum to \+1, as they must\./u);
    const section = out.slice(out.indexOf("Equilibria (3"));
    expect(section).toMatch(/^ +# +price of bread +wine +index +stability +clearing +utility of ann +bob$/mu);
    expect(section).toMatch(/^ +1 +1 +1 +-1 +unstable +\S+ +0\.6562 +0\.6562$/mu);
    expect(section).toMatch(/^ +2 +0\.5934 +1\.407 +\+1 +stable +\S+ +0\.5052 +0\.7777$/mu);
    expect(section).toMatch(/^ +3 +1\.407 +0\.5934 +\+1 +stable +\S+ +0\.7777 +0\.5052$/mu);
  });

  test("--json has `equilibria` and `index_sum`, and `prices` are those of the first", async () => {
    const { code, out } = await walras(["solve", file("e.json", three), "--all-equilibria", "--json"]);
    const result = JSON.parse(out);
    expect([code, result.status, result.index_sum]).toEqual([0, "solved", 1]);
    expect(result.equilibria.map((e: { index: number }) => e.index)).toEqual([-1, 1, 1]);
    expect(result.equilibria[0].prices).toEqual(result.prices);
    for (const { prices, certificate, stability, index, utility } of result.equilibria) {
      expect(Object.keys(prices)).toEqual(["bread", "wine"]);
      expect(certificate.clearing).toBeLessThan(1e-8);
      expect(stability).toBe(index === 1 ? "stable" : "unstable");
      expect(Object.keys(utility)).toEqual(["ann", "bob"]);
    }
    const plain = JSON.parse((await walras(["solve", file("e.json", three), "--json"])).out);
    expect(plain).not.toHaveProperty("equilibria");
    expect(plain).not.toHaveProperty("index_sum");
  });

  test.each(["r.json", "r.npz"])("--out %s can be certified, and started from", async (name) => {
    const [economy, out] = [file("e.json", three), join(folder(), name)];
    const solved = await walras(["solve", economy, "--all-equilibria", "--out", out]);
    expect(solved).toMatchObject({ code: 0, err: `walras: the result is in ${out}\n` });
    expect(solved.out).toContain("Equilibria (3");
    const certified = await walras(["certify", economy, out, "--json"]);
    expect(JSON.parse(certified.out)).toMatchObject({ certified: true, failures: [] });
    expect((await walras(["solve", economy, "--start", out])).code).toBe(0);
  });

  test("certify finds an index that is not what the file says", async () => {
    const [economy, out] = [file("e.json", three), join(folder(), "r.json")];
    await walras(["solve", economy, "--all-equilibria", "--out", out]);
    const forged = readFileSync(out, "utf8").replace('"index": -1', '"index": 1');
    const { code, out: text } = await walras(["certify", economy, file("forged.json", forged)]);
    expect(code).toBe(3);
    expect(text).toContain("equilibria[0].index");
  });

  test("warns where the indices do not sum to +1", async () => {
    const { code, out, err } = await walras(["solve", file("e.json", autarky), "--all-equilibria"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^walras: warning: The indices sum to 0, not \+1: \d are critical/mu);
    expect(out).toContain("there seems to be a continuum");
  });

  test("--progress jsonl: a line for each equilibrium, and no sentences", async () => {
    const args = ["solve", file("e.json", autarky), "--all-equilibria", "--progress", "jsonl"];
    const lines = (await walras(args)).err
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ step }) => step)).toEqual(lines.map((_, k) => k));
    expect(lines.filter(({ note }) => note?.startsWith("another equilibrium")).length).toBeGreaterThan(1);
  });

  test("with --batch each economy has its own", async () => {
    const paths = [file("a.json", three), file("b.json", autarky)];
    const { out } = await walras(["solve", "--batch", ...paths, "--all-equilibria"]);
    const sums = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).index_sum);
    expect(sums).toEqual([1, 0]);
  });
});
