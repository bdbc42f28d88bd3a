import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { type AppUser, connectAppUser } from "../helpers/app-user";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Person, createPerson } from "../helpers/people";

let database: TestDatabase;
let app: AppUser;
/** Two who know nothing of each other, and two who share a team in which Dan only looks on. */
let ada: Person, bob: Person, cleo: Person, dan: Person;
let team: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await connectAppUser(database);
});
afterAll(async () => {
  await app.end();
  await database.drop();
});
beforeEach(async () => {
  ada = await createPerson(database, { name: "Ada" });
  bob = await createPerson(database, { name: "Bob" });
  cleo = await createPerson(database, { name: "Cleo" });
  dan = await createPerson(database, { name: "Dan" });
  team = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
  await addMember(team, cleo, "member");
  await addMember(team, dan, "viewer");
});

const addMember = (organizationId: string, person: Person, role: string) =>
  database.sql("insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, $4)", [
    newId(),
    organizationId,
    person.userId,
    role,
  ]);

/** A todo with a tag, written by the owner of the database. */
async function makeTodo(
  person: Person,
  organizationId = person.organizationId,
  more: { deleted?: boolean } = {},
) {
  const [todoId, tagId] = [newId(), newId()];
  await database.sql(
    "insert into todos (id, organization_id, user_id, title, deleted_at) values ($1, $2, $3, 'Secret', $4)",
    [todoId, organizationId, person.userId, more.deleted ? new Date() : null],
  );
  await database.sql("insert into tags (id, organization_id, name) values ($1, $2, $3)", [
    tagId,
    organizationId,
    tagId,
  ]);
  await database.sql("insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)", [
    organizationId,
    todoId,
    tagId,
  ]);
  return { todoId, tagId };
}

const COUNTERS = ["todo_counts", "todo_due_counts", "todo_done_counts", "todo_tag_counts"];
const READABLE = [
  "users",
  "organizations",
  "memberships",
  "todos",
  "tags",
  "todo_tags",
  "audit_logs",
  ...COUNTERS,
];
const CLOSED = ["sessions", "accounts", "verification_tokens", "rate_limits"];
/** Behind a view of one's own row: tests/dashboard/kept.test.ts. */
const KEPT = ["dashboards", "dashboard_changes"];
const ids = async (sql: AppUser["sql"], query: string, params: unknown[] = []) =>
  (await sql<{ id: string }>(query, params)).map((row) => row.id).toSorted();

describe("before app.enter", () => {
  it("app_user sees no row of any table", async () => {
    await makeTodo(ada);
    const tables = await database.sql<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    expect(tables.map((table) => table.name).toSorted()).toEqual(
      [...READABLE, ...CLOSED, ...KEPT].toSorted(),
    );
    for (const table of READABLE) {
      expect(await app.sql(`select count(*)::int from ${table}`)).toEqual([{ count: 0 }]);
    }
  });

  it("app_user can write nothing", async () => {
    const { todoId, tagId } = await makeTodo(ada, ada.organizationId, { deleted: true });
    const insert = "insert into todos (id, organization_id, user_id, title) values ($1, $2, $3, 'x')";
    await expect(app.sql(insert, [newId(), ada.organizationId, ada.userId])).rejects.toMatchObject({
      code: "42501",
    });
    for (const statement of [
      "update todos set title = 'x'",
      "delete from todos",
      "update tags set name = 'x'",
      "delete from tags",
      "delete from todo_tags",
      "update users set name = 'x'",
    ]) {
      await app.sql(statement);
    }
    expect(await database.sql("select title from todos where id = $1", [todoId])).toEqual([
      { title: "Secret" },
    ]);
    expect(await database.sql("select name from tags where id = $1", [tagId])).toEqual([{ name: tagId }]);
    expect(await database.sql("select from todo_tags where tag_id = $1", [tagId])).toHaveLength(1);
    expect(await database.sql("select from users where name = 'x'")).toEqual([]);
  });

  it("app.search_todos finds nothing", async () => {
    await makeTodo(ada);
    expect(await app.sql("select * from app.search_todos('secret', 10)")).toEqual([]);
  });
});

