import { sql } from "drizzle-orm";
import { bigint, index, integer, json, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { users } from "./users";

/**
 * What a person's dashboard stands at: all rows of theirs, by XOR. Each change of what it tells of puts a new random mark in
 * the place of another, or beside it, so that the same does not stand for anything else. Triggers write them.
 */
export const dashboardChanges = pgTable(
  "dashboard_changes",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** By the triggers of the version before, which count. */
    changes: integer("changes").notNull().default(0),
    mark: bigint("mark", { mode: "bigint" })
      .notNull()
      .default(sql`hashtextextended(gen_random_uuid()::text, 0)`),
  },
  (table) => [index("dashboard_changes_user_index").on(table.userId)],
);

/** A person's dashboard as it was computed last; app.tell_dashboard writes it (drizzle/0014_marked_dashboards.sql). */
export const dashboards = pgTable("dashboards", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** What it stood at when it was computed; it is void at anything else. */
  changes: bigint("changes", { mode: "bigint" }).notNull(),
  /** All else that it depends on: what was asked for, on which day, by whom. */
  asked: text("asked").notNull(),
  answer: json("answer").notNull(),
});
