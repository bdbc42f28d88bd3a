import { formatDayWithin } from "@/app/_todos/due";
import type { TodoFilter } from "@/lib/todos/types";

/** What of a filter has no field of its own in the filter row, in words. */
export function filterWords(filter: TodoFilter, today: string): string[] {
  const { from, to, scheduled, scheduledFrom, scheduledTo, tags = {}, organizationId, owner = "me" } = filter;
  const words = [
    range("Due", from, to, today),
    range("Planned", scheduledFrom, scheduledTo, today),
    scheduled && (scheduled === "any" ? "Planned" : "Not planned"),
    tags.any?.length ? `Tagged ${tags.any.join(" or ")}` : undefined,
    tags.none?.length ? `Not tagged ${tags.none.join(" or ")}` : undefined,
    tags.presence && (tags.presence === "any" ? "With tags" : "Without tags"),
    organizationId && "Of one organization",
    owner === "me" ? undefined : owner === "everyone" ? "Everybody’s" : "A colleague’s",
  ];
  return words.filter((word) => word !== undefined);
}

function range(
  what: string,
  from: string | undefined,
  to: string | undefined,
  today: string,
): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  const ends = [from && `from ${formatDayWithin(from, today)}`, to && `until ${formatDayWithin(to, today)}`];
  return [what, ...ends].filter(Boolean).join(" ");
}
