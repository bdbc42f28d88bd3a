import { DAY_FIELDS } from "./types";

/** What may stand before a colon, in the order in which help and messages name them. */
export const FILTER_NAMES = ["tag", "status", "priority", ...DAY_FIELDS, "is", "has", "in"] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** Names that other programs have for the same. */
const OTHER_NAMES: Record<string, string> = {
  tags: "tag:",
  label: "tag:",
  labels: "tag:",
  state: "status:",
  prio: "priority:",
  deadline: "due:",
  before: "due:",
  after: "due:",
  start: "scheduled:",
  changed: "updated:",
  modified: "updated:",
  title: "in:title",
  description: "in:description",
};

/** Whether a name that was typed, in whatever case, is one of ours. */
export function filterName(typed: string): FilterName | null {
  const wanted = typed.toLowerCase();
  return FILTER_NAMES.find((name) => name === wanted) ?? null;
}

/**
 * What was probably meant by a name before a colon that is none of ours: another program's name for the same, or one of
 * ours with a slip of the finger in it. Null for everything else, which is then a word like any other ("re:invent",
 * "http://…"). Names of two or three letters are too close to ordinary words for guesses ("it:", "dye:").
 */
export function meantFilter(typed: string): string | null {
  const wanted = typed.toLowerCase();
  if (Object.hasOwn(OTHER_NAMES, wanted)) return OTHER_NAMES[wanted] ?? null;
  const meant = FILTER_NAMES.find(
    (name) => name.length > 4 && slips(wanted, name) <= (name.length < 8 ? 1 : 2),
  );
  return meant === undefined ? null : `${meant}:`;
}

/** How many letters were added, left out, replaced, or changed places with their neighbour. */
function slips(typed: string, name: string): number {
  let before: number[] = [];
  let last = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (let i = 1; i <= typed.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= name.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (typed[i - 1] === name[j - 1] ? 0 : 1);
      const isSwapped = typed[i - 1] === name[j - 2] && typed[i - 2] === name[j - 1];
      const swapped = i > 1 && j > 1 && isSwapped ? (before[j - 2] ?? 0) + 1 : replaced;
      row[j] = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped);
    }
    [before, last] = [last, row];
  }
  return last[name.length] ?? 0;
}
