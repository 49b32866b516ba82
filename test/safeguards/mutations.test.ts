import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { mutate } from "../../scripts/mutate.mjs";
import { SAFEGUARDS } from "../../scripts/mutations/index.mjs";
import { choose, problemsOf, type Safeguard } from "../../scripts/mutations/safeguard.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

test("the list of safeguards fits the sources: every text occurs once, every test is there", () => {
  expect(problemsOf(root, SAFEGUARDS)).toEqual([]);
  expect(SAFEGUARDS.length).toBeGreaterThan(50);
});

describe("on a repository of its own", () => {
  const small = mkdtempSync(join(tmpdir(), "walras-safeguards-"));
  afterAll(() => rmSync(small, { recursive: true, force: true }));

  const source = `export const root = (x: number): number => {
  if (x < 0) return 0;
  if (x > 1e300) return 1e150;
  return Math.sqrt(x);
};
`;
  const files = {
    "src/root.ts": source,
    "test/root.test.ts": `import { expect, test } from "vitest";
import { root } from "../src/root.js";
test("of what is negative", () => expect(root(-1)).toBe(0));
`,
    "test/red.test.ts": `import { expect, test } from "vitest";
test("red anyhow", () => expect(1).toBe(2));
`,
    "vitest.config.ts": "export default {};\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(small, path)), { recursive: true });
    writeFileSync(join(small, path), text);
  }
  symlinkSync(join(root, "node_modules"), join(small, "node_modules"), "junction");

  const negative: Safeguard = {
    name: "root/negative",
    why: "NaN.",
    file: "src/root.ts",
    find: "if (x < 0) return 0;",
    replace: "",
    tests: ["test/root.test.ts"],
  };
  const large: Safeguard = { ...negative, name: "root/large", find: "  if (x > 1e300) return 1e150;\n" };
  const red: Safeguard = { ...negative, name: "other/red", tests: ["test/red.test.ts"] };

  test("says which test sees a safeguard gone, which none does, which test was red before; changes nothing", async () => {
    const verdicts = await mutate(small, [negative, large, red]);
    expect(verdicts).toEqual([
      { name: "root/negative", caught: "test/root.test.ts > of what is negative", wrong: null },
      { name: "root/large", caught: null, wrong: "no test fails of test/root.test.ts" },
      { name: "other/red", caught: null, wrong: "fails with the safeguard in place: red anyhow" },
    ]);
    expect(readFileSync(join(small, "src/root.ts"), "utf8")).toBe(source);
  });

  test("says where the list no longer fits", () => {
    const problems = problemsOf(small, [
      negative,
      negative,
      { ...large, find: "return" },
      { ...large, name: "a", find: "no such text" },
      { ...large, name: "b", file: "src/gone.ts" },
      { ...large, name: "c", replace: large.find },
      { ...large, name: "d", tests: ["test/gone.test.ts"] },
      { ...large, name: "e", tests: [] },
    ]);
    expect(problems).toEqual([
      "root/negative: there are two of this name.",
      "root/large: its text occurs 3 times in src/root.ts, not once.",
      "a: its text occurs 0 times in src/root.ts, not once.",
      "b: its text occurs 0 times in src/gone.ts, not once.",
      "c: the replacement changes nothing.",
      "d: there is no test/gone.test.ts.",
      "e: it names no test.",
    ]);
  });

  test("runs those that names or areas ask for, all where there are none", () => {
    const names = (...asked: string[]) =>
      choose([negative, large, red], asked).chosen.map(({ name }) => name);
    expect(names()).toEqual(["root/negative", "root/large", "other/red"]);
    expect(names("root")).toEqual(["root/negative", "root/large"]);
    expect(names("root/large", "other")).toEqual(["root/large", "other/red"]);
    expect(choose([negative], ["roo", "root"]).unknown).toEqual(["roo"]);
  });
});
