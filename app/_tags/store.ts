"use client";

import { useEffect, useSyncExternalStore } from "react";
import { afterTodoChange } from "@/app/_tags/open-counts";
import type { TagRow } from "@/lib/tags/types";
import type { TodoRow } from "@/lib/todos/types";

type Tags = readonly TagRow[];

// A store outside React: the sidebar and a page show the same tags, and neither is inside the other.
let newest: Tags | null = null;
/** Lists that came once already: a page that comes back from the browser's cache brings nothing new. */
const received = new WeakSet<Tags>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Takes over all tags as the server knows them now, from a page or from an action's answer. */
export function receiveTags(tags: Tags) {
  if (received.has(tags)) return;
  received.add(tags);
  newest = tags;
  for (const listener of listeners) listener();
}

/** Follows what a todo's change does to the counts of its tags; see afterTodoChange. */
export function followTodo(before: TodoRow | null, after: TodoRow) {
  if (newest !== null) receiveTags(afterTodoChange(newest, before, after));
}

/**
 * All tags as they stand now.
 * @param fromPage the tags that came with the page or the layout
 */
export function useTags(fromPage: Tags): Tags {
  const known = useSyncExternalStore(
    subscribe,
    () => newest,
    () => null,
  );
  useEffect(() => receiveTags(fromPage), [fromPage]);
  return known !== null && received.has(fromPage) ? known : fromPage;
}
