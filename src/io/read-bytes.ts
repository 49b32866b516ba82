import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { unreadable } from "./syntax.js";

/** What to call a source in messages: the path as given, or "standard input". */
export function nameOf(source: string | URL): string {
  return source === "-" ? "standard input" : String(source);
}

/**
 * All bytes of a file, of a `file:` URL, or of standard input for `-`, read once. Throws InputError where there is no
 * such file, or no reading it.
 */
export async function readBytes(source: string | URL): Promise<Uint8Array> {
  const subject = nameOf(source);
  if (source === "-") return readStandardInput();
  const path = toPath(source, subject);
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(
      subject,
      "",
      REASONS[codeOf(error)] ?? `a file that cannot be read (${codeOf(error)})`,
      "a file",
    );
  }
}

function toPath(source: string | URL, subject: string): string {
  const text = String(source);
  if (!/^[a-z][a-z0-9+.-]+:\/\//iu.test(text)) return text;
  try {
    return fileURLToPath(text);
  } catch {
    throw unreadable(
      subject,
      "",
      "an address that is no file",
      "a path, a file: URL, or - for standard input",
    );
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

const REASONS: Record<string, string> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "a directory",
  EACCES: "a file that may not be read",
  EPERM: "a file that may not be read",
  ENAMETOOLONG: "a name longer than file names are",
  ERR_FS_FILE_TOO_LARGE: "a file larger than can be read at once",
  ERR_INVALID_ARG_VALUE: "a name that no file has",
};
