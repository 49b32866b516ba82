import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadEconomy } from "../../../src/index.js";
import { type NpyArray, writeArchive } from "../../../src/io/npz/archive.js";
import { file, folder, walras } from "../../cli/harness.js";
import { findNumpy, runPython } from "../../support/numpy.js";
import { requireOrSkip } from "../../support/require.js";

const numpy = findNumpy();
const docs = join(import.meta.dirname, "..", "..", "..", "docs");

/** Everything of an archive, as JSON, without pickle. */
const READ = `
import json, sys
import numpy as np
archive = np.load(sys.argv[1], allow_pickle=False)
def plain(value):
    if isinstance(value, bytes): return value.decode()
    return [str(value.dtype), list(value.shape), value.tolist()]
print(json.dumps({name: plain(archive[name]) for name in archive.files}))
`;

/** An economy of populations, in arrays of several dtypes, byte orders and axis orders. */
const WRITE = `
import json, sys
import numpy as np
path, how = sys.argv[1:]
agents, nodes = 6, 5
t = np.arange(nodes)
center = 1 + 0.2 * np.sin(np.add.outer(np.arange(agents), t))
both = np.stack([center, np.full((agents, nodes), -0.1)], axis=1)
economy = {
    "format": "walras/1", "name": "from numpy", "time": {"horizon": 10, "nodes": nodes},
    "commodities": {"gpu": {}},
    "agents": {"planner": {"production": {"set": "ellipsoid", "center": {"quality": {"array": "planner"}}}}},
    "populations": {"worker": {"count": agents, "production": {"set": "ellipsoid",
        "center": {"quality": {"array": "center", "at": [0]}, "gpu": {"array": "center", "at": [1]}},
        "radius": {"quality": {"array": "radius"}}}}},
    "orchestrators": {"main": {"endowment": {"gpu": {"array": "gpu"}}, "discount": {"array": "demand"},
        "preferences": {"dag": {
            "entry": {"agents": {"array": "entry"}, "weights": {"array": "entry_weights"}},
            "edges": {"from": {"array": "from"}, "to": {"array": "to"}, "weight": {"array": "weight"}},
            "steps": {"planner": {"metrics": {"quality": 1}},
                      "worker": {"metrics": {"quality": 1}, "chain_elasticity": {"array": "sigma"}}}}}}}}
text = json.dumps(economy)
members = {
    "economy.json": {"uint8": np.frombuffer(text.encode(), np.uint8), "bytes": np.array(text.encode()), "str": np.array(text)}[how.split()[1]],
    "planner": np.linspace(1, 2, nodes).astype(">f4"),
    "center": np.asfortranarray(both),
    "radius": np.full((agents, 1), 0.25, dtype=">f8"),
    "gpu": np.full(nodes, 3, dtype=np.uint8),
    "demand": (1 + t).astype(">i2"),
    "entry": np.array([0], dtype=np.int32), "entry_weights": np.ones(1),
    "from": np.array([0, 0, 0, 1, 2, 3], dtype=np.int64), "to": np.array([1, 2, 3, 4, 5, 6], dtype=">i4"),
    "weight": np.array([1, 2, 3, 4, 5, 6], dtype=np.float32),
    "sigma": np.linspace(0.5, 2, agents),
}
{"savez": np.savez, "savez_compressed": np.savez_compressed}[how.split()[0]](path, **members)
print(json.dumps({"center": center.tolist(), "planner": members["planner"].tolist()}))
`;

type Read = Record<string, [dtype: string, shape: number[], values: unknown]> & Record<string, unknown>;

