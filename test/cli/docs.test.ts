import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CERTIFIED_ITEMS } from "../../src/certificates/verify.js";
import { STATUSES } from "../../src/core/status.js";
import { economyJsonSchema } from "../../src/economy/json-schema.js";
import { resultJsonSchema } from "../../src/solve/result.js";
import { file, root, walras } from "./harness.js";

const page = (name: string) => readFileSync(join(root, "docs", name), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };

/** What code alone may write, and keys that hold names of the user's. */
const IN_CODE = new Set(["written", "build"]);

/** Every key that a JSON Schema names. */
function* keys(schema: unknown): Generator<string> {
  if (typeof schema !== "object" || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") yield* Object.keys(value as object);
    yield* keys(value);
  }
}

describe("docs/", () => {
  test("the complete example solves as it stands", async () => {
    const [, text] = /```yaml\n(format: walras[\s\S]*?)```/u.exec(page("economy-file.md")) ?? [];
    const { code, out, err } = await walras(["solve", file("e.yaml", text)]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/main +tester\/coverage +0\.3 /u);
  });

  test("every field of an economy file is explained", () => {
    const text = page("economy-file.md");
    for (const key of new Set(keys(economyJsonSchema()))) {
      if (!IN_CODE.has(key)) expect(text, key).toMatch(new RegExp(`\\b${key}\\b`, "u"));
    }
  });

  test("every field, status and certificate item of a result is explained", () => {
    const text = page("result-file.md");
    const { properties } = resultJsonSchema() as { properties: Record<string, unknown> };
    for (const word of [...Object.keys(properties), ...STATUSES, ...CERTIFIED_ITEMS]) {
      expect(text, word).toContain(`\`${word}`);
    }
  });

  test("links lead somewhere, and the package has them", () => {
    expect(manifest.files).toContain("docs");
    for (const name of ["economy-file.md", "result-file.md", "theory.md"]) {
      expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`(docs/${name})`);
      for (const [, link] of page(name).matchAll(/\]\(([a-z-]+\.md)\)/gu)) page(link);
    }
  });

  test("nothing that is printed names pages that the package does not have", async () => {
    for (const args of [["--help"], ["solve", "--help"], ["check", "--help"], ["schema"]]) {
      expect((await walras(args)).out).not.toMatch(/formats\.md|model\.md/u);
    }
  });
});
