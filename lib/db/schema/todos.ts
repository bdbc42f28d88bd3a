import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import {
  check,
  customType,
  date,
  index,
  integer,
  pgEnum,
  pgTable,
  smallint,
  text,
  time,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import {
  DATE_MAX,
  DATE_MIN,
  DESCRIPTION_MAX,
  PRIORITY_HIGH,
  PRIORITY_MAX,
  PRIORITY_MIN,
  TITLE_MAX,
} from "../limits";
import { baseColumns, instant } from "./columns";
import { organizations } from "./organizations";
import { users } from "./users";

export const todoStatus = pgEnum("todo_status", ["pending", "in_progress", "completed", "cancelled"]);

const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

const literal = (value: string | number) => sql.raw(typeof value === "number" ? String(value) : `'${value}'`);

/**
 * The end of a due day for the todos that have no time on it, for comparing and sorting. A CASE, because row-level
 * security only lets an index be searched by expressions that PostgreSQL knows to be leakproof, and COALESCE is none.
 * Indexes are matched by this very expression.
 */
export function dueTimeOrEnd(dueTime: SQLWrapper): SQL {
  return sql`(case when ${dueTime} is null then '24:00' else ${dueTime} end)`;
}

export const todos = pgTable(
  "todos",
  {
    ...baseColumns(),
    /** The tenant: who may see it. */
    organizationId: uuid("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    /** Whose it is; it can be transferred. */
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "restrict" }),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    status: todoStatus("status").notNull().default("pending"),
    priority: smallint("priority").notNull().default(0),
    /** A day, the same in every time zone. */
    dueDate: date("due_date", { mode: "string" }),
    /** Wall-clock time of the due day in its person's zone, to the minute. */
    dueTime: time("due_time", { precision: 0 }),
    scheduledFor: date("scheduled_for", { mode: "string" }),
    completedAt: instant("completed_at"),
    /** Bumped by a trigger on every update; an edit carries the version that it saw. */
    version: integer("version").notNull().default(1),
    deletedAt: instant("deleted_at"),
    /** The words of its title (A) and description (B); kept by a trigger. */
    search: tsvector("search"),
    /** How often its due date was moved to a later day; counted by a trigger. */
    postponed: smallint("postponed").notNull().default(0),
  },
  (table) => [
    // The target of composite foreign keys: a link can not cross tenants.
    unique("todos_organization_id_id_key").on(table.organizationId, table.id),
    // The orders of lists have covering indexes, which are in custom SQL: Drizzle's builder knows no INCLUDE.
    index("todos_trash_index")
      .on(table.userId, table.deletedAt, table.id)
      .where(sql`deleted_at is not null`),
    index("todos_purge_index")
      .on(table.deletedAt)
      .where(sql`deleted_at is not null`),
    index("todos_search_index").using("gin", table.userId, table.search),
    // The words of the title alone: what stands there comes first.
    index("todos_title_search_index").using("gin", table.userId, sql`ts_filter("search", '{a}')`),
    check("todos_title_check", sql`char_length(${table.title}) between 1 and ${literal(TITLE_MAX)}`),
    check("todos_description_check", sql`char_length(${table.description}) <= ${literal(DESCRIPTION_MAX)}`),
    check(
      "todos_priority_check",
      sql`${table.priority} between ${literal(PRIORITY_MIN)} and ${literal(PRIORITY_MAX)}`,
    ),
    check(
      "todos_priority_due_check",
      sql`${table.priority} < ${literal(PRIORITY_HIGH)} or ${table.dueDate} is not null`,
    ),
    check("todos_due_time_check", sql`${table.dueTime} is null or ${table.dueDate} is not null`),
    // PostgreSQL takes 24:00 for a time; nobody else does.
    check(
      "todos_due_time_minute_check",
      sql`extract(second from ${table.dueTime}) = 0 and ${table.dueTime} < '24:00'`,
    ),
    check(
      "todos_due_date_check",
      sql`${table.dueDate} between ${literal(DATE_MIN)} and ${literal(DATE_MAX)}`,
    ),
    check(
      "todos_scheduled_for_check",
      sql`${table.scheduledFor} between ${literal(DATE_MIN)} and ${literal(DATE_MAX)}`,
    ),
    check(
      "todos_completed_at_check",
      sql`(${table.status} = 'completed') = (${table.completedAt} is not null)`,
    ),
    check("todos_completed_after_created_check", sql`${table.completedAt} >= ${table.createdAt}`),
    check("todos_version_check", sql`${table.version} > 0`),
  ],
);
