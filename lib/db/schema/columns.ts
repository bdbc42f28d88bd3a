import { sql } from "drizzle-orm";
import { timestamp, uuid } from "drizzle-orm/pg-core";

/** An instant, kept and read to the millisecond, so that a JavaScript Date carries all of it (cursors rely on it). */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
}

/** The columns of every table: the id is a UUIDv7 made by the application, updated_at is kept true by a trigger. */
export function baseColumns() {
  return {
    id: uuid("id").primaryKey(),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`now()`),
    updatedAt: instant("updated_at")
      .notNull()
      .default(sql`now()`),
  };
}
