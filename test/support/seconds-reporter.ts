import { relative, sep } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

/** One line of the table: a suite is a test file. */
export interface SuiteRow {
  suite: string;
  tests: number;
  seconds: number;
}

/** A test that did not run, and why. */
export interface SkippedTest {
  suite: string;
  name: string;
  reason: string;
}

/** Prints, after vitest's own report, where the time went and what was skipped for which reason. */
export default class SecondsReporter implements Reporter {
  private started = 0;

  onTestRunStart(): void {
    this.started = performance.now();
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.map(suiteRow);
    const skipped = modules.flatMap(skippedTests);
    const wallSeconds = (performance.now() - this.started) / 1000;
    process.stdout.write(`\n${formatTable(rows, wallSeconds)}\n`);
    if (skipped.length > 0) process.stdout.write(`\n${formatSkips(skipped)}\n`);
  }
}

/** The table "suite · tests · seconds", slowest first; the total is work done, the wall clock what one waited. */
export function formatTable(rows: readonly SuiteRow[], wallSeconds: number): string {
  const sorted = [...rows].sort((a, b) => b.seconds - a.seconds || a.suite.localeCompare(b.suite));
  const total: SuiteRow = {
    suite: `total (${wallSeconds.toFixed(1)} s by the clock)`,
    tests: rows.reduce((sum, row) => sum + row.tests, 0),
    seconds: rows.reduce((sum, row) => sum + row.seconds, 0),
  };
  const width = Math.max(...[...sorted, total].map((row) => row.suite.length));
  const line = (suite: string, tests: string, seconds: string) =>
    `  ${suite.padEnd(width)}  ${tests.padStart(6)}  ${seconds.padStart(8)}`;
  const show = (row: SuiteRow) => line(row.suite, String(row.tests), row.seconds.toFixed(2));
  return [line("suite", "tests", "seconds"), ...sorted.map(show), show(total)].join("\n");
}

/** The skipped tests, grouped by reason. */
export function formatSkips(skipped: readonly SkippedTest[]): string {
  const byReason = new Map<string, SkippedTest[]>();
  for (const test of skipped) byReason.set(test.reason, [...(byReason.get(test.reason) ?? []), test]);
  const lines = [`  skipped: ${skipped.length}`];
  for (const [reason, tests] of byReason) {
    lines.push(`    ${reason}`);
    for (const test of tests) lines.push(`      ${test.suite} > ${test.name}`);
  }
  return lines.join("\n");
}

function suiteRow(module: TestModule): SuiteRow {
  const time = module.diagnostic();
  // Importing the code under test costs as much as many a test, so it belongs to the suite's seconds.
  const milliseconds =
    time.environmentSetupDuration +
    time.prepareDuration +
    time.setupDuration +
    time.collectDuration +
    time.duration;
  return {
    suite: suiteName(module),
    tests: [...module.children.allTests()].filter((test) => test.result().state !== "skipped").length,
    seconds: milliseconds / 1000,
  };
}

function skippedTests(module: TestModule): SkippedTest[] {
  return [...module.children.allTests("skipped")].map((test) => {
    const result = test.result();
    const reason = (result.state === "skipped" && result.note) || "no reason given";
    return { suite: suiteName(module), name: test.fullName, reason };
  });
}

function suiteName(module: TestModule): string {
  return relative(process.cwd(), module.moduleId).split(sep).join("/");
}
