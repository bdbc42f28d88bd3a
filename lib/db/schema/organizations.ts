import { sql } from "drizzle-orm";
import { check, index, pgEnum, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { ORGANIZATION_NAME_MAX } from "../limits";
import { baseColumns, instant } from "./columns";
import { users } from "./users";

export const membershipRole = pgEnum("membership_role", ["owner", "admin", "member", "viewer"]);

/** The tenant. Everyone has a personal one (`personalUserId`); teams are those with more members. */
export const organizations = pgTable(
  "organizations",
  {
    ...baseColumns(),
    name: text("name").notNull(),
    personalUserId: uuid("personal_user_id").references(() => users.id, { onDelete: "cascade" }),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    uniqueIndex("organizations_personal_user_id_key").on(table.personalUserId),
    check(
      "organizations_name_check",
      sql`char_length(${table.name}) between 1 and ${sql.raw(String(ORGANIZATION_NAME_MAX))}`,
    ),
  ],
);

export const memberships = pgTable(
  "memberships",
  {
    ...baseColumns(),
    organizationId: uuid("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: membershipRole("role").notNull(),
  },
  (table) => [
    uniqueIndex("memberships_organization_id_user_id_key").on(table.organizationId, table.userId),
    index("memberships_user_id_index").on(table.userId),
  ],
);
