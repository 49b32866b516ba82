import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contractionBound } from "../../../src/contraction/bound.js";
import { uniformSource } from "../../../src/core/rng.js";
import { buildEconomy } from "../../../src/economy/build.js";
import type { Economy } from "../../../src/economy/economy.js";
import { archiveDocument } from "../../../src/io/generate/archive.js";
import { generateEconomy } from "../../../src/io/generate/generate.js";
import {
  DEFAULTS,
  GENERATED_FAMILIES,
  type GenerateOptions,
  kindsOf,
  type Temper,
} from "../../../src/io/generate/options.js";
import { textFile } from "../../../src/io/generate/text.js";
import { loadEconomy } from "../../../src/io/read-economy.js";
import { writeEconomy } from "../../../src/io/write-economy.js";
import { ReferenceMarket } from "../../../src/market/reference.js";
import { solve } from "../../../src/solve/solve.js";
import { folder } from "../../cli/harness.js";

const optionsOf = (changes: Partial<GenerateOptions>): GenerateOptions => ({
  ...DEFAULTS,
  name: "generated",
  ...changes,
});
const generate = (changes: Partial<GenerateOptions> = {}) => generateEconomy(optionsOf(changes));
const build = (changes: Partial<GenerateOptions> = {}) => buildEconomy(textFile(generate(changes)));

/** Options of all sizes and kinds for a seed: small primes, so that all combinations come up. */
function varied(seed: number, temper: Temper): GenerateOptions {
  const agents = [1, 4, 13][seed % 3];
  const family = GENERATED_FAMILIES[seed % GENERATED_FAMILIES.length];
  const options = optionsOf({
    agents,
    metrics: 1 + (seed % 4),
    nodes: [1, 5, 12, 8][seed % 4],
    layers: Math.min(agents, 1 + (seed % 5)),
    outDegree: 1 + (seed % 7),
    orchestrators: 1 + (seed % 2) * (1 + (seed % 3)),
    shared: seed % 5 < 2,
    rule: seed % 3 === 1 ? "gauss-legendre" : "midpoint",
    family,
    temper,
    seed,
  });
  const foreign = temper === "t1" && ["modes", "hull", "factory"].includes(family);
  return foreign ? { ...options, family: "mixed" } : options;
}

describe.each(["ordinary", "t1", "stiff"] as const)("%s economies", (temper) => {
  test("are valid and solve, whatever their size, families and seed", async () => {
    const failures: string[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const options = varied(seed, temper);
      const { status } = await solve(buildEconomy(textFile(generateEconomy(options))));
      if (status !== "solved") failures.push(`${status}: ${JSON.stringify(options)}`);
    }
    expect(failures).toEqual([]);
  });
});

describe("tempers", () => {
  const elasticities = (economy: Economy) =>
    economy.orchestrators.flatMap(({ preferences, intertemporalElasticity }) => [
      intertemporalElasticity,
      ...preferences.nodes.map(({ elasticity }) => elasticity),
    ]);
  const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];

  test("t1: the contraction theorem holds, with a rate, for every seed", () => {
    for (let seed = 0; seed < 60; seed++) {
      const economy = buildEconomy(textFile(generateEconomy(varied(seed, "t1"))));
      const { step } = new ReferenceMarket(economy).hints;
      const { bound, theorem, why } = contractionBound(economy, step);
      expect(theorem, why).toBe("T1");
      expect(bound).toBeLessThan(1);
    }
  });

  test("stiff: elasticities from 0.1 to 8; ordinary: none so far", () => {
    const [low, high] = range(elasticities(build({ temper: "stiff", agents: 40 })));
    expect(low).toBeGreaterThanOrEqual(0.1);
    expect(low).toBeLessThan(0.2);
    expect(high).toBeLessThanOrEqual(8);
    expect(high).toBeGreaterThan(6.4);
    const [least, most] = range(elasticities(build({ agents: 40 })));
    expect(least).toBeGreaterThanOrEqual(0.6);
    expect(most).toBeLessThanOrEqual(4);
  });

  test("hostile: valid all the same, with everything it promises", () => {
    const economy = build({ temper: "hostile", agents: 40, family: "ellipsoid" });
    expect(range(elasticities(economy))).toEqual([0, 50]);
    const levels = economy.agents.flatMap(({ set }) => [...set.bounds().lower]);
    expect(Math.max(...levels) / Math.min(...levels)).toBeGreaterThan(1e6);
    const [{ floors, endowment, intensity, preferences }] = economy.orchestrators;
    expect(floors.size).toBeGreaterThan(40);
    expect(endowment.size).toBeGreaterThan(5);
    expect(Math.min(...intensity)).toBe(0);
    expect(Math.min(...preferences.nodes.flatMap(({ weights }) => [...weights]))).toBeLessThan(1e-8);
  });

  test("hostile: a solve ends with a name for what happened, and throws nothing", async () => {
    for (let seed = 0; seed < 24; seed++) {
      const economy = buildEconomy(textFile(generateEconomy(varied(seed, "hostile"))));
      const { status, message } = await solve(economy, { maxSteps: 30 });
      expect(status).toMatch(/^[a-z-]+$/u);
      expect(message).not.toBe("");
    }
  });
});

