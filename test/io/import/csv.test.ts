import { describe, expect, test } from "vitest";
import { InputError, type Problem } from "../../../src/core/errors.js";
import { CellReader, parseTable, readTable, requireColumns } from "../../../src/io/import/csv.js";

function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const read = (text: string) => parseTable(text, "t.csv");

describe("a table", () => {
  test("rows with the line they begin on; quotes, byte order mark, CRLF, blank lines", () => {
    const table = read('\ufeffa, b \r\n"x, y","two\nlines"\r\n\r\n3,"say ""hi"""\r\n');
    expect(table.columns).toEqual(["a", "b"]);
    expect(table.rows).toEqual([
      { line: 2, cells: ["x, y", "two\nlines"] },
      { line: 5, cells: ["3", 'say "hi"'] },
    ]);
  });

  test.each([
    ["", "", "an empty file"],
    ["a,b\n", "", "a header without rows"],
    ["a,a\n1,2\n", "line 1", 'the column "a" a second time'],
    ["a,b\n1,2\n3\n", "line 3", "expect 2, got 1"],
    ["a,b\n1,2,3\n", "line 2", "expect 2, got 3"],
    ['a,b\n1,"2\n', "line 2", "Quote Not Closed"],
    ['a,b\n1,2"3\n', "line 2", "Invalid Opening Quote"],
    ['a,b\n1,"2"3\n', "line 2", "Invalid Closing Quote"],
  ])("%j is refused", (text, path, found) => {
    const [problem] = problemsOf(() => read(text));
    expect(problem.path).toBe(path);
    expect(problem.found).toContain(found);
    expect(problem.expected).not.toBe("");
  });

  test("a file that is not there, and bytes that are no text", async () => {
    await expect(readTable("/nowhere/t.csv")).rejects.toThrow(InputError);
  });

  test("columns that are missing, with what was meant", () => {
    const table = read("Model,Organisation,Cost\nx,y,1\n");
    const [first, second] = problemsOf(() => requireColumns(table, ["Model", "Organization", "cost"]));
    expect(first).toMatchObject({
      path: "line 1",
      found: 'no column "Organization"',
      suggestion: "Organisation",
    });
    expect(second).toMatchObject({ suggestion: "Cost" });
    expect(problemsOf(() => requireColumns(table, ["Model"]))).toEqual([]);
  });
});

describe("cells", () => {
  const table = read(
    "a\n1\n 2.5 \n75.00%\n$3\n1e-3\nN/A\n\nn/a\n-\n-1\nabc\n120%\n1e999\n0x10\n1 000\n".replace(
      "\n\n",
      '\n""\n',
    ),
  );

  test("numbers ≥ 0, missing ones, and what is neither: all at once, with line and column", () => {
    const cells = new CellReader(table);
    const values = table.rows.map((row) => cells.number(row, "a"));
    expect(values.slice(0, 9)).toEqual([1, 2.5, 75, 3, 1e-3, null, null, null, null]);
    const problems = problemsOf(() => cells.throwIfAny());
    expect(problems.map(({ path }) => path)).toEqual(
      [11, 12, 14, 15, 16].map((line) => `line ${line}, column "a"`),
    );
    expect(problems[1]).toMatchObject({ found: '"abc" (string)' });
  });

  test("a percentage is at most 100", () => {
    const cells = new CellReader(table);
    expect(cells.number(table.rows[11], "a", 100)).toBeNull();
    expect(problemsOf(() => cells.throwIfAny())[0].expected).toContain("from 0 to 100");
  });
});
