/** Colours a text, or leaves it alone where there are none. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export function paint(color: boolean): Paint {
  const with_ = (open: number, close: number) => (text: string) =>
    color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: with_(1, 22), dim: with_(2, 22), good: with_(32, 39), bad: with_(31, 39) };
}
