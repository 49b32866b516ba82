import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  certify,
  defineEconomy,
  InputError,
  loadResult,
  type ResultFile,
  saveResult,
  solve,
  toResult,
} from "../../../src/index.js";
import { archiveBytes, type NpyArray, readArchive } from "../../../src/io/npz/archive.js";
import { readResultArchive, resultMembers } from "../../../src/io/npz/result-archive.js";
import { readResult } from "../../../src/io/read-result.js";
import { readStart } from "../../../src/io/read-start.js";
import { writeResult } from "../../../src/io/write-result.js";
import { arraysOf, ResultArrays } from "../../../src/solve/result-arrays.js";
import { exchange, folder } from "../../cli/harness.js";
import { problemsOf } from "../../support/npz.js";
import { zipOf } from "../../support/zip.js";

const economy = defineEconomy({
  name: "two steps",
  time: { horizon: 12, unit: "h", nodes: 3 },
  commodities: { gpu: {} },
  agents: {
    planner: { production: { set: "ellipsoid", center: { quality: 1, gpu: -1 }, radius: { quality: 0.3 } } },
    coder: {
      production: {
        set: "frontier",
        outputs: { quality: 1, speed: 1 },
        transformation: 1,
        inputs: { gpu: 1 },
      },
    },
  },
  orchestrators: {
    one: {
      shares: 0.5,
      endowment: { gpu: (t: number) => 6 + Math.sin(t) },
      preferences: {
        dag: {
          entry: { planner: 1 },
          steps: {
            planner: { metrics: { quality: 1 }, next: { coder: 1 } },
            coder: { metrics: { quality: 1, speed: 1 } },
          },
        },
      },
    },
    two: {
      shares: 0.5,
      endowment: { gpu: 2 },
      preferences: { root: "u", nodes: { u: { inputs: { "coder/speed": 1, "planner/quality": 2 } } } },
    },
  },
});

type Members = Map<string, Uint8Array | NpyArray>;

let result: ResultFile;
let bytes: Uint8Array;
beforeAll(async () => {
  result = toResult(await solve(economy));
  bytes = archiveBytes(resultMembers(arraysOf(result)));
});

/** What the archive holds, to be changed and put together again. */
function membersOf(archive: Uint8Array): Members {
  const read = readArchive(archive);
  return new Map(
    Array.from(read.entries.keys(), (name): [string, Uint8Array | NpyArray] => {
      if (name === "result.json") return [name, Uint8Array.from(read.bytes(name, 1e6))];
      const { type, shape } = read.header(name);
      const data = type.startsWith("U") ? read.texts(name, 1e6) : Float64Array.from(read.numbers(name));
      return [name.replace(/\.npy$/u, ""), { data, shape }];
    }),
  );
}

function changed(change: (members: Members) => void): Uint8Array {
  const members = membersOf(bytes);
  change(members);
  return archiveBytes(members);
}

const array = (members: Members, name: string) => members.get(name) as NpyArray & { data: Float64Array };

const put = (members: Members, name: string, k: number, value: number) => {
  array(members, name).data[k] = value;
};

