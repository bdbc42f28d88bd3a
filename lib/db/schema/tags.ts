import { sql } from "drizzle-orm";
import { check, foreignKey, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { TAG_ICON_MAX, TAG_NAME_MAX } from "../limits";
import { baseColumns, instant } from "./columns";
import { organizations } from "./organizations";
import { todos } from "./todos";

export const tags = pgTable(
  "tags",
  {
    ...baseColumns(),
    organizationId: uuid("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    /** NFC; unique in its organization without regard to case. */
    name: text("name").notNull(),
    colour: text("colour").notNull().default("#78716c"),
    icon: text("icon"),
  },
  (table) => [
    unique("tags_organization_id_id_key").on(table.organizationId, table.id),
    uniqueIndex("tags_organization_id_name_key").on(table.organizationId, sql`lower(${table.name})`),
    check("tags_name_check", sql`char_length(${table.name}) between 1 and ${sql.raw(String(TAG_NAME_MAX))}`),
    check("tags_colour_check", sql`${table.colour} ~ '^#[0-9a-f]{6}$'`),
    check("tags_icon_check", sql`char_length(${table.icon}) between 1 and ${sql.raw(String(TAG_ICON_MAX))}`),
  ],
);

export const todoTags = pgTable(
  "todo_tags",
  {
    organizationId: uuid("organization_id").notNull(),
    todoId: uuid("todo_id").notNull(),
    tagId: uuid("tag_id").notNull(),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`now()`),
  },
  (table) => [
    primaryKey({ name: "todo_tags_pkey", columns: [table.todoId, table.tagId] }),
    // The other way round is a covering index in custom SQL.
    foreignKey({
      name: "todo_tags_todo_fkey",
      columns: [table.organizationId, table.todoId],
      foreignColumns: [todos.organizationId, todos.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "todo_tags_tag_fkey",
      columns: [table.organizationId, table.tagId],
      foreignColumns: [tags.organizationId, tags.id],
    }).onDelete("cascade"),
  ],
);
