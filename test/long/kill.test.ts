import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killAndResume } from "../support/killed-solve.js";
import { requireOrSkip } from "../support/require.js";

const root = join(import.meta.dirname, "..", "..");
const main = join(root, "dist", "cli", "main.js");

if (requireOrSkip("dist/ (npm run build)", existsSync(main))) {
  test("killed at 200 random moments, a solve always ends with the same answer", async () => {
    const economy = join(root, "examples", "two-step-pipeline.json");
    expect(await killAndResume(main, economy, { kills: 200, longest: 900, seed: 1 })).toBe(200);
  });
}
