/**
 * The one refusal that needs no question to the server: a text that is longer than it keeps, in the server's own words
 * (lib/text.ts). Not by maxLength, which would cut a pasted text without a word. Null when the text is fine.
 */
export function tooLong(text: string, max: number): string | null {
  const length = Array.from(text.trim()).length;
  if (length <= max) return null;
  return `Use at most ${max.toLocaleString("en")} characters; this has ${length.toLocaleString("en")}.`;
}
