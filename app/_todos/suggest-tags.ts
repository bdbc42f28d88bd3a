import type { TagLabel } from "@/lib/todos/types";

/** How many suggestions a list of them holds. */
const suggestionsMax = 8;

/** What a text of tag names with commas could go on to be: the known names that continue its last part. */
export function suggestTags(text: string, known: readonly TagLabel[]): { name: string; value: string }[] {
  const parts = text.split(",").map((part) => part.trim());
  const begun = (parts.pop() ?? "").toLowerCase();
  const taken = new Set(parts.map((part) => part.toLowerCase()));
  const before = parts.filter(Boolean);
  return known
    .filter(({ name }) => !taken.has(name.toLowerCase()) && name.toLowerCase().includes(begun))
    .toSorted((a, b) => startsWith(b, begun) - startsWith(a, begun))
    .slice(0, suggestionsMax)
    .map(({ name }) => ({ name, value: [...before, name].join(", ") }));
}

function startsWith(tag: TagLabel, begun: string): number {
  return Number(tag.name.toLowerCase().startsWith(begun));
}
