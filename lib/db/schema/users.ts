import { sql } from "drizzle-orm";
import { check, jsonb, pgEnum, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { BIO_MAX, EMAIL_MAX, PERSON_NAME_MAX } from "../limits";
import { baseColumns, instant } from "./columns";

export const userStatus = pgEnum("user_status", ["pending", "active", "suspended", "deleted"]);

/** What a person has chosen; every key is optional, and a missing one means the default in lib/settings/input.ts. */
export type Preferences = {
  theme?: "system" | "light" | "dark";
  /** An IANA time zone; the default is UTC. */
  timeZone?: string;
  /** The first day of the week, ISO: 1 is Monday, 7 is Sunday. */
  weekStart?: 1 | 6 | 7;
};

export const users = pgTable(
  "users",
  {
    ...baseColumns(),
    /** Lower-case and NFC, so that the unique index knows no variants. */
    email: text("email").notNull(),
    name: text("name").notNull(),
    /** An argon2id PHC string; null for people who only sign in elsewhere. app_user may not read it. */
    passwordHash: text("password_hash"),
    emailVerifiedAt: instant("email_verified_at"),
    status: userStatus("status").notNull().default("active"),
    avatarUrl: text("avatar_url"),
    bio: text("bio").notNull().default(""),
    preferences: jsonb("preferences").$type<Preferences>().notNull().default({}),
    lastLoginAt: instant("last_login_at"),
    lastActiveAt: instant("last_active_at"),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    uniqueIndex("users_email_key").on(table.email),
    check(
      "users_email_check",
      sql`${table.email} = lower(${table.email}) and char_length(${table.email}) between 3 and ${sql.raw(String(EMAIL_MAX))}`,
    ),
    check(
      "users_name_check",
      sql`char_length(${table.name}) between 1 and ${sql.raw(String(PERSON_NAME_MAX))}`,
    ),
    check("users_bio_check", sql`char_length(${table.bio}) <= ${sql.raw(String(BIO_MAX))}`),
    check("users_preferences_check", sql`jsonb_typeof(${table.preferences}) = 'object'`),
    check("users_password_hash_check", sql`${table.passwordHash} like '$argon2id$%'`),
    check("users_deleted_at_check", sql`(${table.status} = 'deleted') = (${table.deletedAt} is not null)`),
  ],
);