describe("a result as an archive", () => {
  test("has the members, shapes and names that formats.md gives", () => {
    const archive = readArchive(bytes);
    const shapes = Array.from(archive.entries.keys(), (name) =>
      name.endsWith(".npy") ? [name, archive.header(name).shape] : [name],
    );
    expect(shapes).toEqual([
      ["result.json"],
      ["t.npy", [3]],
      ["weights.npy", [3]],
      ["prices.npy", [4, 3]],
      ["commodities.npy", [4]],
      ["supply.npy", [5, 3]],
      ["supply_agent.npy", [5]],
      ["supply_commodity.npy", [5]],
      ["demand.npy", [5, 3]],
      ["demand_orchestrator.npy", [5]],
      ["demand_commodity.npy", [5]],
      ["routing.npy", [2, 3]],
      ["routing_orchestrator.npy", [2]],
      ["routing_from.npy", [2]],
      ["routing_to.npy", [2]],
    ]);
    const texts = (name: string) => archive.texts(`${name}.npy`, 1e6);
    expect(texts("commodities")).toEqual(["gpu", "planner/quality", "coder/quality", "coder/speed"]);
    expect(texts("supply_agent")).toEqual(["planner", "planner", "coder", "coder", "coder"]);
    expect(texts("supply_commodity")).toEqual([
      "planner/quality",
      "gpu",
      "coder/quality",
      "coder/speed",
      "gpu",
    ]);
    expect(texts("demand_orchestrator")).toEqual(["one", "one", "one", "two", "two"]);
    expect([texts("routing_from"), texts("routing_to")]).toEqual([
      ["entry", "planner"],
      ["planner", "coder"],
    ]);
  });

  test("result.json is the result without what the arrays hold", () => {
    const head = JSON.parse(new TextDecoder().decode(readArchive(bytes).bytes("result.json", 1e6)));
    const { prices, agents, orchestrators, time, ...rest } = JSON.parse(JSON.stringify(result));
    const { t, weights, ...grid } = time;
    const { planner, coder } = agents;
    const { one, two } = orchestrators;
    expect(head).toEqual({
      ...rest,
      time: grid,
      agents: { planner: { profit: planner.profit }, coder: { profit: coder.profit } },
      orchestrators: {
        one: { income: one.income, utility: one.utility },
        two: { income: two.income, utility: two.utility },
      },
    });
    expect([prices.gpu.length, t.length, weights.length]).toEqual([3, 3, 3]);
  });

  test("comes back as it was written, and is certified like the JSON", async () => {
    const path = join(folder(), "r.npz");
    await saveResult(path, result);
    const read = await loadResult(path, economy);
    expect(read).toBeInstanceOf(ResultArrays);
    expect(read).toEqual(arraysOf(result));
    expect(await certify(economy, read)).toEqual(await certify(economy, result));
    expect((await certify(economy, read)).certified).toBe(true);
  });

  test("static, with free goods and nothing routed", async () => {
    const small = defineEconomy({ ...exchange });
    const solved = toResult(await solve(small));
    const path = join(folder(), "r.npz");
    await writeResult(path, solved);
    expect(readArchive(readFileSync(path)).header("routing.npy").shape).toEqual([0, 1]);
    expect((await certify(small, await readResult(path))).certified).toBe(true);
  });

  test("unknown numbers are NaN in arrays, and null once read into words", () => {
    const unknown = {
      ...result,
      agents: { ...result.agents, planner: { profit: null, supply: { quality: [null, 1, 2] } } },
    };
    const { supply, head } = arraysOf(unknown);
    expect([...supply.values.subarray(0, 3)]).toEqual([Number.NaN, 1, 2]);
    expect(head.agents.planner.profit).toBeNull();
  });
});

