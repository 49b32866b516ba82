import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseYaml } from "../../src/io/yaml.js";

const read = (text: string) => parseYaml(text, "x.yaml");

test("reads what JSON can say", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      if (plain === null || JSON.stringify(plain).includes("__proto__")) return;
      expect(read(stringify(plain))).toEqual(plain);
      expect(read(JSON.stringify(plain))).toEqual(plain);
    }),
  );
});

test("YAML 1.2: no is a word, keys are texts, anchors are shared values", () => {
  expect(read("a: no\nb: 0x10\n1: &x [1, 2]\nc: *x")).toEqual({ a: "no", b: 16, 1: [1, 2], c: [1, 2] });
});

test("an anchor may serve as a template for many agents", () => {
  const lines = Array.from({ length: 2000 }, (_, k) => `  a${k}: *production`);
  const value = read(`base: &production { set: ellipsoid }\nagents:\n${lines.join("\n")}`) as {
    agents: object;
  };
  expect(Object.keys(value.agents)).toHaveLength(2000);
});

test("a file that says %YAML 1.1 is read as 1.2 all the same", () => {
  expect(read("%YAML 1.1\n---\na: yes\n")).toEqual({ a: "yes" });
});

test.each(["- ", "? ", "[", "{a: ", "- [", "!!map\n- "])(
  "nesting %j a hundred thousand deep is refused",
  (opening) => {
    expect(() => read(opening.repeat(100_000))).toThrow(/x.yaml cannot be used/);
  },
);

test("nesting by indentation is refused too", () => {
  const text = Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
  expect(() => read(text)).toThrow(/line 6\d, column \d+: found nesting deeper than 64/);
});

test("duplicate keys are found in every map, also by another spelling", () => {
  expect(() => read('a: {b: 1, "b": 2}\nc:\n  - 1: x\n    "1": y')).toThrow(/a\.b: .*\n.*c\[0\]\.1: /);
});
