import { editFields, type EditValues } from "@/app/_todos/edit";

/** An edit that was not saved: what was typed, and what it was typed over. */
export type UnsavedEdit = { version: number; base: EditValues; mine: EditValues };

const key = (id: string) => `cairn.edit.${id}`;

/** Keeps an unsaved edit while this tab is open, so that following a link does not lose it. */
export function keepUnsaved(id: string, edit: UnsavedEdit | null) {
  try {
    if (edit === null) sessionStorage.removeItem(key(id));
    else sessionStorage.setItem(key(id), JSON.stringify(edit));
  } catch {
    // Without storage, or with a full one, the browser's own question on leaving is all there is.
  }
}

/** The unsaved edit of a todo, if there is one that can be read. */
export function readUnsaved(id: string): UnsavedEdit | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key(id)) ?? "null");
    return isUnsavedEdit(value) ? value : null;
  } catch {
    return null;
  }
}

function isUnsavedEdit(value: unknown): value is UnsavedEdit {
  if (typeof value !== "object" || value === null) return false;
  const { version, base, mine } = value as Partial<Record<keyof UnsavedEdit, unknown>>;
  return typeof version === "number" && isEditValues(base) && isEditValues(mine);
}

function isEditValues(value: unknown): value is EditValues {
  if (typeof value !== "object" || value === null) return false;
  return editFields.every((name) => typeof Reflect.get(value, name) === "string");
}
