import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkImports } from "../../scripts/check-imports.mjs";

const root = mkdtempSync(join(tmpdir(), "walras-imports-"));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Checks a repository made of these files. */
function check(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkImports(root);
}

test("imports that point downwards, to packages and to data pass", () => {
  const violations = check({
    "src/core/status.ts": `import { z } from "zod";`,
    "src/market/market.ts": `import type { Status } from "../core/status.js";`,
    "src/solvers/loop.ts": `import type { Market } from "../market/market.js";`,
    "src/index.ts": `export * from "./solvers/loop.js";`,
    "src/cli/main.ts": `import "../index.js"; import "./commands/solve.js";`,
    "src/cli/commands/solve.ts": "",
    "test/market/market.test.ts": `import "../../src/market/market.js"; import "../../package.json";`,
  });
  expect(violations).toEqual([]);
});

test.each([
  [
    "an import upwards",
    "src/core/a.ts",
    `\nimport "../time/grid.js";`,
    "src/core/a.ts:2 imports src/time/grid",
  ],
  ["a type", "src/solvers/a.ts", `import type { E } from "../economy/e.js";`, "only core, market/market.ts"],
  [
    "a re-export",
    "src/certificates/a.ts",
    `export * from "../solvers/s.js";`,
    "certificates may import only",
  ],
  ["an import()", "src/certificates/a.ts", `await import("../market/layout.js");`, "src/market/layout"],
  ["an import type", "src/time/a.ts", `type T = import("../economy/e.js").T;`, "time may import only core"],
  [
    "another file than the one allowed",
    "src/solvers/a.ts",
    `import "../market/layout.js";`,
    "src/market/layout",
  ],
  [
    "a backend behind the registry's back",
    "src/solve/a.ts",
    `import "../backends/wasm/w.js";`,
    "backends/wasm",
  ],
  [
    "the command reaching inside",
    "src/cli/a.ts",
    `import "../core/rng.js";`,
    "cli may import only index, io, report",
  ],
  ["the code using its tests", "src/report/a.ts", `import "../../test/support/x.js";`, "test/support/x"],
])("%s is a violation", (_, file, text, sentence) => {
  const violations = check({ [file]: text });
  expect(violations).toHaveLength(1);
  expect(violations[0]).toContain(sentence);
});

test("a folder that is no room is a violation", () => {
  expect(check({ "src/helpers/a.ts": "" })).toEqual([expect.stringContaining(`lies in "helpers"`)]);
});

test("a cycle within a room is told once, with its lines", () => {
  const violations = check({
    "src/core/a.ts": `import { b } from "./b.js";`,
    "src/core/b.ts": `\nimport type { C } from "./c.js";`,
    "src/core/c.ts": `export { a } from "./a.js";`,
  });
  expect(violations).toEqual([
    "src/core/a.ts:1 begins a cycle of imports: src/core/a.ts:1 → src/core/b.ts:2 → src/core/c.ts:1 → src/core/a.ts.",
  ]);
});

test("a diamond is no cycle", () => {
  const violations = check({
    "src/core/a.ts": `import "./b.js"; import "./c.js";`,
    "src/core/b.ts": `import "./d.js";`,
    "src/core/c.ts": `import "./d.js";`,
    "src/core/d.ts": "",
  });
  expect(violations).toEqual([]);
});
