import { afterAll, beforeAll, expect, it } from "vitest";
import { type AppUser, connectAppUser } from "../helpers/app-user";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { createPerson } from "../helpers/people";
import { writeTag } from "../helpers/rows";

let database: TestDatabase;
let app: AppUser;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await connectAppUser(database);
});
afterAll(async () => {
  await app.end();
  await database.drop();
});

it("app_user is granted what the repositories need, column by column, and no more", async () => {
  const grants = await database.sql<{ line: string }>(
    `with entries as (
       select relname::text as name, relacl as acl from pg_class
        where relkind in ('r', 'v', 'm', 'S', 'p') and relnamespace in ('public'::regnamespace, 'app'::regnamespace, 'migrations'::regnamespace)
       union all
       select format('%s.%s', relname, attname), attacl
         from pg_attribute join pg_class on pg_class.oid = attrelid where attnum > 0
       union all
       select format('schema %s', nspname), nspacl from pg_namespace
     )
     select format('%s %s', lower(privilege_type), name) as line
       from entries, aclexplode(acl) where grantee = 'app_user'::regrole order by name, 1`,
  );
  expect(grants.map(({ line }) => line)).toEqual([
    ...[
      "action",
      "changes",
      "command_id",
      "created_at",
      "entity_id",
      "entity_type",
      "id",
      "organization_id",
      "user_id",
    ].map((column) => `select audit_logs.${column}`),
    "select dashboard_state",
    "select kept_dashboard",
    "select memberships.organization_id",
    "select memberships.user_id",
    "select organizations.id",
    "select organizations.name",
    "usage schema app",
    "usage schema public",
    "delete tags",
    "insert tags",
    "select tags",
    "update tags.colour",
    "update tags.icon",
    "update tags.name",
    "select todo_counts",
    "select todo_done_counts",
    "select todo_due_counts",
    "select todo_tag_counts",
    "delete todo_tags",
    "insert todo_tags",
    "select todo_tags",
    "delete todos",
    "insert todos",
    "select todos",
    ...[
      "deleted_at",
      "description",
      "due_date",
      "due_time",
      "priority",
      "scheduled_for",
      "status",
      "title",
    ].map((column) => `update todos.${column}`),
    "select users.id",
    "select users.name",
    "update users.name",
    "select users.preferences",
    "update users.preferences",
    "select visible_todos",
  ]);
});

it("app_user owns nothing, is a member of nothing, and passes no policy by", async () => {
  expect(
    await database.sql(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
              (select count(*)::int from pg_auth_members where member = pg_roles.oid) as roles,
              (select count(*)::int from pg_class where relowner = pg_roles.oid) as tables,
              (select count(*)::int from pg_proc where proowner = pg_roles.oid) as functions
         from pg_roles where rolname = 'app_user'`,
    ),
  ).toEqual([
    {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      roles: 0,
      tables: 0,
      functions: 0,
    },
  ]);
});

it("every table is under row-level security, and those without a policy are closed", async () => {
  const tables = await database.sql<{ name: string; enabled: boolean; policies: number }>(
    `select relname as name, relrowsecurity as enabled,
            (select count(*)::int from pg_policy where polrelid = pg_class.oid) as policies
       from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  expect(tables.filter(({ enabled }) => !enabled)).toEqual([]);
  expect(tables.filter(({ policies }) => policies === 0).map(({ name }) => name)).toEqual([
    "accounts",
    "dashboard_changes",
    "dashboards",
    "rate_limits",
    "sessions",
    "verification_tokens",
  ]);
});

it("a colleague's address, browser and session are nobody else's to read", async () => {
  const ada = await createPerson(database);
  await writeTag(database, ada, "Home");
  for (const column of ["ip", "user_agent", "session_id"]) {
    await expect(app.as(ada, (sql) => sql(`select ${column} from audit_logs`))).rejects.toMatchObject({
      code: "42501",
    });
  }
  for (const column of ["email", "bio", "avatar_url", "status"]) {
    await expect(app.as(ada, (sql) => sql(`select ${column} from users`))).rejects.toMatchObject({
      code: "42501",
    });
  }
});
