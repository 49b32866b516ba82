import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { hasRelaxed } from "../../src/backends/wasm/kernels.js";
import { defineEconomy, type Economy, InputError } from "../../src/index.js";
import { randomDag } from "../economy/random-dag.js";
import { hostileSpec } from "../support/hostile.js";
import { SUBJECTS, withEntitled } from "./backends.js";
import { CASES } from "./economies.js";
import { FALLING, fallTogether } from "./fall.js";
import { Pair, type Seen } from "./pair.js";
import { askEverything, WIDTHS } from "./walk.js";

const HOSTILE = 150;
/** Smoothings of 1e-6 and returns beside 1 divide rounding by as much. */
const HOSTILITY = 1000;

test("fused multiplications are had here, so both modules of wasm are compared", () => {
  expect(hasRelaxed()).toBe(true);
});

describe.each(SUBJECTS)("$name", (subject) => {
  const seen: Seen = new Map();
  const hostile = withEntitled(subject, HOSTILITY);
  const check = async (
    economy: Economy,
    ask: (pair: Pair) => Promise<unknown>,
    of = subject,
  ): Promise<void> => {
    const pair = new Pair(economy, of, seen);
    await ask(pair);
    expect(pair.complaints().join("\n")).toBe("");
    pair.dispose();
  };

  test.each(CASES)("$name: as the reference", async ({ spec, widths = WIDTHS }) => {
    await check(defineEconomy(spec()), async (pair) => {
      for (const [k, width] of widths.entries()) await askEverything(pair, width, k + 1);
    });
  });

  test.each(CASES)("$name: with frozen instants", async ({ spec }) => {
    await check(defineEconomy(spec()), (pair) => askEverything(pair, 1, 7, 0.3));
  });

  test.each(FALLING)("$name: the same goods fall and are freed", async ({ spec, surely }) => {
    await check(defineEconomy(spec()), async (pair) => {
      const happened = await fallTogether(pair, subject);
      for (const event of surely) expect(happened[event], event).toBeGreaterThan(0);
    });
  });

  test("DAGs of any shape", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomDag(),
        fc.constantFrom(0.1, 3, 40),
        fc.nat(),
        async ({ definition }, width, seed) => {
          await check(defineEconomy(definition), (pair) => askEverything(pair, width, seed));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("hostile economies", async () => {
    for (let seed = 0; seed < HOSTILE; seed++) {
      const economy = valid(seed);
      if (economy === null) continue;
      await check(economy, (pair) => askEverything(pair, 3, seed), hostile).catch(named(economy));
    }
  });

  test("every kernel ran", () => {
    if (subject.kernels === undefined) return;
    const { names, ran } = subject.kernels;
    expect(names().length).toBeGreaterThan(20);
    expect(names().filter((name) => ran.get(name) === 0)).toEqual([]);
  });

  afterAll(() => {
    const { WALRAS_FIGURES } = process.env;
    if (WALRAS_FIGURES === undefined) return;
    writeFileSync(
      `${WALRAS_FIGURES}-${subject.name}.json`,
      JSON.stringify(Object.fromEntries(seen), null, 1),
    );
  });
});

function valid(seed: number): Economy | null {
  try {
    return defineEconomy(hostileSpec(seed));
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function named({ name }: Economy) {
  return (cause: unknown): never => {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  };
}