describe("certify", () => {
  test("a slight edit of any number of any array is caught", async () => {
    const missed: string[] = [];
    let edits = 0;
    for (const [name, member] of membersOf(bytes)) {
      if (member instanceof Uint8Array || !(member.data instanceof Float64Array)) continue;
      for (let k = 0; k < member.data.length; k++) {
        edits++;
        const edited = changed((members) => {
          array(members, name).data[k] *= 1 + 1e-6;
        });
        const report = await certify(economy, readResultArchive(edited));
        if (report.certified) missed.push(`${name}[${k}]`);
      }
    }
    expect(missed).toEqual([]);
    expect(edits).toBe(3 + 3 + 12 + 15 + 15 + 6);
  });

  test("an edit is named as it would be in JSON", async () => {
    const edited = changed((members) => {
      array(members, "supply").data[7] *= 2;
    });
    const [failure, ...others] = (await certify(economy, readResultArchive(edited))).failures;
    expect(failure).toMatchObject({
      item: "supply",
      where: expect.stringContaining("agents.coder.supply.quality[1] is "),
    });
    expect(others).toEqual([]);
  });

  test("rows in another order are the same result; rows left out, renamed or added are not", async () => {
    const rows =
      (name: string, columns: readonly string[], order: readonly number[]) => (members: Members) => {
        const { data } = array(members, name);
        members.set(name, {
          data: Float64Array.from(order.flatMap((r) => [...data.subarray(3 * r, 3 * r + 3)])),
          shape: [order.length, 3],
        });
        for (const column of columns) {
          const labels = (members.get(column) as NpyArray).data as readonly string[];
          members.set(column, { data: order.map((r) => labels[r]), shape: [order.length] });
        }
      };
    const supply = ["supply_agent", "supply_commodity"];
    const failures = async (change: (members: Members) => void) =>
      (await certify(economy, readResultArchive(changed(change)))).failures.map(({ item, where }) => [
        item,
        where,
      ]);
    expect(await failures(rows("supply", supply, [4, 2, 0, 1, 3]))).toEqual([]);
    expect(await failures(rows("prices", ["commodities"], [3, 1, 0, 2]))).toEqual([]);
    // All of an agent's rows, who is still there in result.json.
    expect(await failures(rows("supply", supply, [2, 3, 4]))).toEqual([
      ["supply", "agents.planner.supply.quality"],
      ["supply", "agents.planner.supply.gpu"],
    ]);
    const renamed = (members: Members) => {
      const labels = [...((members.get("routing_to") as NpyArray).data as string[])];
      labels[1] = "codr";
      members.set("routing_to", { data: labels, shape: [2] });
    };
    expect(await failures(renamed)).toEqual([
      ["routing", "orchestrators.one.routing.planner.coder"],
      ["routing", "orchestrators.one.routing.planner.codr"],
    ]);
    const ghost = (members: Members) => {
      const labels = [...((members.get("supply_agent") as NpyArray).data as string[])];
      labels[0] = "ghost";
      members.set("supply_agent", { data: labels, shape: [5] });
    };
    expect(await failures(ghost)).toEqual([
      ["supply", "agents.planner.supply.quality"],
      ["supply", "agents.ghost.supply.planner/quality"],
    ]);
    await expect(failures(rows("prices", ["commodities"], [0, 1, 2]))).rejects.toThrow("prices");
  });
});

