import { writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isCompiled } from "../../../scripts/kernels.mjs";
import { GAP } from "../../../src/backends/wasm/arena.js";
import { BatchDraft, WasmBatch } from "../../../src/backends/wasm/batch.js";
import { BatchRoom } from "../../../src/backends/wasm/batch-room.js";
import { instantiate, MOST_THREADS, moduleFor, RESERVED, STACK } from "../../../src/backends/wasm/kernels.js";
import { WasmMarket } from "../../../src/backends/wasm/market.js";
import type { Precision } from "../../../src/core/reals.js";
import { defineEconomy, type EconomyDefinition } from "../../../src/economy/build.js";
import { layOut } from "../../../src/market/layout.js";
import { FAMILIES } from "../../support/economies.js";
import { requireOrSkip } from "../../support/require.js";
import { complaint, findCompiler, NativeBuilds, prototypes } from "./compiler.js";
import { inside, Recorder, recordedOf } from "./recorder.js";
import { observe, play, playBatch, type Scenario, scenarios, specOf } from "./scenario.js";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const EVERYTHING: Scenario = {
  seed: 1,
  agents: FAMILIES.length,
  metrics: 2,
  nodes: 33,
  rule: "midpoint",
  orchestrators: 3,
  families: FAMILIES,
  floors: true,
  shared: true,
  elasticity: null,
  pause: false,
  frozen: 0.1,
  width: 1,
};

/** Nobody produces, and two want the same goods. */
function exchange(): EconomyDefinition {
  const nodes = {
    u: { elasticity: 0.5, inputs: { food: 0.2, drinks: 0.8 } },
    drinks: { elasticity: 3, inputs: { tea: 0.5, coffee: 0.3, water: 0.2 } },
  };
  return {
    time: { horizon: 3, nodes: 7 },
    commodities: { food: {}, tea: {}, coffee: {}, water: {} },
    orchestrators: {
      here: { endowment: { food: 2, tea: 1 }, preferences: { root: "u", nodes } },
      there: {
        endowment: { coffee: 1, water: [1, 2, 3, 4, 3, 2, 1] },
        preferences: { root: "drinks", nodes },
      },
    },
  };
}