describe("after app.enter", () => {
  it("everyone sees what is theirs and nothing else", async () => {
    const mine = await makeTodo(ada);
    await makeTodo(bob);
    await app.as(ada, async (sql) => {
      expect(await ids(sql, "select id from users")).toEqual([ada.userId]);
      expect(await ids(sql, "select id from organizations")).toEqual([ada.organizationId]);
      expect(await ids(sql, "select user_id as id from memberships")).toEqual([ada.userId]);
      expect(await ids(sql, "select id from todos")).toEqual([mine.todoId]);
      expect(await ids(sql, "select id from tags")).toEqual([mine.tagId]);
      expect(await ids(sql, "select todo_id as id from todo_tags")).toEqual([mine.todoId]);
      expect(
        await ids(
          sql,
          "select distinct organization_id as id from audit_logs where organization_id is not null",
        ),
      ).toEqual([ada.organizationId]);
      expect(
        await ids(sql, "select distinct user_id as id from audit_logs where organization_id is null"),
      ).toEqual([ada.userId]);
    });
  });

  it("members of a team see each other and what the team has, not each other's own", async () => {
    const shared = await makeTodo(cleo, team);
    const own = await makeTodo(cleo);
    await app.as(dan, async (sql) => {
      expect(await ids(sql, "select id from users")).toEqual([cleo.userId, dan.userId].toSorted());
      expect(await ids(sql, "select id from todos")).toEqual([shared.todoId]);
      expect(
        await ids(sql, "select entity_id as id from audit_logs where entity_id in ($1, $2)", [
          shared.todoId,
          own.todoId,
        ]),
      ).toEqual([
        shared.todoId,
        shared.todoId, // Made and tagged.
      ]);
    });
  });

  it.each(CLOSED)("nobody reads or writes %s", async (table) => {
    await app.as(ada, async (sql) => {
      await sql("savepoint before");
      for (const statement of [
        `select from ${table}`,
        `delete from ${table}`,
        `update ${table} set created_at = now()`,
      ]) {
        await expect(sql(statement)).rejects.toMatchObject({ code: "42501" });
        await sql("rollback to before");
      }
    });
  });

  it.each([
    ["users", "password_hash"],
    ["users", "last_login_at"],
    ["users", "last_active_at"],
    ["users", "deleted_at"],
  ])("nobody reads %s.%s, not even their own", async (table, column) => {
    await expect(app.as(ada, (sql) => sql(`select ${column} from ${table}`))).rejects.toMatchObject({
      code: "42501",
    });
  });

  it.each([
    [
      "users",
      [
        "id",
        "email",
        "status",
        "password_hash",
        "email_verified_at",
        "created_at",
        "updated_at",
        "deleted_at",
      ],
    ],
    ["todos", ["id", "organization_id", "user_id", "version", "created_at", "updated_at", "completed_at"]],
    ["tags", ["id", "organization_id", "created_at", "updated_at"]],
    ["todo_tags", ["organization_id", "todo_id", "tag_id", "created_at"]],
    ["organizations", ["id", "name", "personal_user_id", "deleted_at"]],
    ["memberships", ["organization_id", "user_id", "role"]],
    ["audit_logs", ["changes", "user_id", "created_at", "action"]],
  ])("nobody sets what is not theirs to choose in %s: %j", async (table, columns) => {
    await makeTodo(ada);
    for (const column of columns) {
      const update = app.as(ada, (sql) => sql(`update ${table} set ${column} = ${column}`));
      await expect(update).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("nobody makes or removes people, organizations, memberships or audit rows", async () => {
    for (const statement of [
      `insert into users (id, email, name) values ('${newId()}', 'x@y.example', 'X')`,
      `insert into organizations (id, name) values ('${newId()}', 'X')`,
      `insert into memberships (id, organization_id, user_id, role) values ('${newId()}', '${bob.organizationId}', '${ada.userId}', 'owner')`,
      `insert into audit_logs (entity_type, entity_id, action, changes) values ('todo', '${newId()}', 'create', '{}')`,
      ...["users", "organizations", "memberships", "audit_logs"].map((table) => `delete from ${table}`),
      ...[...READABLE, ...CLOSED, ...KEPT].map((table) => `truncate ${table} cascade`),
      "create table mine (id int)",
      "alter table todos disable row level security",
      "set role cairn_owner",
      "set session_replication_role = replica",
    ]) {
      await expect(app.as(ada, (sql) => sql(statement))).rejects.toMatchObject({ code: "42501" });
    }
  });

  it("nobody reaches another's rows by their ids", async () => {
    const theirs = await makeTodo(bob, bob.organizationId, { deleted: true });
    await app.as(ada, async (sql) => {
      expect(await sql("select from todos where id = $1", [theirs.todoId])).toEqual([]);
      expect(await sql("update todos set title = 'x' where id = $1 returning id", [theirs.todoId])).toEqual(
        [],
      );
      expect(await sql("delete from todos where id = $1 returning id", [theirs.todoId])).toEqual([]);
      expect(await sql("update tags set name = 'x' where id = $1 returning id", [theirs.tagId])).toEqual([]);
      expect(await sql("delete from tags where id = $1 returning id", [theirs.tagId])).toEqual([]);
      expect(
        await sql("delete from todo_tags where todo_id = $1 returning todo_id", [theirs.todoId]),
      ).toEqual([]);
      expect(await sql("update users set name = 'x' where id = $1 returning id", [bob.userId])).toEqual([]);
      // A repeated create is the same create, but not of what is somebody else's.
      expect(
        await sql(
          "insert into todos (id, organization_id, user_id, title) values ($1, $2, $3, 'x') on conflict (id) do nothing returning id",
          [theirs.todoId, ada.organizationId, ada.userId],
        ),
      ).toEqual([]);
    });
  });

  it.each([
    ["in another's organization", () => [bob.organizationId, ada.userId]],
    ["in another's name", () => [ada.organizationId, bob.userId]],
    ["in no organization that exists", () => [newId(), ada.userId]],
  ])("nobody makes a todo %s", async (_, owners) => {
    const insert = app.as(ada, (sql) =>
      sql("insert into todos (id, organization_id, user_id, title) values ($1, $2, $3, 'x')", [
        newId(),
        ...owners(),
      ]),
    );
    await expect(insert).rejects.toMatchObject({ code: "42501" });
  });

  it("nobody links a todo and a tag of different organizations, whichever they name", async () => {
    const [mine, theirs] = [await makeTodo(ada), await makeTodo(bob)];
    const link = (organizationId: string, todoId: string, tagId: string) =>
      app.as(ada, (sql) =>
        sql("insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)", [
          organizationId,
          todoId,
          tagId,
        ]),
      );
    await expect(link(ada.organizationId, mine.todoId, theirs.tagId)).rejects.toMatchObject({
      code: "23503",
      constraint: "todo_tags_tag_fkey",
    });
    await expect(link(ada.organizationId, theirs.todoId, mine.tagId)).rejects.toMatchObject({
      code: "23503",
      constraint: "todo_tags_todo_fkey",
    });
    const { tagId: otherTag } = await makeTodo(bob);
    await expect(link(bob.organizationId, theirs.todoId, otherTag)).rejects.toMatchObject({ code: "42501" });
    // Not even with the owner's rights: the foreign keys carry the organization.
    await expect(
      database.sql("insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)", [
        bob.organizationId,
        mine.todoId,
        theirs.tagId,
      ]),
    ).rejects.toMatchObject({ code: "23503" });
  });

  it("a viewer reads what the team has and writes none of it", async () => {
    const shared = await makeTodo(cleo, team);
    const trashed = await makeTodo(cleo, team, { deleted: true });
    await app.as(dan, async (sql) => {
      expect(await ids(sql, "select id from todos")).toEqual([shared.todoId, trashed.todoId].toSorted());
      for (const statement of [
        "update todos set title = 'x' returning id",
        "delete from todos returning id",
        "update tags set name = 'x' returning id",
        "delete from tags returning id",
        "delete from todo_tags returning todo_id",
      ]) {
        expect(await sql(statement)).toEqual([]);
      }
    });
    for (const [statement, params] of [
      [
        "insert into todos (id, organization_id, user_id, title) values ($1, $2, $3, 'x')",
        [newId(), team, dan.userId],
      ],
      ["insert into tags (id, organization_id, name) values ($1, $2, 'x')", [newId(), team]],
      [
        "insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)",
        [team, shared.todoId, trashed.tagId],
      ],
    ] as const) {
      await expect(app.as(dan, (sql) => sql(statement, [...params]))).rejects.toMatchObject({
        code: "42501",
      });
    }
  });

  it("a member writes what the team has", async () => {
    const shared = await makeTodo(cleo, team);
    const eve = await createPerson(database, { name: "Eve" });
    await addMember(team, eve, "member");
    await app.as(eve, async (sql) => {
      expect(await sql("update todos set title = 'Ours' returning id")).toEqual([{ id: shared.todoId }]);
      expect(await sql("update tags set name = 'Ours' returning id")).toEqual([{ id: shared.tagId }]);
    });
  });

  it("a membership that ended ends with the next request", async () => {
    await makeTodo(cleo, team);
    await database.sql("delete from memberships where organization_id = $1 and user_id = $2", [
      team,
      dan.userId,
    ]);
    expect(await app.as(dan, (sql) => sql("select from todos"))).toEqual([]);
  });

  it("only what lies in the trash can be deleted for ever", async () => {
    const [kept, trashed] = [await makeTodo(ada), await makeTodo(ada, ada.organizationId, { deleted: true })];
    expect(await app.as(ada, (sql) => sql("delete from todos returning id"))).toEqual([
      { id: trashed.todoId },
    ]);
    expect(
      await database.sql("select id from todos where organization_id = $1", [ada.organizationId]),
    ).toEqual([{ id: kept.todoId }]);
  });

  it("people change their own name and preferences", async () => {
    const changed = await app.as(ada, (sql) =>
      sql(`update users set name = 'Ada L', preferences = '{"theme": "dark"}' returning id, name`),
    );
    expect(changed).toEqual([{ id: ada.userId, name: "Ada L" }]);
  });

  it("a new todo's times, version, completion and trash are not its maker's to choose", async () => {
    const [todo] = await app.as(ada, (sql) =>
      sql<Record<string, unknown>>(
        `insert into todos (id, organization_id, user_id, title, created_at, updated_at, version, completed_at, deleted_at)
         values ($1, $2, $3, 'x', '2000-01-01', '2000-01-01', 7, '2030-01-01', '2030-01-01')
         returning created_at = now()::timestamptz(3) as made_now, updated_at = created_at as touched, version, completed_at, deleted_at`,
        [newId(), ada.organizationId, ada.userId],
      ),
    );
    expect(todo).toEqual({ made_now: true, touched: true, version: 1, completed_at: null, deleted_at: null });
  });
});

describe("the functions in app", () => {
  it("are for app_user to run only where it needs them, and for nobody else", async () => {
    const functions = await database.sql<{ name: string; app_user: boolean; everyone: boolean }>(
      `select proname as name, has_function_privilege('app_user', p.oid, 'execute') as app_user,
              exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as everyone
         from pg_proc p where pronamespace = 'app'::regnamespace`,
    );
    expect(functions.filter((one) => one.everyone)).toEqual([]);
    expect(
      functions
        .filter((one) => one.app_user)
        .map((one) => one.name)
        .toSorted(),
    ).toEqual([
      "beginning",
      "colleagues",
      "compute_dashboard",
      "count_words",
      "dashboard",
      "days_in_a_row_before",
      "enter",
      "enter",
      "enter_json",
      "excerpt",
      "foreign_todo_ids",
      "guard",
      "in_part",
      "insert_todos",
      "keep_dashboard",
      "local_time",
      "nearest_words",
      "organization_ids",
      "personal_organization_id",
      "read_counts",
      "read_dashboard",
      "read_tags",
      "read_tags",
      "search_punctuation",
      "search_text",
      "search_todos",
      "search_words",
      "sidebar_counts",
      "tell_counts",
      "tell_dashboard",
      "tell_dashboard",
      "tell_tags",
      "tell_tags",
      "time_zone",
      "today",
      "transfer_todos",
      "try_enter",
      "try_enter",
      "undo_command",
      "undone_by",
      "user_id",
      "uuid_v7",
      "writable_organization_ids",
    ]);
  });

  it("that run with the owner's rights keep to their own search path", async () => {
    const definers = await database.sql(
      "select proname, proconfig from pg_proc where pronamespace = 'app'::regnamespace and prosecdef order by 1",
    );
    const proconfig = ["search_path=pg_catalog, public, pg_temp"];
    expect(definers).toEqual(
      [
        "audit",
        "audit_changed_todos",
        "audit_ended_sessions",
        "audit_hands",
        "audit_links",
        "change_all_dashboards",
        "change_dashboard_of_zone",
        "change_dashboards_of_links",
        "change_dashboards_of_tags",
        "change_dashboards_of_todos",
        "clear_todo_counts",
        "colleagues",
        "count_days_anew",
        "count_links",
        "count_todos",
        "foreign_todo_ids",
        "insert_todos",
        "keep_actors_of_members",
        "keep_actors_of_organizations",
        "keep_actors_of_users",
        "keep_all_actors",
        "keep_dashboard",
        "search_todos",
        "transfer_todos",
        "try_enter",
        "uncount_links",
        "undo_command",
        "undone_by",
      ].map((proname) => ({
        proname,
        proconfig,
      })),
    );
  });

  it("can not be led astray by tables of the same name", async () => {
    await app.as(ada, async (sql) => {
      await sql(
        "create temp table sessions (id uuid, user_id uuid, token_hash text); create temp table todos (id uuid)",
      );
      expect(await sql("select user_id from app.enter($1, '{}')", [ada.tokenHash])).toEqual([
        { user_id: ada.userId },
      ]);
      await sql("drop table pg_temp.sessions, pg_temp.todos");
    });
  });

  it("can not be used to forge the audit log", async () => {
    const forge = app.as(ada, async (sql) => {
      await sql("create temp table forged (id uuid, user_id uuid, title text) on commit drop");
      await sql(
        "create trigger forge after insert on forged referencing new table as new_rows for each statement execute function app.audit('todo', '{}')",
      );
    });
    await expect(forge).rejects.toMatchObject({ code: "42501" });
  });
});