describe("refused, with the member's name:", () => {
  test.each<[string, (members: Members) => void, string, string]>([
    ["no result.json", (members) => members.delete("result.json"), "", "without it"],
    ["a matrix missing", (members) => members.delete("demand"), "demand.npy", "nothing"],
    ["names missing", (members) => members.delete("routing_to"), "routing_to.npy", "nothing"],
    [
      "a node too many",
      (members) => members.set("t", { data: new Float64Array(4), shape: [4] }),
      "t.npy",
      "(4,)",
    ],
    [
      "prices of other nodes",
      (members) => members.set("prices", { data: new Float64Array(8), shape: [4, 2] }),
      "prices.npy",
      "(4, 2)",
    ],
    [
      "a flat matrix",
      (members) => members.set("supply", { data: new Float64Array(15), shape: [15] }),
      "supply.npy",
      "(15,)",
    ],
    [
      "names too few",
      (members) => members.set("commodities", { data: ["gpu"], shape: [1] }),
      "commodities.npy",
      "(1,)",
    ],
    [
      "numbers as names",
      (members) => members.set("commodities", { data: new Float64Array(4), shape: [4] }),
      "commodities.npy",
      "f8",
    ],
    [
      "names as numbers",
      (members) => members.set("weights", { data: ["a", "b", "c"], shape: [3] }),
      "weights.npy",
      "U1",
    ],
    [
      "a row twice",
      (members) => members.set("commodities", { data: ["a", "b", "a", "c"], shape: [4] }),
      "prices.npy",
      '"a" in two rows',
    ],
    ["a negative price", (members) => put(members, "prices", 5, -1), "prices", "-1 (number 5)"],
    ["a price that is no number", (members) => put(members, "prices", 0, Number.NaN), "prices", "NaN"],
    ["an infinite time", (members) => put(members, "t", 1, Number.POSITIVE_INFINITY), "t", "Infinity"],
    ["a weight of 0", (members) => put(members, "weights", 2, 0), "weights", "0 (number 2)"],
  ])("%s", (_, change, path, found) => {
    const problems = problemsOf(() => readResultArchive(changed(change)));
    expect(problems.map((problem) => problem.path)).toContain(path);
    expect(problems.find((problem) => problem.path === path)?.found).toContain(found);
  });

  test("far more rows than the economy has, before they are unpacked", () => {
    const rows = 100_000;
    const members = membersOf(bytes);
    members.set("routing", { data: new Float64Array(3 * rows), shape: [rows, 3] });
    const archive = readArchive(archiveBytes(members));
    const bomb = zipOf(
      Array.from(archive.entries.values(), ({ name, packed }) => ({
        name,
        data: packed,
        deflated: true,
        ...(name === "routing.npy" ? { crc: 1 } : {}),
      })),
    );
    expect(problemsOf(() => readResultArchive(bomb, { economy }))).toEqual([
      { path: "routing.npy", found: "100000 rows of 3 nodes", expected: "at most 1004 rows" },
    ]);
  });

  test("a result cut anywhere, or with a byte changed, is refused or read, never more", () => {
    for (let k = 0; k < bytes.length; k += 7) {
      expect(problemsOf(() => readResultArchive(bytes.subarray(0, k))).length).toBeGreaterThan(0);
      const broken = Uint8Array.from(bytes);
      broken[k] ^= 0xff;
      problemsOf(() => readResultArchive(broken));
    }
  });
});

describe("--start", () => {
  test("takes an archive: prices on its own grid", async () => {
    const path = join(folder(), "r.npz");
    await writeResult(path, result);
    const { grid, prices } = await readStart(path, economy);
    expect(grid).toMatchObject({ nodes: 3, horizon: 12 });
    expect(Object.fromEntries(Array.from(prices, ([name, row]) => [name, [...row]]))).toEqual(result.prices);
    const again = await solve(economy, { start: { grid, prices } });
    expect([again.status, again.steps]).toEqual(["solved", 0]);
  });

  test("refuses one of another horizon, of other commodities, or of more Gauss nodes than can be found", async () => {
    const other = defineEconomy({ ...exchange });
    const path = join(folder(), "r.npz");
    await writeResult(path, result);
    await expect(readStart(path, other)).rejects.toThrow("horizon");
    const many = 20_000;
    const head = { ...JSON.parse(JSON.stringify(result)) };
    head.time = {
      ...head.time,
      nodes: many,
      rule: "gauss-legendre",
      t: new Array(many).fill(0),
      weights: new Array(many).fill(1),
    };
    head.prices = {};
    writeFileSync(join(folder(), "x.json"), "");
    const json = join(folder(), "r.json");
    for (const plan of Object.values(head.agents as ResultFile["agents"])) plan.supply = {};
    for (const plan of Object.values(head.orchestrators as ResultFile["orchestrators"]))
      [plan.demand, plan.routing] = [{}, {}];
    writeFileSync(json, JSON.stringify(head));
    await expect(readStart(json, economy)).rejects.toThrow("20000 gauss-legendre nodes");
  });

  test("a damaged archive is an InputError", async () => {
    const path = join(folder(), "r.npz");
    writeFileSync(path, bytes.subarray(0, 500));
    await expect(readStart(path, economy)).rejects.toThrow(InputError);
    await expect(readResult(path)).rejects.toThrow(InputError);
  });
});
