import { boolean, date, index, integer, pgTable, primaryKey, smallint, uuid } from "drizzle-orm/pg-core";
import { todoStatus } from "./todos";

/**
 * Counters that triggers keep, so that pages need not count (drizzle/0005_counters.sql). A row is there as long as it
 * counts something; nobody but the triggers writes them.
 */

/** A person's todos by status and priority, and whether they lie in the trash. */
export const todoCounts = pgTable(
  "todo_counts",
  {
    userId: uuid("user_id").notNull(),
    organizationId: uuid("organization_id").notNull(),
    deleted: boolean("deleted").notNull(),
    status: todoStatus("status").notNull(),
    priority: smallint("priority").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [
    primaryKey({
      name: "todo_counts_pkey",
      columns: [table.userId, table.organizationId, table.deleted, table.status, table.priority],
    }),
    // Who has todos in an organization: app.colleagues().
    index("todo_counts_organization_index").on(table.organizationId, table.userId),
  ],
);

/** A person's open todos by due day; their key is in custom SQL, because it covers the count. */
export const todoDueCounts = pgTable("todo_due_counts", {
  userId: uuid("user_id").notNull(),
  dueDate: date("due_date", { mode: "string" }).notNull(),
  organizationId: uuid("organization_id").notNull(),
  count: integer("count").notNull(),
});

/** What a person completed by day, in the time zone of their settings, without what lies in the trash; likewise. */
export const todoDoneCounts = pgTable("todo_done_counts", {
  userId: uuid("user_id").notNull(),
  day: date("day", { mode: "string" }).notNull(),
  organizationId: uuid("organization_id").notNull(),
  count: integer("count").notNull(),
});

/** A person's todos by tag, without those in the trash. */
export const todoTagCounts = pgTable(
  "todo_tag_counts",
  {
    userId: uuid("user_id").notNull(),
    tagId: uuid("tag_id").notNull(),
    organizationId: uuid("organization_id").notNull(),
    openCount: integer("open_count").notNull(),
    /** The completed and cancelled ones included. */
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ name: "todo_tag_counts_pkey", columns: [table.userId, table.tagId] })],
);
