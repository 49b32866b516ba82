import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { loadEconomy, parseEconomy } from "../../src/io/read-economy.js";
import { pipeline } from "../economy/samples.js";

const JSON_TEXT = JSON.stringify(pipeline());
const YAML_TEXT = `# the same\n${JSON_TEXT}`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "walras-io-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function refusal(source: string | URL): Promise<InputError> {
  const error = await loadEconomy(source).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

describe("reads", () => {
  test.each([
    ["a.json", JSON_TEXT],
    ["a.JSON", `// comment\n${JSON_TEXT}`],
    ["a.yaml", YAML_TEXT],
    ["a.yml", YAML_TEXT],
    ["json-without-extension", JSON_TEXT],
    ["yaml-without-extension", YAML_TEXT],
    ["with-mark.json", `\uFEFF${JSON_TEXT}`],
  ])("%s", async (name, text) => {
    const economy = await loadEconomy(await file(name, text));
    expect(economy.name).toBe("pipeline");
  });

  test("a file: URL, as URL and as text", async () => {
    const url = pathToFileURL(await file("b c.json", JSON_TEXT));
    expect((await loadEconomy(url)).name).toBe("pipeline");
    expect((await loadEconomy(url.href)).name).toBe("pipeline");
  });

  test("and hashes the file's bytes, byte order mark and comments included", async () => {
    const bytes = Buffer.from(`\uFEFF// größer\n${JSON_TEXT}`);
    const economy = await loadEconomy(await file("hash.json", bytes));
    expect(economy.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(economy.onGrid({ nodes: 8 }).sha256).toBe(economy.sha256);
  });

  test("text that kept its byte order mark", () => {
    expect(parseEconomy(`\uFEFF${JSON_TEXT}`).name).toBe("pipeline");
    expect(parseEconomy(`\uFEFF${YAML_TEXT}`, { format: "yaml" }).name).toBe("pipeline");
  });

  test("text, without a hash unless one is given", () => {
    expect(parseEconomy(JSON_TEXT).sha256).toBeNull();
    expect(parseEconomy(JSON_TEXT, { sha256: "abc" }).sha256).toBe("abc");
  });
});

describe("refuses", () => {
  test("a file that is not there, with its path", async () => {
    const error = await refusal(join(folder, "nowhere.json"));
    expect(error.subject).toBe(join(folder, "nowhere.json"));
    expect(error.problems[0]).toMatchObject({ found: "no such file", expected: "a file" });
  });

  test("a directory", async () => {
    await mkdir(join(folder, "d.json"), { recursive: true });
    expect((await refusal(join(folder, "d.json"))).problems[0].found).toBe("a directory");
  });

  test("an address that is no file", async () => {
    expect((await refusal("https://example.org/a.json")).problems[0].expected).toContain("a path");
    expect((await refusal(new URL("https://example.org/a.json"))).problems[0].found).toContain("no file");
  });

  test("an empty file, and one that is not UTF-8", async () => {
    expect((await refusal(await file("empty.json", ""))).problems[0].found).toBe("an empty file");
    expect((await refusal(await file("latin.json", Buffer.from([0x7b, 0xe4, 0x7d])))).message).toContain(
      "UTF-8",
    );
    expect((await refusal(await file("wide.json", Buffer.from("\uFEFF{}", "utf16le")))).message).toContain(
      "UTF-16",
    );
  });

  test("by extension: JSON that is YAML", async () => {
    expect((await refusal(await file("yaml.json", "format: walras/1"))).problems[0].path).toBe(
      "line 1, column 1",
    );
  });

  test("what is no whole NPZ archive, by name and by content", async () => {
    const zip = Buffer.from([0x50, 0x4b, 3, 4, 0, 0]);
    const found = async (name: string, content: Buffer) =>
      (await refusal(await file(name, content))).problems[0].found;
    expect(await found("a.npz", Buffer.from(JSON_TEXT))).toContain("damaged archive");
    expect(await found("disguised.json", zip)).toContain("damaged archive");
  });
});

test("- is standard input, whatever the pieces it comes in", async () => {
  const bytes = Buffer.from(JSON_TEXT.replace("pipeline", "größer"));
  const pieces = Array.from(bytes, (_, k) => bytes.subarray(k, k + 1));
  const stdin = vi
    .spyOn(process, "stdin", "get")
    .mockReturnValue(Readable.from(pieces) as typeof process.stdin);
  const economy = await loadEconomy("-").finally(() => stdin.mockRestore());
  expect(economy.name).toBe("größer");
  expect(economy.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});
