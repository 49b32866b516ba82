import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoEconomy } from "../../src/cli/demo-economy.js";
import { type Checkpoint, defineEconomy, type Economy, type SolveOptions, solve } from "../../src/index.js";
import { readCheckpoint, writeCheckpoint } from "../../src/io/checkpoint-file.js";
import { randomSpec } from "../support/economies.js";

/** Checkpoints of every step, each copied as a file would. */
async function withCheckpoints(economy: Economy, options: SolveOptions) {
  const checkpoints: Checkpoint[] = [];
  const save = (checkpoint: Checkpoint) => checkpoints.push(deserialize(serialize(checkpoint)));
  const solution = await solve(economy, { ...options, checkpoint: { save, interval: 0 } });
  return { checkpoints, solution };
}

describe("a resumed solve is the solve, bit for bit", () => {
  const economies: [string, Economy, SolveOptions][] = [
    ["auto with free commodities", demoEconomy().onGrid({ nodes: 12 }), {}],
    [
      "tatonnement, several orchestrators",
      defineEconomy(randomSpec(4, { orchestrators: 3 })),
      { solver: "tatonnement" },
    ],
    ["additive", defineEconomy(randomSpec(5, { orchestrators: 2 })), { solver: "additive" }],
    ["krasnoselskii", defineEconomy(randomSpec(6, { floors: true })), { solver: "krasnoselskii" }],
    ["anderson", defineEconomy(randomSpec(7, { agents: 7, elasticity: [0.1, 6] })), { solver: "anderson" }],
  ];

  test.each(economies)("%s", async (_name, economy, options) => {
    const { checkpoints, solution } = await withCheckpoints(economy, options);
    expect(checkpoints.length).toBeGreaterThan(3);
    for (const resume of [checkpoints[0], checkpoints[checkpoints.length >> 1], checkpoints.at(-1)]) {
      const resumed = await solve(economy, { ...options, resume });
      expect(resumed.status).toBe(solution.status);
      expect(resumed.prices.data).toEqual(solution.prices.data);
      expect(resumed.steps).toBe(solution.steps);
      expect(resumed.evaluations).toBe(solution.evaluations);
      const untimed = (s: typeof solution) => s.trace.map(({ seconds, ...rest }) => rest);
      expect(untimed(resumed)).toEqual(untimed(solution));
    }
  });

  test("a verdict takes as long when the solve is cut in two (Scarf's cycle)", async () => {
    const pair = (a: string, b: string, own: string) => ({
      endowment: { [own]: 1 },
      preferences: { root: "u", nodes: { u: { elasticity: 0, inputs: { [a]: 1, [b]: 1 } } } },
    });
    const scarf = defineEconomy({
      commodities: { x: {}, y: {}, z: {} },
      orchestrators: { a: pair("x", "y", "x"), b: pair("y", "z", "y"), c: pair("x", "z", "z") },
    });
    const start = { grid: null, prices: new Map([["x", Float64Array.of(2)]]) };
    const options = { solver: "tatonnement", step: 0.2, start };
    const { checkpoints, solution } = await withCheckpoints(scarf, options);
    expect(solution.status).toBe("cycling");
    const resumed = await solve(scarf, { ...options, resume: checkpoints[200] });
    expect([resumed.status, resumed.steps]).toEqual([solution.status, solution.steps]);
  });
});

test("a checkpoint of another economy, grid, solver, step or tolerance is refused, naming what differs", async () => {
  const economy = defineEconomy(randomSpec(4));
  const { checkpoints } = await withCheckpoints(economy, {});
  const [resume] = checkpoints;
  await expect(solve(defineEconomy(randomSpec(5)), { resume })).rejects.toThrow(
    /economy.*random-4.*random-5/s,
  );
  await expect(solve(economy.onGrid({ nodes: 7 }), { resume })).rejects.toThrow(
    /nodes.*found 3, expected 7/s,
  );
  await expect(solve(economy, { resume, solver: "additive", step: 0.01, tolerance: 1e-4 })).rejects.toThrow(
    /solver.*step.*tolerance/s,
  );
});

describe("the file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "walras-checkpoint-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("gives back what was written; a file cut anywhere or changed is refused; no file is null", async () => {
    const { checkpoints } = await withCheckpoints(defineEconomy(randomSpec(4)), {});
    const path = join(folder, "state");
    expect(await readCheckpoint(path)).toBe(null);
    writeCheckpoint(path, checkpoints[2]);
    expect(await readCheckpoint(path)).toEqual(checkpoints[2]);
    const whole = await readFile(path);
    for (const length of [0, 5, 19, 40, 85, 86, whole.length >> 1, whole.length - 1]) {
      await writeFile(path, whole);
      await truncate(path, length);
      await expect(readCheckpoint(path)).rejects.toThrow(/whole walras-checkpoint/);
    }
    const changed = Buffer.from(whole);
    changed[whole.length - 9] ^= 1;
    await writeFile(path, changed);
    await expect(readCheckpoint(path)).rejects.toThrow(/damaged/);
  });
});
