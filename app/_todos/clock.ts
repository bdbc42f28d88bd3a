import type { Clock } from "@/app/_todos/due";
import type { Actor } from "@/lib/db/scope";

/** What the lists of a person measure "today" and "overdue" by. */
export function clockOf(actor: Actor): Clock {
  return { today: actor.today, time: actor.localTime };
}
