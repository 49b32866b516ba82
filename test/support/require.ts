import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Says whether tests that need `thing` may run, and leaves a trace in the report when they may not: one test
 * that is skipped with the reason, or that fails where WALRAS_REQUIRE (`all`, or a comma list of things) demands it.
 *
 * Call it while tests are being collected, at the top of a file or of a `describe`:
 *
 *     const browser = await findBrowser();
 *     describe("in a browser", () => {
 *       if (!requireOrSkip("browser", browser !== null)) return;
 *       test("…", …);
 *     });
 */
export function requireOrSkip(thing: string, available: boolean): boolean {
  if (available) return true;
  if (isRequired(thing, process.env.WALRAS_REQUIRE)) {
    test(`needs ${thing}`, () => {
      throw new Error(`${thing} is missing, and WALRAS_REQUIRE=${process.env.WALRAS_REQUIRE} requires it.`);
    });
  } else {
    skipAloud(thing, `this machine has no ${thing}`);
  }
  return false;
}

/** Whether the value of WALRAS_REQUIRE names `thing`. */
export function isRequired(thing: string, required: string | undefined): boolean {
  const names = (required ?? "").split(",").map((name) => name.trim());
  return names.includes("all") || names.includes(thing);
}

/**
 * The path of `../shared/<parts>` beside the repository, or null where it does not exist. That folder belongs to
 * the machines this project is developed on and not to a clone, so its absence is said aloud and never fails.
 */
export function sharedPath(...parts: string[]): string | null {
  const path = join(repositoryRoot, "..", "shared", ...parts);
  if (existsSync(path)) return path;
  const name = ["../shared", ...parts].join("/");
  skipAloud(name, `${name} is not on this machine (never required)`);
  return null;
}

/** The folder of published economies with known equilibria, or null: see {@link sharedPath}. */
export function sharedCases(): string | null {
  return sharedPath("cases");
}

function skipAloud(thing: string, reason: string): void {
  test(`needs ${thing}`, (context) => context.skip(reason));
}
