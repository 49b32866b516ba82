import { configDefaults, defineConfig } from "vitest/config";

/** What `npm test` runs: everything but test/long, which has a configuration of its own. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/long/**", "**/fixtures/**"],
    reporters: ["default", "./test/support/seconds-reporter.ts"],
    // Two cores, other work on the machine: a slow test is a matter for the table of seconds, not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
