import { eq, isNull, sql } from "drizzle-orm";
import { createInsertSchema, createUpdateSchema } from "drizzle-zod";
import { dueTimeOrEnd, todos } from "../db/schema/todos";
import type { TagLabel, Todo, TodoRow } from "./types";

/** What statements on todos have in common: their columns, as types.ts describes them, and their conditions. */

/** A todo's tags in the row's own statement, so that a list is one query. */
const tags = sql<TagLabel[]>`(
  select coalesce(json_agg(json_build_object('id', tag.id, 'name', tag.name, 'colour', tag.colour)
                           order by lower(tag.name), tag.id), '[]')
    from todo_tags link join tags tag on tag.id = link.tag_id
   where link.todo_id = todos.id)`.mapWith(readTags);

export const rowColumns = {
  id: todos.id,
  organizationId: todos.organizationId,
  title: todos.title,
  hasDescription: sql<boolean>`todos.description <> ''`,
  status: todos.status,
  priority: todos.priority,
  dueDate: todos.dueDate,
  // PostgreSQL gives the seconds too, which are always 00.
  dueTime: sql<string | null>`todos.due_time`.mapWith((time: string) => time.slice(0, 5)),
  scheduledFor: todos.scheduledFor,
  completedAt: todos.completedAt,
  createdAt: todos.createdAt,
  updatedAt: todos.updatedAt,
  deletedAt: todos.deletedAt,
  version: todos.version,
  tags,
} satisfies Record<keyof TodoRow, unknown>;

export const todoColumns = { ...rowColumns, description: todos.description } satisfies Record<
  keyof Todo,
  unknown
>;

/** The fresh row after a write, and whether it is theirs to change: in an organization, viewers only see. */
export const freshRow = {
  todo: todoColumns,
  canWrite: sql<boolean>`todos.organization_id = any (app.writable_organization_ids())`,
};

const writable = {
  title: true,
  description: true,
  priority: true,
  dueDate: true,
  dueTime: true,
  scheduledFor: true,
} as const;

/**
 * The columns that people write, as the table declares them. Whatever else an input carries (its id, its version, or
 * what somebody added to it) does not reach a statement.
 */
export const newRow = createInsertSchema(todos).pick(writable);
export const rowEdit = createUpdateSchema(todos).pick(writable);

/** Settings of the transaction, made by app.enter; in a subquery they are read once and not once per row. */
export const me = sql`(select app.user_id())`;
export const today = sql`(select app.today())`;
export const localTime = sql`(select app.local_time())`;

/**
 * Belongs to whoever asks, in whichever of their organizations. Not in a subquery: only like this does the planner know
 * whose todos it is about, and so how many, and an index is searched with it once.
 */
export const mine = sql`${todos.userId} = app.user_id()`;
export const notDeleted = isNull(todos.deletedAt);
/** Written out, because an index on open todos is only considered for exactly this. */
export const open = sql`${todos.status} in ('pending', 'in_progress')`;
/** A due day without a time lasts until its end. */
export const END_OF_DAY = "24:00";
/** Titles in the order that people expect: without regard to accents and case at first, numbers by their value. */
export const titleOrder = sql`${todos.title} collate "app"."natural"`;
export const timeOrEnd = dueTimeOrEnd(todos.dueTime);
/** Its day is past, or its time of today is. */
export const overdue = sql`(${todos.dueDate}, ${timeOrEnd}) < (${today}, ${localTime})`;
export const dueTodayStill = sql`(${eq(todos.dueDate, today)} and ${timeOrEnd} >= ${localTime})`;

function readTags(value: unknown): TagLabel[] {
  if (!Array.isArray(value)) throw new TypeError("A todo's tags are not a list");
  return value.map((tag: unknown) => {
    if (typeof tag !== "object" || tag === null) throw new TypeError("A tag is not an object");
    const read = (key: keyof TagLabel) => {
      const text: unknown = Reflect.get(tag, key);
      if (typeof text !== "string") throw new TypeError(`A tag has no ${key}`);
      return text;
    };
    return { id: read("id"), name: read("name"), colour: read("colour") };
  });
}
