import type { FormValues } from "@/lib/form";
import type { NewTodo, TagLabel, TodoRow } from "@/lib/todos/types";

/** The fields of the line that adds a todo, as the texts that its form holds. */
export type Draft = { title: string; dueDate: string; dueTime: string; priority: string; tags: string };

export const draftFields = ["title", "dueDate", "dueTime", "priority", "tags"] as const;

/** What stands in the line before anything is typed: on Today the day, in a tag's list the tag. */
export type DraftDefaults = Partial<Omit<Draft, "title">>;

export function emptyDraft(defaults: DraftDefaults): Draft {
  return { title: "", dueDate: "", dueTime: "", priority: "0", tags: "", ...defaults };
}

/** The draft that a refused form without script was sent with. */
export function draftOf(values: FormValues, defaults: DraftDefaults): Draft {
  const draft = emptyDraft(defaults);
  for (const name of draftFields) {
    const value = values[name];
    if (typeof value === "string") draft[name] = value;
  }
  return draft;
}

export function isSameDraft(a: Draft, b: Draft): boolean {
  return draftFields.every((name) => a[name] === b[name]);
}

/** Tag names in a text with commas, each once without regard to case. */
export function splitTags(text: string): string[] {
  const names = new Map<string, string>();
  for (const name of text.split(",").map((part) => part.trim())) {
    if (name !== "" && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names.values()];
}

/** What the server is asked for. */
export function inputOf(draft: Draft, id: string): NewTodo {
  return {
    id,
    title: draft.title,
    priority: Number(draft.priority),
    dueDate: draft.dueDate === "" ? null : draft.dueDate,
    dueTime: draft.dueTime === "" ? null : draft.dueTime,
    tags: splitTags(draft.tags),
  };
}

/** A grey for tags that are only in the browser yet. */
const newTagColour = "#78716c";

/** The row that stands for a todo until the server has answered. */
export function rowOf(draft: Draft, id: string, now: Date, known: readonly TagLabel[]): TodoRow {
  const input = inputOf(draft, id);
  return {
    id,
    organizationId: "",
    title: draft.title.trim(),
    hasDescription: false,
    status: "pending",
    priority: Number(draft.priority),
    dueDate: input.dueDate ?? null,
    dueTime: input.dueTime ?? null,
    scheduledFor: null,
    completedAt: null,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    version: 0,
    tags: (input.tags ?? []).map(
      (name) =>
        known.find((tag) => tag.name.toLowerCase() === name.toLowerCase()) ?? {
          id: `new ${name}`,
          name,
          colour: newTagColour,
        },
    ),
  };
}
