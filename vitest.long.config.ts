import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

/** What `npm run test:long` runs: only test/long, each test as long as it needs within the hour. */
export default defineConfig({
  test: {
    ...base.test,
    include: ["test/long/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/fixtures/**"],
    passWithNoTests: true,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
  },
});
