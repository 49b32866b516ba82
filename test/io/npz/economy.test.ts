import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadEconomy } from "../../../src/index.js";
import { archiveBytes, type NpyArray, readArchive } from "../../../src/io/npz/archive.js";
import { parseArchive } from "../../../src/io/read-economy.js";
import { folder } from "../../cli/harness.js";
import { floats, npz, npzEconomy, problemsOf, ref } from "../../support/npz.js";
import { type ZipPart, zipOf } from "../../support/zip.js";

const NODES = 4;

/** One agent whose center is an array. */
function economy(center: unknown = ref("center")) {
  return {
    format: "walras/1",
    name: "one",
    time: { horizon: 2, nodes: NODES },
    agents: { a: { production: { set: "ellipsoid", center: { quality: center } } } },
    orchestrators: { main: { preferences: { root: "u", nodes: { u: { inputs: { "a/quality": 1 } } } } } },
  };
}

const JSON_TEXT = JSON.stringify(economy());
const bytes = new TextEncoder().encode(JSON_TEXT);
const center = floats([NODES], (k) => 1 + k);

function supplyOf(archive: Uint8Array): Float64Array {
  const { set } = parseArchive(archive).agents[0];
  const supply = new Float64Array(NODES);
  set.supply(new Float64Array(NODES).fill(1), supply);
  return supply;
}

describe("economy.json", () => {
  const utf32 = (text: string): NpyArray => ({ data: [text], shape: [] });
  /** `np.savez` of Python's bytes: dtype S, no axis. */
  const fixedBytes = (): Uint8Array => {
    const header = `{'descr': '|S${bytes.length}', 'fortran_order': False, 'shape': (), }`.padEnd(117);
    return Buffer.concat([Buffer.from(`\x93NUMPY\x01\0\x76\0${header}\n`, "latin1"), bytes]);
  };

  test.each<[string, [string, Uint8Array | NpyArray]]>([
    ["a member as it is", ["economy.json", bytes]],
    ["a list of uint8", ["economy.json", { data: bytes, shape: [bytes.length] }]],
    ["Python's bytes", ["economy.json.npy", fixedBytes()]],
    ["Python's str", ["economy.json", utf32(JSON_TEXT)]],
  ])("as %s", (_, member) => {
    const archive = archiveBytes(new Map<string, Uint8Array | NpyArray>([member, ["center", center]]));
    expect(supplyOf(archive)).toEqual(center.data);
  });

  test("refused: none, with a near match; two; one that is no text; one that is far too long", () => {
    const refused = (members: [string, Uint8Array | NpyArray][]) =>
      problemsOf(() => parseArchive(archiveBytes(new Map(members))))[0];
    expect(refused([["ecconomy.json", bytes]])).toMatchObject({
      found: "an archive of 1 members without it",
      expected: 'the member "economy.json"',
      suggestion: "ecconomy.json",
    });
    expect(refused([["center", center]]).found).toContain("without it");
    const twice = refused([
      ["economy.json", bytes],
      ["economy.json", bytes],
      ["economy.json.npy", bytes],
    ]);
    expect(twice.found).toContain("a second time");
    expect(refused([["economy.json", floats([3], () => 0)]])).toMatchObject({
      path: "economy.json.npy",
      found: "an array of float64 of shape (3,)",
    });
    const blanks = zipOf([
      { name: "economy.json", data: Buffer.alloc(2 ** 26 + 1, " "), deflated: true, crc: 1 },
    ]);
    expect(problemsOf(() => parseArchive(blanks))[0].found).toBe("67108865 bytes");
  });

  test("is JSON with comments, and refused with line and column", () => {
    const commented = new TextEncoder().encode(`// an economy\n${JSON_TEXT}`);
    expect(
      supplyOf(
        archiveBytes(
          new Map<string, Uint8Array | NpyArray>([
            ["economy.json", commented],
            ["center", center],
          ]),
        ),
      ),
    ).toEqual(center.data);
    const broken = new TextEncoder().encode("{\n  oops");
    expect(problemsOf(() => parseArchive(archiveBytes(new Map([["economy.json", broken]]))))[0].path).toBe(
      "line 2, column 3",
    );
  });
});