const compiler = findCompiler();
describe("the kernels under AddressSanitizer and UndefinedBehaviorSanitizer, bit for bit as WebAssembly", () => {
  if (!requireOrSkip("C compiler with sanitizers", compiler !== null)) return;
  const builds = new NativeBuilds(compiler as string);
  afterAll(() => builds.remove());
  let driver = "";
  beforeAll(() => {
    driver = builds.compile("driver.c");
  });
  const kernels = prototypes();
  const called = new Set<string>();

  const record = (
    spec: EconomyDefinition,
    ask: (market: WasmMarket) => void,
    precision: Precision = "float64",
  ): Recorder => {
    const market = new WasmMarket(defineEconomy(spec), { threads: 1, deterministic: true, precision });
    const recorder = new Recorder(recordedOf(market), kernels);
    ask(market);
    for (const name of recorder.called) called.add(name);
    market.dispose();
    return recorder;
  };
  const complaintAbout = (records: Buffer, by = driver): string | null => {
    const file = join(builds.folder, "records");
    writeFileSync(file, records);
    return complaint(by, [file]);
  };
  const check = (scenario: Scenario): void => {
    checkRecords(record(specOf(scenario), (market) => play(market, scenario)));
  };
  const checkRecords = (recorder: Recorder): void => {
    expect(recorder.gapsAreClean).toBe(true);
    expect(recorder.named(complaintAbout(recorder.file()))).toBeNull();
  };

  test("the compiled kernels are those of the sources", () => {
    expect(isCompiled(ROOT)).toBe(true);
  });

  test.each([1, 2, 3, 5, 33, 257])("all families at %i nodes", (nodes) => {
    check({ ...EVERYTHING, nodes });
    check({ ...EVERYTHING, nodes, frozen: 0.5, width: 800, elasticity: 0.99, pause: true });
  });

  test("many blocks of rows and tiles of instants", () => {
    const scenario = { ...EVERYTHING, agents: 14, metrics: 5, nodes: 257, orchestrators: 4 };
    const market = new WasmMarket(defineEconomy(specOf(scenario)), { threads: 1 });
    const { blocks } = (market as unknown as { at: { blocks: Record<string, Int32Array> } }).at;
    for (const kind of ["rows", "entries", "tiles"]) expect(blocks[kind].length).toBeGreaterThan(2);
    market.dispose();
    checkRecords(record(specOf(scenario), (wide) => observe(wide, wide.enter(wide.create(1)))));
  });

  test("in float32", () => {
    const single = builds.compile("driver.c", ["-DWALRAS_FLOAT32"]);
    for (const scenario of [EVERYTHING, { ...EVERYTHING, nodes: 5, frozen: 0, width: 4 }]) {
      const recorder = record(specOf(scenario), (market) => play(market, scenario), "float32");
      expect(recorder.gapsAreClean).toBe(true);
      expect(recorder.named(complaintAbout(recorder.file(), single))).toBeNull();
    }
  });

  test("nests of what is nobody's alone", () => {
    checkRecords(record(exchange(), (market) => play(market, EVERYTHING)));
  });

  test("batches of economies", () => {
    for (const nodes of [1, 5, 33]) {
      const families = ["point", "ellipsoid", "modes", "sum", "hull"] as const;
      const scenario: Scenario = { ...EVERYTHING, families, agents: 5, nodes, width: nodes === 5 ? 300 : 2 };
      const economies = [1, 2, 3].map((seed) =>
        defineEconomy(
          specOf({
            ...scenario,
            seed,
            orchestrators: 1 + (seed % 2),
            elasticity: seed === 3 ? 0.999999 : null,
          }),
        ),
      );
      const draft = new BatchDraft(economies.map(layOut));
      const room = new BatchRoom(draft.bytes(1), economies.length, { deterministic: true });
      const batch = new WasmBatch(draft, room);
      const { memory, threads } = room;
      const recorder = new Recorder(
        { memory, threads, regions: batch.part.regions, names: new Map() },
        kernels,
      );
      playBatch(batch, scenario);
      for (const name of recorder.called) called.add(name);
      checkRecords(recorder);
      room.dispose();
    }
  });

  test("random economies", () => {
    fc.assert(fc.property(scenarios, check), { numRuns: 50 });
  });

  test("every kernel was among them", () => {
    const market = new WasmMarket(defineEconomy(specOf(EVERYTHING)), { threads: 1 });
    const exported = Object.keys(market.threads.kernels).filter((name) => !name.startsWith("__"));
    expect(kernels.map(({ name }) => name).sort()).toEqual(exported.sort());
    expect([...called].sort()).toEqual(exported);
  });

  test("an access beyond an array is noticed", () => {
    const { price, demand, active } = arraysOf(EVERYTHING);
    const recorder = record(specOf(EVERYTHING), (market) => play(market, EVERYTHING));
    for (const [array, bytes] of [
      [price, 8],
      [demand, 8],
      [active, 1],
    ] as const) {
      const shorter = recorder.regions.map(({ offset, length }) =>
        offset === array.byteOffset ? { offset, length: length - bytes } : { offset, length },
      );
      expect(complaintAbout(recorder.file(shorter))).toContain("use-after-poison");
    }
  });

  test("another bit is noticed", () => {
    const recorder = record(specOf(EVERYTHING), (market) => {
      market.prices(market.create());
    });
    const file = recorder.file();
    file[file.length - 8] ^= 1;
    expect(complaintAbout(recorder.file())).toBeNull();
    expect(complaintAbout(file)).toMatch(/array \d+, byte \d+ of \d+: .*\n?.*in kernel price_rows/);
  });
});

test("arrays lie apart in the arena, and vectors are aligned", () => {
  const { plan, threads } = inside(new WasmMarket(defineEconomy(specOf(EVERYTHING)), { threads: 1 }));
  const { regions, memory } = plan.arena;
  let end = RESERVED - GAP;
  for (const { offset, length } of regions) {
    expect(offset).toBeGreaterThanOrEqual(end + GAP);
    expect(offset % 16).toBe(0);
    end = offset + length;
  }
  expect(end + GAP).toBeLessThanOrEqual(memory.buffer.byteLength);
  threads.dispose();
});

test("the kernels' tables end where the stacks of threads begin", () => {
  const memory = new WebAssembly.Memory({ initial: RESERVED / STACK, maximum: 65_536 });
  instantiate(moduleFor({ relaxed: false, precision: "float64" }, false), memory, 0);
  const used = new Uint8Array(memory.buffer).reduce((last, byte, i) => (byte === 0 ? last : i), 0);
  expect(used).toBeGreaterThan(0);
  expect(used).toBeLessThan(RESERVED - STACK * (MOST_THREADS + 1));
});

function arraysOf(scenario: Scenario) {
  return inside(new WasmMarket(defineEconomy(specOf(scenario)), { threads: 1 })).plan.arrays;
}
