/**
 * Parts of the public contract (formats.md) that this version does not have, for the command line: each is refused in one
 * sentence, with exit code 2. When a part is built its line goes. (Backends refuse for themselves.)
 */
export const NOT_BUILT = {
  commands: {
    report: "draw a result as a page or a picture",
  },
  solveOptions: {} as Readonly<Record<string, string>>,
  outFiles: { ".html": "write a result as a page" },
} as const;

/** The sentence for one of them. */
export function notBuilt(name: string, purpose: string): string {
  return `${name} (${purpose}) is not built in this version.`;
}