describe("arrays", () => {
  test.each<[string, NpyArray["data"]]>([
    ["float32", Float32Array.of(1, 2, 3, 4)],
    ["int32", Int32Array.of(1, 2, 3, 4)],
    ["uint8", Uint8Array.of(1, 2, 3, 4)],
    ["int64", BigInt64Array.of(1n, 2n, 3n, 4n)],
  ])("of %s", (_, data) => {
    expect([...supplyOf(npz(economy(), { center: { data, shape: [NODES] } }))]).toEqual([1, 2, 3, 4]);
  });

  test("whose last axis is 1 are constants, also one without any axis but that", () => {
    expect([...supplyOf(npz(economy(ref("center", 1)), { center: floats([2, 1], (k) => 5 + k) }))]).toEqual(
      new Array(NODES).fill(6),
    );
  });

  test("keep their own nodes when the economy is put on others", () => {
    const built = npzEconomy(economy(), { center });
    const supply = new Float64Array(8);
    built.onGrid({ nodes: 8 }).agents[0].set.supply(new Float64Array(8).fill(1), supply);
    expect([...supply]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });

  test("refused: one that nothing refers to, with a near match, and a member that is no array", () => {
    expect(problemsOf(() => npzEconomy(economy(), { center, centre: center }))[0]).toMatchObject({
      path: "centre.npy",
      found: "an array that the economy does not use",
      suggestion: "center",
    });
    const stray = archiveBytes(
      new Map([
        ["economy.json", bytes],
        ["notes.txt", bytes],
      ]),
    );
    expect(problemsOf(() => parseArchive(stray))[0]).toMatchObject({
      path: "notes.txt",
      found: "a member that is no array",
    });
  });
});

describe("an archive that unpacks to more than the economy it declares is refused, before it is unpacked", () => {
  /** The array's bytes are damaged: reading any of them would say so. */
  const archive = (shape: readonly number[], at: readonly number[]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const packed = readArchive(
      npz(economy(ref("big", ...at)), { big: { data: new Uint8Array(size), shape } }),
    );
    const parts: ZipPart[] = Array.from(packed.entries.values(), ({ name, packed: data }) => ({
      name,
      data,
      deflated: true,
      ...(name === "big.npy" ? { crc: 1 } : {}),
    }));
    return problemsOf(() => parseArchive(zipOf(parts)))[0];
  };

  test("an array of which a thousandth is used", () => {
    expect(archive([1000, 1000, NODES], [0, 0])).toMatchObject({
      path: "big.npy",
      found: "4000000 values, of which the economy refers to 4",
      expected: "an archive that holds what the economy declares",
    });
  });

  test("while one of which a few indexes are unused is read", () => {
    expect(archive([100, NODES], [7])).toMatchObject({
      path: "big.npy",
      found: "bytes that do not match their checksum",
    });
  });

  test("many arrays, each of which would pass", () => {
    const names = Array.from({ length: 20 }, (_, k) => `big${k}`);
    const many = {
      ...economy(1),
      agents: Object.fromEntries(
        names.map((name) => [name, { production: { set: "ellipsoid", center: { quality: ref(name, 0) } } }]),
      ),
    };
    const arrays = Object.fromEntries(names.map((name) => [name, floats([2500, NODES], () => 1)]));
    expect(problemsOf(() => npzEconomy(many, arrays))[0].expected).toContain("what the economy declares");
  });

  test("nodes and agents beyond any memory, whatever the arrays", () => {
    const large = { ...economy(1), time: { horizon: 1, nodes: 2 ** 29 } };
    expect(problemsOf(() => npzEconomy(large, {}))[0].path).toBe("time.nodes");
    const crowd = { count: 2 ** 40, production: { set: "ellipsoid", center: { quality: 1 } } };
    expect(problemsOf(() => npzEconomy({ ...economy(1), populations: { crowd } }, {}))[0].path).toBe(
      "populations.crowd.count",
    );
  });
});

test("loadEconomy reads an archive by its content, and hashes the file's bytes", async () => {
  for (const name of ["one.npz", "disguised.json", "no-extension"]) {
    const path = join(folder(), name);
    const archive = npz(economy(), { center });
    writeFileSync(path, archive);
    const loaded = await loadEconomy(path);
    expect(loaded.name).toBe("one");
    expect(loaded.sha256).toBe(createHash("sha256").update(archive).digest("hex"));
  }
});

test("2000 agents of 8 metrics on 128 nodes are read in seconds, in little more than their own memory", () => {
  const [agents, metrics, nodes] = [2000, 8, 128];
  const names = Array.from({ length: metrics }, (_, r) => `m${r}`);
  const bundle = (array: string) => Object.fromEntries(names.map((name, r) => [name, ref(array, r)]));
  const file = {
    format: "walras/1",
    time: { horizon: 24, nodes },
    populations: {
      worker: {
        count: agents,
        production: { set: "ellipsoid", center: bundle("center"), radius: bundle("radius") },
      },
    },
    orchestrators: {
      main: {
        preferences: {
          dag: {
            entry: { agents: ref("entry"), weights: ref("weights") },
            edges: { from: ref("none"), to: ref("none"), weight: ref("nothing") },
            steps: { worker: { metrics: Object.fromEntries(names.map((name) => [name, 1])) } },
          },
        },
      },
    },
  };
  const archive = npz(file, {
    center: floats([agents, metrics, nodes], (k) => 1 + (k % 7)),
    radius: floats([agents, metrics, nodes], (k) => 0.1 + (k % 5) / 10),
    entry: { data: Int32Array.from({ length: agents }, (_, k) => k), shape: [agents] },
    weights: floats([agents], () => 1),
    none: { data: new Int32Array(0), shape: [0] },
    nothing: floats([0], () => 0),
  });
  const [began, before] = [performance.now(), process.memoryUsage()];
  const built = parseArchive(archive);
  expect((performance.now() - began) / 1000).toBeLessThan(10);
  expect(built.commodities).toHaveLength(agents * metrics);
  // Arrays are 33 MB; sets have a copy each, and what is known of their bounds.
  expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(300e6);
});
