import type { RingPriority } from "@/app/_ui/check-ring";
import { PRIORITY_MAX, PRIORITY_MIN } from "@/lib/db/limits";
import { PRIORITY_NAMES } from "@/lib/todos/types";

/** A priority in words. */
export function priorityName(priority: number): string {
  return PRIORITY_NAMES[priority] ?? String(priority);
}

/** All priorities with their words, the most important first, for a select. */
export const priorityOptions = Array.from({ length: PRIORITY_MAX - PRIORITY_MIN + 1 }, (_, index) => {
  const value = PRIORITY_MAX - index;
  return { value, name: value === PRIORITY_MIN ? "None" : `${value} · ${priorityName(value)}` };
});

/** A stored priority as the ring knows it. */
export function ringPriority(priority: number): RingPriority {
  const known: readonly number[] = [0, 1, 2, 3, 4, 5] satisfies RingPriority[];
  // Safe: it was just found among the values of the type.
  return known.includes(priority) ? (priority as RingPriority) : 0;
}
