import { jsonInstant } from "../days";
import type { Random } from "../random";
import type { Clock } from "./clock";
import { idAt } from "./ids";
import type { Sink } from "./sink";

/** The fields that changed, each with the value before and after: what the audit triggers write. */
export type Changes = Record<string, [before: unknown, after: unknown]>;

/** One row of audit_logs but for its id, and the instant of the request that wrote it. */
export type AuditEvent = {
  at: number;
  organizationId: string | null;
  userId: string;
  sessionId: string | null;
  commandId: string;
  entity: "user" | "organization" | "membership" | "session" | "tag" | "todo";
  entityId: string;
  action: string;
  changes: Changes;
};

/** What creating a row is remembered as: all of its values but the empty ones. */
export function created(row: Record<string, unknown>): Changes {
  const changes: Changes = {};
  for (const [column, value] of Object.entries(row)) if (value !== null) changes[column] = [null, value];
  return changes;
}

export type History = ReturnType<typeof createHistory>;

/** Keeps what happens until its day has come, so that the log is written in the order in which time passes. */
export function createHistory({ clock, random, sink }: { clock: Clock; random: Random; sink: Sink }) {
  const days = new Map<number, AuditEvent[]>();
  let count = 0;

  return {
    get count() {
      return count;
    },
    add(event: AuditEvent): void {
      const day = clock.dayOf(event.at);
      const events = days.get(day);
      if (events === undefined) days.set(day, [event]);
      else events.push(event);
    },
    /** Writes what happened until a day's end (UTC). Nothing may be added to those days after. */
    flush(until: number): void {
      for (const day of [...days.keys()].filter((key) => key <= until).toSorted((a, b) => a - b)) {
        // Sorting keeps the order of what one request wrote; a millisecond apart, it stays in order by id too.
        let last = 0;
        for (const event of (days.get(day) ?? []).toSorted((a, b) => a.at - b.at)) {
          last = Math.max(last + 1, event.at);
          sink.add("audit_logs", [
            idAt(random, last),
            new Date(last).toISOString(),
            event.organizationId,
            event.userId,
            event.sessionId,
            event.commandId,
            event.entity,
            event.entityId,
            event.action,
            JSON.stringify(event.changes),
          ]);
          count += 1;
        }
        days.delete(day);
      }
    },
  };
}

/** Milliseconds as PostgreSQL's jsonb writes an instant. */
export const jsonTime = (at: number): string => jsonInstant(new Date(at));
/** Milliseconds as a timestamptz that COPY reads. */
export const sqlTime = (at: number): string => new Date(at).toISOString();
