import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildEconomy } from "../../src/economy/build.js";
import { loadEconomy, parseText } from "../../src/io/read-economy.js";
import { sharedCases, sharedPath } from "../support/require.js";

describe("every example is an economy without warnings, named after its file", () => {
  test.each(readdirSync("examples").filter((file) => !file.endsWith(".mjs")))("%s", async (file) => {
    const economy = await loadEconomy(`examples/${file}`);
    expect(economy.warnings).toEqual([]);
    expect(file).toMatch(new RegExp(`^${economy.name}\\.(json|yaml)$`));
  });
});

const read = (file: string) => parseText(readFileSync(file, "utf8"), file);

test("two-step-pipeline in YAML says what it says in JSON", () => {
  expect(read("examples/two-step-pipeline.yaml")).toEqual(read("examples/two-step-pipeline.json"));
});

describe("the file printed in formats.md", () => {
  const path = sharedPath("design", "formats.md");
  if (path === null) return;
  const block = /```jsonc\n([\s\S]*?)```/u.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  test("is examples/two-step-pipeline.json, and can be pasted with its comments", () => {
    expect(parseText(block, "formats.md")).toEqual(read("examples/two-step-pipeline.json"));
    expect(parseText(block, "formats.md", "json")).toEqual(read("examples/two-step-pipeline.json"));
  });
});

describe("published economies", () => {
  const folder = sharedCases();
  if (folder === null) return;
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  test.each(files)("%s", (file) => {
    const { economy, answers } = JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
    const built = buildEconomy(economy, { subject: file });
    expect(built.warnings).toEqual([]);
    expect(built.commodities.map(({ name }) => name)).toEqual(Object.keys(economy.commodities));
    expect(built.commodities).toHaveLength(answers[0].length);
  });
});

test("two thousand agents of eight metrics in a DAG are read and built in a second or two", () => {
  const metrics = Array.from({ length: 8 }, (_, m) => `m${m}`);
  const each = (value: number) => Object.fromEntries(metrics.map((metric) => [metric, value]));
  const names = Array.from({ length: 2000 }, (_, k) => `agent ${k}`);
  const production = { set: "ellipsoid", center: each(1), radius: each(0.3) };
  const next = (k: number) => Object.fromEntries([1, 2, 5, 100].map((step) => [names[k + step], step]));
  const steps = names.map((name, k) => [name, { metrics: each(1), ...(k < 1900 ? { next: next(k) } : {}) }]);
  const dag = { entry: { "agent 0": 1 }, steps: Object.fromEntries(steps) };
  const text = JSON.stringify({
    format: "walras/1",
    time: { nodes: 24 },
    agents: Object.fromEntries(names.map((name) => [name, { production }])),
    orchestrators: { main: { preferences: { dag } } },
  });
  const begin = performance.now();
  const economy = buildEconomy(parseText(text, "large"));
  const seconds = (performance.now() - begin) / 1000;
  expect(economy.commodities).toHaveLength(16_000);
  expect(economy.orchestrators[0].preferences.nodes).toHaveLength(2000 + 1900 + 1900 + 1);
  expect(seconds).toBeLessThan(4);
});
