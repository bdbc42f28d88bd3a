import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { projectFolder } from "../commands/project";

const BEGIN = "<!-- bench: written by pnpm bench --readme -->";
const END = "<!-- /bench -->";

/** Puts the table between its two marks in README.md. */
export async function writeReadme(table: string): Promise<void> {
  const file = join(projectFolder, "README.md");
  const text = betweenMarks(readFileSync(file, "utf8"), table);
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

/** The text with what stands between the marks replaced. */
export function betweenMarks(text: string, table: string): string {
  const [before, rest] = split(text, BEGIN);
  const [, after] = split(rest, END);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has no line ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
