import { bigint, index, integer, json, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { users } from "./users";

/** How often something changed that a person's dashboard tells of: the sum of their rows. Triggers write them. */
export const dashboardChanges = pgTable(
  "dashboard_changes",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    changes: integer("changes").notNull(),
  },
  (table) => [index("dashboard_changes_user_index").on(table.userId)],
);

/** A person's dashboard as it was computed last; app.tell_dashboard writes it (drizzle/0013_actors.sql). */
export const dashboards = pgTable("dashboards", {
  userId: uuid("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** What it was computed at; it is void at any other. */
  changes: bigint("changes", { mode: "number" }).notNull(),
  /** All else that it depends on: what was asked for, on which day, by whom. */
  asked: text("asked").notNull(),
  answer: json("answer").notNull(),
});
