import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { defineEconomy, solve, toResult } from "../../src/index.js";
import { jsonPieces } from "../../src/io/json-pieces.js";
import { readResult } from "../../src/io/read-result.js";
import { readStart } from "../../src/io/read-start.js";
import { checkWritable, writeJson, writeJsonAtomically } from "../../src/io/write-json.js";
import { exchange } from "../cli/harness.js";

let here: string;
beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), "walras-io-"));
});
afterEach(() => rm(here, { recursive: true, force: true }));

const economy = defineEconomy({ ...exchange, time: { horizon: 2, nodes: 3 } });

describe("jsonPieces", () => {
  test.each([
    null,
    0,
    -1.5e-300,
    'a\n"b"',
    [],
    {},
    [1, 2, 3],
    [null, "x", true],
    [[1, 2], [], [3]],
    { a: [1, 2], b: { c: {}, d: [{ e: 1 }, { e: 2 }] } },
    Object.fromEntries([
      ["__proto__", 1],
      ["constructor", { toString: [] }],
    ]),
    { long: Array.from({ length: 25_001 }, (_, i) => i / 3) },
  ])("is JSON of %j", (value) => {
    expect(JSON.parse([...jsonPieces(value)].join(""))).toEqual(value);
  });

  test("objects are indented, rows of numbers are not; undefined is left out, NaN is null", () => {
    const value = { a: { b: [1, 2] }, c: undefined, d: [Number.NaN, 1], e: Number.POSITIVE_INFINITY };
    const expected = '{\n  "a": {\n    "b": [1,2]\n  },\n  "d": [null,1],\n  "e": null\n}';
    expect([...jsonPieces(value)].join("")).toBe(expected);
  });

  test("no piece is long", () => {
    const value = { rows: Array.from({ length: 3 }, () => new Array(100_000).fill(1.23456789)) };
    for (const piece of jsonPieces(value)) expect(piece.length).toBeLessThan(200_000);
  });
});

describe("writeJsonAtomically", () => {
  test("writes, replaces, keeps the mode, and leaves nothing else", async () => {
    const path = join(here, "r.json");
    await writeJsonAtomically(path, { a: 1 });
    chmodSync(path, 0o640);
    await writeJsonAtomically(path, { a: 2 });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ a: 2 });
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(here)).toEqual(["r.json"]);
  });

  test("what cannot be written as JSON leaves the old file", async () => {
    const path = join(here, "r.json");
    await writeJsonAtomically(path, { a: 1 });
    await expect(writeJsonAtomically(path, { a: 1, b: 10n })).rejects.toThrow(TypeError);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ a: 1 });
    expect(readdirSync(here)).toEqual(["r.json"]);
  });

  test("follows links, and writes to devices as they are", async () => {
    mkdirSync(join(here, "deep"));
    symlinkSync(join(here, "deep", "r.json"), join(here, "link.json"));
    writeFileSync(join(here, "deep", "r.json"), "");
    await writeJsonAtomically(join(here, "link.json"), [1]);
    expect(readFileSync(join(here, "deep", "r.json"), "utf8")).toBe("[1]\n");
    await writeJsonAtomically("/dev/null", [1]);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});

test("checkWritable refuses folders, missing folders and files in place of folders", async () => {
  writeFileSync(join(here, "plain"), "");
  await checkWritable(join(here, "new.json"));
  await checkWritable(join(here, "plain"));
  await checkWritable("/dev/null");
  for (const path of ["", here, join(here, "no", "r.json"), join(here, "plain", "r.json")]) {
    await expect(checkWritable(path)).rejects.toThrow(InputError);
  }
});

test("writeJson waits for its reader, and gives up on one that has gone", async () => {
  const slow = new PassThrough({ highWaterMark: 16 });
  const value = {
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    names: ["a", "b"],
  };
  const written = writeJson(slow, value).then(() => slow.end());
  expect(JSON.parse(await text(slow))).toEqual(value);
  await written;
  const gone = new PassThrough({ highWaterMark: 16 });
  setTimeout(() => gone.destroy(), 10);
  await writeJson(gone, value);
});