describe("numpy", () => {
  if (!requireOrSkip("numpy", numpy !== null)) return;
  const python = numpy!;

  test("reads what we write", async () => {
    const path = join(folder(), "x.npz");
    await writeArchive(
      path,
      new Map<string, Uint8Array | NpyArray>([
        ["economy.json", new TextEncoder().encode('{ "größe": 1 }')],
        ["center", { data: Float64Array.of(1.5, -2, 3, 1e300, 5e-324, 0.1), shape: [3, 1, 2] }],
        ["from", { data: Int32Array.of(0, -7), shape: [2] }],
        ["single", { data: Float32Array.of(0.5), shape: [] }],
        ["names", { data: ["worker[0]", "größer 😀", ""], shape: [3] }],
        ["none", { data: [], shape: [0] }],
        ["empty", { data: new Float64Array(0), shape: [0, 4] }],
      ]),
    );
    expect(runPython(python, READ, path)).toEqual({
      "economy.json": '{ "größe": 1 }',
      center: ["float64", [3, 1, 2], [[[1.5, -2]], [[3, 1e300]], [[5e-324, 0.1]]]],
      from: ["int32", [2], [0, -7]],
      single: ["float32", [], 0.5],
      names: ["<U9", [3], ["worker[0]", "größer 😀", ""]],
      none: ["<U1", [0], []],
      empty: ["float64", [0, 4], []],
    });
  });

  test.each(["savez uint8", "savez bytes", "savez str", "savez_compressed uint8", "savez_compressed bytes"])(
    "np.%s: we read it, solve it and certify it, and numpy reads the result",
    async (how) => {
      const here = folder();
      const [economyPath, resultPath] = [join(here, "economy.npz"), join(here, "result.npz")];
      const written = runPython(python, WRITE, economyPath, how) as { center: number[][]; planner: number[] };

      const { agents, grid, orchestrators } = await loadEconomy(economyPath);
      expect(agents.map(({ name }) => name)).toEqual([
        "planner",
        ...[0, 1, 2, 3, 4, 5].map((k) => `worker[${k}]`),
      ]);
      const supply = (a: number) => {
        const out = new Float64Array(agents[a].metrics.length * grid.nodes);
        agents[a].set.supply(new Float64Array(out.length), out);
        return Array.from(out.subarray(0, grid.nodes));
      };
      expect(supply(0)).toEqual(written.planner);
      // At prices of 0 there is the center alone.
      written.center.forEach((row, k) => void expect(supply(1 + k)).toEqual(row));
      expect(Array.from(orchestrators[0].intensity, (x) => x * 30)).toEqual(
        [1, 2, 3, 4, 5].map((x) => expect.closeTo(x, 12)),
      );

      const solved = await walras(["solve", economyPath, "--out", resultPath, "--progress", "off"]);
      expect([solved.code, solved.err]).toEqual([0, `walras: the result is in ${resultPath}\n`]);
      expect((await walras(["certify", economyPath, resultPath])).code).toBe(0);

      const json = JSON.parse((await walras(["solve", economyPath, "--json"])).out);
      const read = runPython(python, READ, resultPath) as Read;
      expect(read.commodities[2]).toEqual(Object.keys(json.prices));
      expect(read.prices).toEqual(["float64", [8, 5], Object.values(json.prices)]);
      expect(read.supply_agent[2]).toContain("worker[3]");
      expect(read.supply_commodity[2]).toContain("worker[3]/quality");
      const head = JSON.parse(read["result.json"] as unknown as string);
      expect(head.status).toBe("solved");
      expect(Object.keys(head.agents)).toEqual(Object.keys(json.agents));
    },
  );

  test("the programs of the documentation do what it says", async () => {
    const here = folder();
    const program = (name: string) =>
      /```python\n(.*?)```/su.exec(readFileSync(join(docs, name), "utf8"))?.[1] ?? "";
    runPython(python, `import os\nos.chdir(${JSON.stringify(here)})\n${program("economy-file.md")}`);
    const paths = ["economy.npz", "result.npz"].map((name) => join(here, name));
    expect((await walras(["solve", paths[0], "--out", paths[1]])).code).toBe(0);
    const reading = `import json, os\nimport numpy as np\nos.chdir(${JSON.stringify(here)})\n${program("result-file.md")}`;
    const print = 'print(json.dumps([status, len(prices), prices["worker[3]/quality"].tolist()]))';
    expect(runPython(python, `${reading}\n${print}`)).toEqual(["solved", 1000, expect.any(Array)]);
  });

  test("an archive with pickled objects is refused, and nothing of it runs", async () => {
    const path = join(folder(), "x.npz");
    const program = `
import sys
import numpy as np
np.savez(sys.argv[1], **{"economy.json": np.frombuffer(b"{}", np.uint8), "center": np.array([{"a": 1}], dtype=object)})
`;
    runPython(python, program, path);
    const { code, err } = await walras(["check", path]);
    expect(code).toBe(2);
    expect(err).toContain("format");
    const dressed = `${program.replace('b"{}"', "sys.argv[2].encode()")}`;
    runPython(
      python,
      dressed,
      path,
      JSON.stringify({
        format: "walras/1",
        agents: { a: { production: { set: "ellipsoid", center: { x: { array: "center" } } } } },
        orchestrators: { o: { preferences: { root: "u", nodes: { u: { inputs: { "a/x": 1 } } } } } },
      }),
    );
    expect((await walras(["check", path])).err).toContain("Python objects, which only pickle can read");
  });

  test("an economy in JSON is certified against its result in arrays", async () => {
    const path = file("exchange.json", {
      format: "walras/1",
      commodities: { bread: {} },
      orchestrators: {
        ann: { endowment: { bread: 4 }, preferences: { root: "u", nodes: { u: { inputs: { bread: 1 } } } } },
      },
    });
    const out = join(folder(), "r.npz");
    expect((await walras(["solve", path, "--out", out])).code).toBe(0);
    expect((await walras(["certify", path, out])).code).toBe(0);
    expect((runPython(python, READ, out) as Read).prices).toEqual(["float64", [1, 1], [[1]]]);
  });
});
