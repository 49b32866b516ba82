import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../src/io/json.js";

const read = (text: string) => parseJson(text, "x.json");

test("comments are allowed and change nothing", () => {
  const text =
    '// a\n{ "a": /* b */ 1, // "c": 2,\n "d": "// not a comment", "e": [1 /* x */, 2] } /* end */';
  expect(read(text)).toEqual({ a: 1, d: "// not a comment", e: [1, 2] });
});

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      if (text.includes('"__proto__"')) return;
      expect(read(text)).toEqual(JSON.parse(text));
      expect(read(`/* a comment */ ${text} // another`)).toEqual(JSON.parse(text));
    }),
  );
});

test("a text cut anywhere is refused with its place, never read as something else", () => {
  const text = '{"a": [1, {"b": "cd"}], "e": null}';
  for (let length = 1; length < text.length; length++) {
    expect(() => read(text.slice(0, length)), text.slice(0, length)).toThrow(
      /line 1, column \d+: found .*, expected/,
    );
  }
});

test("every duplicate key is named with its path", () => {
  const text = '{"a": 1, "b": [{"c": 1, "d": {"e": 1, "e": 2}, "c": 2}], "a": 3}';
  expect(() => read(text)).toThrow(/b\[0\]\.d\.e: .*\n.*b\[0\]\.c: .*\n.*a: found the key "a" a second time/);
});

test("keys that repeat in different objects are no duplicates", () => {
  expect(read('[{"a": 1}, {"a": {"a": 2}}, "a", "a"]')).toEqual([{ a: 1 }, { a: { a: 2 } }, "a", "a"]);
});

test("names of Object's own properties are ordinary keys", () => {
  expect(Object.keys(read('{"constructor": 1, "toString": 2}') as object)).toEqual([
    "constructor",
    "toString",
  ]);
});
