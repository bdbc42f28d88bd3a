import type { TodoRow } from "@/lib/todos/types";

/** What a click does to a todo as it is. Each says the state that is to be, so that repeating it changes nothing. */
export type Verb = "start" | "complete" | "reopen" | "cancel" | "remove" | "restore";

/** The part of a todo that a verb changes, as it will be. */
export function patchOf(verb: Verb, now: Date): Partial<TodoRow> {
  const patches: Record<Verb, Partial<TodoRow>> = {
    start: { status: "in_progress", completedAt: null },
    complete: { status: "completed", completedAt: now },
    reopen: { status: "pending", completedAt: null },
    cancel: { status: "cancelled", completedAt: null },
    remove: { deletedAt: now },
    restore: { deletedAt: null },
  };
  return patches[verb];
}

const words: Record<Verb, { done: string; plain: string }> = {
  start: { done: "Started", plain: "start" },
  complete: { done: "Completed", plain: "complete" },
  reopen: { done: "Reopened", plain: "reopen" },
  cancel: { done: "Cancelled", plain: "cancel" },
  remove: { done: "Deleted", plain: "delete" },
  restore: { done: "Restored", plain: "restore" },
};

/** "Completed “Buy milk”". */
export function doneWords(verb: Verb, title: string): string {
  return `${words[verb].done} ${quoted(title)}`;
}

/** "Could not complete “Buy milk”." */
export function refusedWords(verb: Verb, title: string): string {
  return `Could not ${words[verb].plain} ${quoted(title)}.`;
}

const quotedMax = 60;

/** A title inside a sentence; a long one is cut, but not within a character. */
export function quoted(title: string): string {
  const characters = Array.from(new Intl.Segmenter("en").segment(title), ({ segment }) => segment);
  const cut = characters.length > quotedMax ? `${characters.slice(0, quotedMax - 1).join("")}…` : title;
  return `“${cut}”`;
}