describe("readResult", () => {
  test("reads what was written", async () => {
    const result = toResult(await solve(economy));
    const path = join(here, "r.json");
    await writeJsonAtomically(path, result);
    expect(await readResult(path)).toEqual(result);
  });

  const valid = solve(economy).then((solution) => toResult(solution));
  const edits: [name: string, edit: (result: Record<string, never>) => unknown, ...expected: string[]][] = [
    [
      "another format",
      (r) => ({ ...r, format: "walras/1" }),
      'format: found "walras/1"',
      '"walras-result/1"',
    ],
    ["no status", ({ status, ...r }) => r, "status: found nothing", '"solved"'],
    ["an unknown status", (r) => ({ ...r, status: "sloved" }), 'did you mean "solved"?'],
    [
      "a negative price",
      (r) => ({ ...r, prices: { bread: [1, -1, 1], wine: [1, 1, 1] } }),
      "prices.bread[1]: found -1",
      "≥ 0",
    ],
    [
      "a price in words",
      (r) => ({ ...r, prices: { bread: "dear", wine: [1, 1, 1] } }),
      'prices.bread: found "dear"',
    ],
    [
      "an unknown price",
      (r) => ({ ...r, prices: { bread: [1, null, 1], wine: [1, 1, 1] } }),
      "prices.bread[1]: found null",
    ],
    [
      "a short row",
      (r) => ({ ...r, prices: { bread: [1, 1], wine: [1, 1, 1] } }),
      "prices.bread: found 2 values",
      "3 nodes",
    ],
    [
      "a number for a row",
      (r) => ({ ...r, prices: { bread: 1, wine: [1, 1, 1] } }),
      "prices.bread: found 1",
      "3 nodes",
    ],
    ["prices as a list", (r) => ({ ...r, prices: [1, 2] }), "prices: found an array of 2", "an object"],
    [
      "half a node",
      (r) => ({ ...r, time: { ...(r.time as object), nodes: 2.5 } }),
      "time.nodes: found 2.5",
      "≥ 1",
    ],
    [
      "weights below 0",
      (r) => ({ ...r, time: { ...(r.time as object), weights: [1, -1, 2] } }),
      "time.weights[1]",
    ],
    ["no certificate", (r) => ({ ...r, certificate: null }), "certificate: found null"],
    ["two problems", (r) => ({ ...r, steps: -1, seconds: "1" }), "steps: found -1", 'seconds: found "1"'],
  ];
  test.each(edits)("%s is refused with its path", async (_, edit, ...expected) => {
    const path = join(here, "r.json");
    writeFileSync(path, JSON.stringify(edit(JSON.parse(JSON.stringify(await valid)))));
    const error = await readResult(path).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(InputError);
    for (const part of expected) expect(String(error)).toContain(part);
  });

  test("more keys are no problem", async () => {
    const path = join(here, "r.json");
    writeFileSync(path, JSON.stringify({ ...(await valid), index_sum: 1 }));
    expect(await readResult(path)).toMatchObject({ index_sum: 1 });
  });

  test("what is no whole NPZ archive", async () => {
    writeFileSync(join(here, "r.npz"), "");
    await expect(readResult(join(here, "r.npz"))).rejects.toThrow(/damaged archive/u);
  });
});

describe("readStart", () => {
  const start = async (content: unknown) => {
    const path = join(here, "s.json");
    writeFileSync(path, JSON.stringify(content));
    return readStart(path, economy);
  };

  test("constants and rows on the economy's own grid, in part; 0 is free", async () => {
    const { grid, prices } = await start({ prices: { bread: 2 } });
    expect(grid).toBeNull();
    expect(prices).toEqual(new Map([["bread", Float64Array.of(2, 2, 2)]]));
    expect((await start({ prices: { wine: [0, 1, 2] } })).prices.get("wine")).toEqual(
      Float64Array.of(0, 1, 2),
    );
  });

  test("a result brings its grid", async () => {
    const result = toResult(await solve(economy.onGrid({ nodes: 5 })));
    const { grid, prices } = await start(result);
    expect(grid).toMatchObject({ nodes: 5, horizon: 2, rule: "midpoint" });
    expect(Array.from(prices.get("bread") ?? [])).toEqual(result.prices.bread);
  });

  test("a result over another horizon is refused", async () => {
    const other = toResult(await solve(defineEconomy({ ...exchange, time: { horizon: 3, nodes: 3 } })));
    await expect(start(other)).rejects.toThrow("time.horizon: found 3, expected the economy's horizon, 2");
  });
});
