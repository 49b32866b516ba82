import type { Context } from "./context.js";
import { quote } from "./found.js";
import { type CompiledGraph, GraphBuilder } from "./graph-builder.js";
import { nearest } from "./near.js";
import type { Path } from "./path.js";
import type { WrittenFile } from "./schema.js";

/**
 * Preferences that the user wrote, standing as one nest over the commodities named, of the elasticity declared, wherever only
 * names or sizes matter. Null where a name is unknown or given twice.
 */
export function compileWritten(
  { commodities, elasticity, build }: WrittenFile,
  { names, problems }: Context,
  at: Path,
): CompiledGraph | null {
  const before = problems.count;
  commodities.forEach((name, k) => {
    const path = [...at, "commodities", k];
    if (commodities.indexOf(name) < k) problems.add(path, `${quote(name)} again`, "each commodity once");
    if (names.commodity(name) !== undefined) return;
    problems.add(path, `an unknown name ${quote(name)}`, "a commodity", () =>
      nearest(name, names.commodityNames()),
    );
  });
  if (problems.count > before) return null;
  const builder = new GraphBuilder();
  const weight = 1 / commodities.length;
  const children = commodities.map((key) => ({ part: builder.leaf(names.commodity(key)!), weight, key }));
  const { graph, pathOf } = builder.finish(
    builder.node("written", elasticity, children, [...at, "commodities"]),
  );
  return { graph: { ...graph, written: build }, pathOf };
}
