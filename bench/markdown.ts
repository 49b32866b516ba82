/** A Markdown table; heads starting with ">" are flush right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(head.map((name) => name.replace(/^>/u, ""))),
    line(head.map((name) => (name.startsWith(">") ? "---:" : "---"))),
    ...rows.map(line),
  ].join("\n");
}
