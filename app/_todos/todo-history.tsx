import { dayOf, formatDay, timeOf, type Clock } from "@/app/_todos/due";
import { describeEntry } from "@/lib/audit/describe";
import type { ActivityEntry } from "@/lib/audit/types";

type TodoHistoryProps = { entries: readonly ActivityEntry[]; timeZone: string; clock: Clock };

/** What happened to a todo, the latest first. */
export function TodoHistory({ entries, timeZone, clock }: TodoHistoryProps) {
  return (
    <ol className="grid gap-1.5">
      {entries.map((entry) => (
        <li key={entry.id} className="flex flex-wrap gap-x-3 text-meta">
          <span className="min-w-0 flex-1 basis-64 wrap-anywhere text-soft">
            {describeEntry(entry, { subject: false })}
            {!entry.mine && entry.actorName !== null && ` (${entry.actorName})`}
          </span>
          <time dateTime={entry.at.toISOString()} className="text-faint">
            {formatDay(dayOf(entry.at, timeZone), clock.today)} {timeOf(entry.at, timeZone)}
          </time>
        </li>
      ))}
    </ol>
  );
}