describe("the same numbers everywhere", () => {
  const digest = (changes: Partial<GenerateOptions>) => {
    const { file, arrays } = archiveDocument(generate(changes));
    const hash = createHash("sha256").update(JSON.stringify(file));
    for (const [name, member] of arrays!) {
      const { data } = member as { data: Float64Array | Int32Array };
      hash.update(name).update(Array.from(data, String).join());
    }
    return hash.digest("hex").slice(0, 16);
  };

  // Found once and for ever: a change here changes what a seed means to everybody who wrote one down.
  test.each([
    [{}, "53c66551381a019c"],
    [{ rule: "gauss-legendre", shared: true, orchestrators: 3, seed: 1 }, "86dc0668161dfa95"],
    [{ temper: "t1", agents: 30, layers: 5, seed: 2 }, "a0116ea0ed2d14dd"],
    [{ temper: "stiff", nodes: 1, seed: 3 }, "6e0a641cf46926ce"],
    [{ temper: "hostile", agents: 20, seed: 4 }, "c2658531fa934368"],
  ] as [Partial<GenerateOptions>, string][])("%j", (changes, expected) => {
    expect(digest(changes)).toBe(expected);
    expect(digest(changes)).toBe(expected);
  });

  test("another seed is another economy", () => {
    expect(digest({ seed: 1 })).not.toBe(digest({}));
  });

  test("nothing is used that the platform's mathematics could round its own way", () => {
    const room = join(import.meta.dirname, "..", "..", "..", "src", "io", "generate");
    for (const name of readdirSync(room)) {
      const text = readFileSync(join(room, name), "utf8");
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/gu, "");
      const used = [...code.matchAll(/Math\.\w+|\*\*/gu)].map(([match]) => match);
      expect(used.filter((use) => !/^Math\.(round|floor|ceil|min|max)$/u.test(use))).toEqual([]);
    }
  });
});

describe("the two forms", () => {
  test.each([
    { shared: true },
    { nodes: 1, family: "hull" },
    { orchestrators: 2, seed: 5 },
    { temper: "hostile", seed: 1 },
    { rule: "gauss-legendre", family: "modes" },
  ] as Partial<GenerateOptions>[])("text and archive are one economy: %j", async (changes) => {
    const path = join(folder(), "economy.npz");
    await writeEconomy(path, archiveDocument(generate(changes)));
    const [text, archive] = [build(changes), await loadEconomy(path)];
    const uniform = uniformSource(1);
    const [a, b] = [text, archive].map((economy) => new ReferenceMarket(economy));
    const q = a.create().map(() => 4 * uniform() - 2);
    const [f, g] = [a.create(), b.create()];
    a.residual(q.slice(), f);
    b.residual(q.slice(), g);
    expect(f.some((x) => x !== 0)).toBe(true);
    expect(g).toEqual(f);
  });

  test("JSON, YAML and NPZ are read as the same economy", async () => {
    const at = folder();
    const economy = generate({ shared: true });
    const paths = ["json", "yaml", "npz"].map((extension) => join(at, `e.${extension}`));
    const archive = archiveDocument(economy);
    for (const path of paths) {
      await writeEconomy(path, path.endsWith("npz") ? archive : { file: textFile(economy) });
    }
    const prices = await Promise.all(
      paths.map(async (path) => [...(await solve(await loadEconomy(path))).prices.data]),
    );
    expect(prices[1]).toEqual(prices[0]);
    expect(prices[2]).toEqual(prices[0]);
  });

  test("the same file twice, byte for byte", async () => {
    const at = folder();
    for (const extension of ["json", "yaml", "npz"]) {
      const [a, b] = ["a", "b"].map((name) => join(at, `${name}.${extension}`));
      for (const path of [a, b]) {
        const economy = generate({ seed: 9 });
        await writeEconomy(
          path,
          extension === "npz" ? archiveDocument(economy) : { file: textFile(economy) },
        );
      }
      expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
    }
  });
});

test("two thousand agents, eight metrics, 128 nodes: two million levels in the time of a few breaths", () => {
  const began = performance.now();
  const { arrays, populations, orchestrators } = generate({
    agents: 2000,
    metrics: 8,
    nodes: 128,
    layers: 6,
    family: "ellipsoid",
  });
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(arrays.get("ellipsoid.center")!.shape).toEqual([2000, 8, 128]);
  expect(populations).toHaveLength(1);
  expect(orchestrators[0].dag.edges.from.length).toBeGreaterThanOrEqual(4 * 1600);
});

describe("options", () => {
  test("agents are dealt out to the families", () => {
    expect(generate({ agents: 13 }).populations.map(({ name, count }) => [name, count])).toEqual([
      ["ellipsoid", 2],
      ["modes", 3],
      ["hull", 2],
      ["frontier", 3],
      ["factory", 3],
    ]);
    expect(generate({ agents: 2, layers: 1 }).populations.map(({ name }) => name)).toEqual([
      "ellipsoid",
      "modes",
    ]);
    expect(kindsOf(optionsOf({ temper: "t1" }))).toEqual(["ellipsoid", "frontier"]);
  });

  test("what is shared is declared, endowed and used; not otherwise", () => {
    const shared = build({ shared: true, family: "hull" });
    expect(shared.commodities[0]).toMatchObject({ name: "compute", agent: null });
    expect(shared.agents.every(({ metrics }) => metrics.includes("compute"))).toBe(true);
    expect(build({ family: "hull" }).commodities.every(({ agent }) => agent !== null)).toBe(true);
    expect(build({ family: "factory" }).commodities[0].name).toBe("compute");
    const t1 = build({ shared: true, temper: "t1" });
    expect(t1.agents.some(({ metrics }) => metrics.includes("compute"))).toBe(false);
    expect(t1.orchestrators[0].preferences.leaves).toContain(0);
  });

  test.each([
    [{ layers: 13 }, "--layers"],
    [{ temper: "t1", family: "modes" }, "--t1"],
    [{ agents: 100_000, nodes: 100_000 }, "--agents"],
  ] as [Partial<GenerateOptions>, string][])("%j is refused", (changes, path) => {
    expect(() => generate(changes)).toThrow(
      new RegExp(`^the command line cannot be used:\\n  ${path}: `, "u"),
    );
  });
});
