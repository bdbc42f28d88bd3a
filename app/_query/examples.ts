/** The language of search and filters by example: what each line of the help shows, and what it finds. */
export const examples: readonly { queries: readonly string[]; finds: string }[] = [
  { queries: ["buy milk"], finds: "Both words, in the title or the description, in any form" },
  { queries: ['"buy milk"'], finds: "These words side by side" },
  { queries: ["milk or bread", "(milk or bread) shop"], finds: "One or the other; parentheses group" },
  { queries: ["shop -milk", "-tag:home"], finds: "Without what stands after the hyphen" },
  { queries: ["inv*"], finds: "Words that begin like this; the last word always does" },
  {
    queries: ["in:title milk", "in:description milk"],
    finds: "Only in the title, or only in the description",
  },
  { queries: ["tag:home", 'tag:"two words"', "tag:none"], finds: "By a tag, or without any" },
  { queries: ["is:open", "is:overdue", "is:done", "status:in-progress"], finds: "By what became of it" },
  { queries: ["priority:5", "priority:>=4", "priority:2..4"], finds: "From 0 to 5" },
  {
    queries: ["due:today", "due:<=+7d", "due:2026-12-01..2026-12-24", "due:none"],
    finds: "By its day, or without one; likewise scheduled:",
  },
  {
    queries: ["created:>=-7d", "updated:today", "completed:yesterday"],
    finds: "By when something happened to it",
  },
  { queries: ["has:description"], finds: "With more than a title" },
];
