import Table from "cli-table3";

const NO_BORDERS = Object.fromEntries(
  ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
    .concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
    .map((place) => [place, ""])
    .concat([["middle", "  "]]),
);

/** A plain table, two spaces in from the left: `head` names the columns, those starting with ">" flush right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const grid = new Table({
    head: head.map((name) => name.replace(/^>/u, "")),
    colAligns: head.map((name) => (name.startsWith(">") ? "right" : "left")),
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  grid.push(...rows.map((row) => [...row]));
  return grid
    .toString()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}

/** Columns that a row of blocks may still take beside a table, within `width`; 0 where it would be too short to say anything. */
export function columnsLeft(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): number {
  const widths = head.map((name, c) =>
    Math.max(name.replace(/^>/u, "").length, ...rows.map((row) => row[c].length)),
  );
  const left = width - widths.reduce((sum, w) => sum + w + 2, 2);
  return left < 8 ? 0 : Math.min(48, left);
}

/** The first `most` rows, and a line that counts the rest. */
export function top<Row>(rows: readonly Row[], most: number): { shown: readonly Row[]; more: string[] } {
  // One more row takes no more room than the line that would stand for it.
  if (rows.length <= most + 1) return { shown: rows, more: [] };
  return { shown: rows.slice(0, most), more: [`  … and ${rows.length - most} more`] };
}
