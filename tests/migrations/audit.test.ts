import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { type AppUser, connectAppUser } from "../helpers/app-user";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Person, createPerson } from "../helpers/people";

let database: TestDatabase;
let app: AppUser;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await connectAppUser(database);
});
afterAll(async () => {
  await app.end();
  await database.drop();
});
beforeEach(async () => {
  ada = await createPerson(database);
});

type Entry = { entity: string; action: string; changes: Record<string, [unknown, unknown]> };

/** What the audit log has about these rows, in order. */
const history = (...entityIds: string[]) =>
  database.sql<Entry>(
    "select entity_type as entity, action, changes from audit_logs where entity_id = any ($1) order by id",
    [entityIds],
  );
const actions = async (...entityIds: string[]) =>
  (await history(...entityIds)).map(({ entity, action }) => `${entity} ${action}`);

async function makeTodo(columns: Record<string, unknown> = {}): Promise<string> {
  const id = newId();
  const row = { id, organization_id: ada.organizationId, user_id: ada.userId, title: "Milk", ...columns };
  const names = Object.keys(row);
  await app.as(ada, (sql) =>
    sql(
      `insert into todos (${names.join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")})`,
      Object.values(row),
    ),
  );
  return id;
}

const change = (id: string, assignments: string) =>
  app.as(ada, (sql) => sql(`update todos set ${assignments} where id = $1`, [id]));

describe("a change of a todo", () => {
  it("is remembered with who, in which session and request, from where", async () => {
    const commandId = newId();
    const id = newId();
    await app.as(
      ada,
      (sql) =>
        sql("insert into todos (id, organization_id, user_id, title) values ($1, $2, $3, 'Milk')", [
          id,
          ada.organizationId,
          ada.userId,
        ]),
      { commandId, ip: "192.0.2.9", userAgent: "Browser/1" },
    );
    const [session] = await database.sql("select id from sessions where token_hash = $1", [ada.tokenHash]);
    const [row] = await database.sql("select * from audit_logs where entity_id = $1", [id]);
    expect(row).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      created_at: expect.any(Date),
      organization_id: ada.organizationId,
      user_id: ada.userId,
      session_id: session?.id,
      command_id: commandId,
      entity_type: "todo",
      entity_id: id,
      action: "create",
      changes: {
        id: [null, id],
        organization_id: [null, ada.organizationId],
        user_id: [null, ada.userId],
        title: [null, "Milk"],
        description: [null, ""],
        status: [null, "pending"],
        priority: [null, 0],
      },
      ip: "192.0.2.9",
      user_agent: "Browser/1",
    });
  });

  it.each([
    [
      "update",
      "title = 'Bread', description = 'Rye'",
      { title: ["Milk", "Bread"], description: ["", "Rye"] },
    ],
    ["update", "priority = 5, due_date = '2030-01-02'", { priority: [0, 5], due_date: [null, "2030-01-02"] }],
    [
      "update",
      "due_date = '2030-01-02', due_time = '09:30', scheduled_for = '2030-01-01'",
      { due_date: [null, "2030-01-02"], due_time: [null, "09:30:00"], scheduled_for: [null, "2030-01-01"] },
    ],
    ["start", "status = 'in_progress'", { status: ["pending", "in_progress"] }],
    [
      "complete",
      "status = 'completed'",
      { status: ["pending", "completed"], completed_at: [null, expect.any(String)] },
    ],
    ["cancel", "status = 'cancelled'", { status: ["pending", "cancelled"] }],
    ["delete", "deleted_at = now()", { deleted_at: [null, expect.any(String)] }],
  ])("is called %s when it sets %s, with before and after", async (action, assignments, changes) => {
    const id = await makeTodo();
    await change(id, assignments);
    expect((await history(id)).slice(1)).toEqual([{ entity: "todo", action, changes }]);
  });

  it("is remembered in every column that there is, but for those that only keep its books", async () => {
    const [id, bob] = [await makeTodo(), await createPerson(database)];
    const row = async () =>
      (
        await database.sql<{ row: Record<string, unknown> }>(
          "select to_jsonb(t) as row from todos t where id = $1",
          [id],
        )
      )[0]?.row ?? {};
    const before = await row();
    await database.sql(
      `update todos
          set organization_id = $2, user_id = $3, title = 'Bread', description = 'Rye', status = 'completed', priority = 5,
              due_date = '2030-01-02', due_time = '09:30', scheduled_for = '2030-01-01', deleted_at = now()
        where id = $1`,
      [id, bob.organizationId, bob.userId],
    );
    const after = await row();
    const books = ["id", "search", "version", "created_at", "updated_at", "postponed"];
    const columns = Object.keys(after).filter((column) => !books.includes(column));
    expect((await history(id))[1]?.changes).toEqual(
      Object.fromEntries(columns.map((column) => [column, [before[column], after[column]]])),
    );
    expect(columns.filter((column) => before[column] === after[column])).toEqual([]);
  });

  it("is called reopen and restore when it goes back", async () => {
    const id = await makeTodo();
    await change(id, "status = 'completed'");
    await change(id, "status = 'pending'");
    await change(id, "deleted_at = now()");
    await change(id, "deleted_at = null");
    expect(await actions(id)).toEqual([
      "todo create",
      "todo complete",
      "todo reopen",
      "todo delete",
      "todo restore",
    ]);
    expect((await history(id))[2]?.changes).toEqual({
      status: ["completed", "pending"],
      completed_at: [expect.any(String), null],
    });
  });

  it("is called transfer when it gets another owner", async () => {
    const [id, bob] = [await makeTodo(), await createPerson(database)];
    await database.sql("update todos set user_id = $2 where id = $1", [id, bob.userId]);
    expect((await history(id))[1]).toEqual({
      entity: "todo",
      action: "transfer",
      changes: { user_id: [ada.userId, bob.userId] },
    });
  });

  it("is not remembered when nothing but its version and time changed", async () => {
    const id = await makeTodo();
    await change(id, "title = title, priority = 0");
    expect(await actions(id)).toEqual(["todo create"]);
  });

  it("gives one row for each todo of a statement, however many, all of one command", async () => {
    const commandId = newId();
    const [{ made } = { made: [] }] = await app.as(
      ada,
      async (sql) => {
        await sql(
          `insert into todos (id, organization_id, user_id, title)
           select gen_random_uuid(), $1, $2, 'Todo ' || n from generate_series(1, 500) n`,
          [ada.organizationId, ada.userId],
        );
        await sql("update todos set status = 'completed' where user_id = $1", [ada.userId]);
        await sql("update todos set deleted_at = now() where user_id = $1", [ada.userId]);
        return sql<{ made: string[] }>(
          "with gone as (delete from todos returning id) select array_agg(id) as made from gone",
        );
      },
      { commandId },
    );
    expect(made).toHaveLength(500);
    expect(
      await database.sql(
        `select action, count(*)::int, count(distinct entity_id)::int as todos from audit_logs
          where command_id = $1 and entity_id = any ($2) group by action order by min(id::text)`,
        [commandId, made],
      ),
    ).toEqual(
      ["create", "complete", "delete", "purge"].map((action) => ({ action, count: 500, todos: 500 })),
    );
  });

  it("leaves nothing in the log when its transaction fails", async () => {
    const id = await makeTodo();
    const batch = app.as(ada, async (sql) => {
      await sql("update todos set title = 'Bread' where id = $1", [id]);
      await sql("select app.guard(false, 'CN409', 'stale')");
    });
    await expect(batch).rejects.toMatchObject({ code: "CN409" });
    expect(await actions(id)).toEqual(["todo create"]);
  });

  it("is remembered for raw SQL by the owner too, with nobody as the one who did it", async () => {
    const id = await makeTodo();
    await database.sql("update todos set title = 'Bread' where id = $1", [id]);
    expect(
      await database.sql(
        "select user_id, session_id, command_id, ip from audit_logs where entity_id = $1 and action = 'update'",
        [id],
      ),
    ).toEqual([{ user_id: null, session_id: null, command_id: null, ip: null }]);
  });
});

describe("deleting for ever", () => {
  it("keeps the title and nothing else of what the todo said", async () => {
    const id = await makeTodo({ description: "a secret", title: "Milk" });
    await change(id, "description = 'another secret', priority = 2");
    await change(id, "description = 'the last secret'");
    await change(id, "deleted_at = now()");
    const other = await makeTodo({ description: "kept" });
    await app.as(ada, (sql) => sql("delete from todos where id = $1", [id]));

    const entries = await history(id);
    expect(entries.map((entry) => entry.action)).toEqual(["create", "update", "update", "delete", "purge"]);
    expect(entries.at(-1)?.changes).toEqual({ title: ["Milk", null] });
    expect(entries[0]?.changes).toMatchObject({ title: [null, "Milk"], description: [null, null] });
    expect(entries[1]?.changes).toEqual({ priority: [0, 2], description: [null, null] });
    expect(JSON.stringify(entries)).not.toContain("secret");
    expect((await history(other))[0]?.changes.description).toEqual([null, "kept"]);
  });

  it("does not speak of the tags that went with it", async () => {
    const [id, tagId] = [await makeTodo(), newId()];
    await app.as(ada, async (sql) => {
      await sql("insert into tags (id, organization_id, name) values ($1, $2, 'Home')", [
        tagId,
        ada.organizationId,
      ]);
      await sql("insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)", [
        ada.organizationId,
        id,
        tagId,
      ]);
      await sql("update todos set deleted_at = now() where id = $1", [id]);
      await sql("delete from todos where id = $1", [id]);
    });
    expect(await actions(id)).toEqual(["todo create", "todo tag", "todo delete", "todo purge"]);
  });
});

describe("tags", () => {
  it("are remembered when they are made, changed and deleted", async () => {
    const id = newId();
    await app.as(ada, async (sql) => {
      await sql("insert into tags (id, organization_id, name) values ($1, $2, 'Home')", [
        id,
        ada.organizationId,
      ]);
      await sql("update tags set name = 'House', colour = '#112233' where id = $1", [id]);
      await sql("delete from tags where id = $1", [id]);
    });
    const [created, updated, deleted] = await history(id);
    expect(created).toMatchObject({ entity: "tag", action: "create", changes: { name: [null, "Home"] } });
    expect(updated).toEqual({
      entity: "tag",
      action: "update",
      changes: { name: ["Home", "House"], colour: ["#78716c", "#112233"] },
    });
    expect(deleted).toMatchObject({ entity: "tag", action: "delete", changes: { name: ["House", null] } });
  });

  it("of a todo are part of its history, with the name that they had, also when the tag is deleted", async () => {
    const [id, home, work] = [await makeTodo(), newId(), newId()];
    await app.as(ada, async (sql) => {
      await sql("insert into tags (id, organization_id, name) values ($1, $3, 'Home'), ($2, $3, 'Work')", [
        home,
        work,
        ada.organizationId,
      ]);
      await sql(
        "insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3), ($1, $2, $4)",
        [ada.organizationId, id, home, work],
      );
      await sql("delete from todo_tags where tag_id = $1", [work]);
      await sql("delete from tags where id = $1", [home]);
    });
    const entries = (await history(id)).slice(1);
    expect(entries.slice(0, 2)).toEqual(
      expect.arrayContaining([
        { entity: "todo", action: "tag", changes: { tags: [null, { id: home, name: "Home" }] } },
        { entity: "todo", action: "tag", changes: { tags: [null, { id: work, name: "Work" }] } },
      ]),
    );
    expect(entries.slice(2)).toEqual([
      { entity: "todo", action: "untag", changes: { tags: [{ id: work, name: "Work" }, null] } },
      { entity: "todo", action: "untag", changes: { tags: [{ id: home, name: "Home" }, null] } },
    ]);
    expect(await database.sql("select from todo_tags where todo_id = $1", [id])).toEqual([]);
  });
});

describe("an account", () => {
  it("is remembered from its making, done by the person themselves", async () => {
    const rows = await database.sql(
      `select entity_type, action, user_id, organization_id from audit_logs where user_id = $1 order by id`,
      [ada.userId],
    );
    expect(rows).toHaveLength(4);
    expect(rows).toEqual(
      expect.arrayContaining([
        { entity_type: "user", action: "create", user_id: ada.userId, organization_id: null },
        {
          entity_type: "organization",
          action: "create",
          user_id: ada.userId,
          organization_id: ada.organizationId,
        },
        {
          entity_type: "membership",
          action: "create",
          user_id: ada.userId,
          organization_id: ada.organizationId,
        },
        { entity_type: "session", action: "sign_in", user_id: ada.userId, organization_id: null },
      ]),
    );
  });

  it("shows its changes, but never a password's hash or a session's token", async () => {
    await database.sql("update users set password_hash = '$argon2id$first' where id = $1", [ada.userId]);
    await database.sql("update users set password_hash = '$argon2id$second', bio = 'b' where id = $1", [
      ada.userId,
    ]);
    await app.as(ada, (sql) => sql("update users set name = 'Ada L'"));
    const withPassword = newId();
    await database.sql(
      "insert into users (id, email, name, password_hash) values ($1, $2, 'X', '$argon2id$third')",
      [withPassword, `${withPassword}@cairn.example`],
    );
    expect((await history(ada.userId)).slice(1)).toEqual([
      { entity: "user", action: "update", changes: { password: ["(hidden)", "(hidden)"] } },
      { entity: "user", action: "update", changes: { password: ["(hidden)", "(hidden)"], bio: ["", "b"] } },
      { entity: "user", action: "update", changes: { name: ["Ada", "Ada L"] } },
    ]);
    expect((await history(withPassword))[0]?.changes).toMatchObject({ password: ["(hidden)", "(hidden)"] });
    const everything = JSON.stringify(await database.sql("select * from audit_logs"));
    expect(everything).not.toContain("$argon2id$");
    expect(everything).not.toContain(ada.tokenHash);
  });

  it("does not take being seen for a change", async () => {
    await database.sql("update users set last_active_at = now(), last_login_at = now() where id = $1", [
      ada.userId,
    ]);
    await database.sql("update sessions set last_seen_at = now(), expires_at = now() where user_id = $1", [
      ada.userId,
    ]);
    expect(await actions(ada.userId)).toEqual(["user create"]);
  });

  it("does not say that a person suspended or deleted themselves", async () => {
    await database.sql("update users set status = 'suspended' where id = $1", [ada.userId]);
    await database.sql("update users set status = 'deleted', deleted_at = now() where id = $1", [ada.userId]);
    expect(
      await database.sql("select action, user_id from audit_logs where entity_id = $1 order by id", [
        ada.userId,
      ]),
    ).toEqual([
      { action: "create", user_id: ada.userId },
      { action: "update", user_id: null },
      { action: "delete", user_id: null },
    ]);
  });

  it("remembers signing in, signing out and a session's revocation", async () => {
    const [first] = await database.sql<{ id: string }>("select id from sessions where user_id = $1", [
      ada.userId,
    ]);
    const other = newId();
    await database.sql(
      "insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now())",
      [other, ada.userId, "0".repeat(64)],
    );
    await database.sql("update sessions set revoked_at = now() where id = $1", [other]);
    await database.sql(
      "delete from sessions where id = $1 and set_config('app.user_id', user_id::text, false) <> ''",
      [first?.id],
    );
    await database.sql("reset app.user_id");
    expect(await actions(other)).toEqual(["session sign_in", "session revoke"]);
    expect(await actions(first?.id ?? "")).toEqual(["session sign_in", "session sign_out"]);
    expect(
      await database.sql(
        "select distinct user_id from audit_logs where entity_type = 'session' and entity_id in ($1, $2)",
        [other, first?.id],
      ),
    ).toEqual([{ user_id: ada.userId }]);
  });

  it("says that a session ended, and not that anybody signed out, when nobody is there who did", async () => {
    const [session] = await database.sql<{ id: string }>("select id from sessions where user_id = $1", [
      ada.userId,
    ]);
    await database.sql("delete from sessions where id = $1", [session?.id]);
    expect(
      await database.sql(
        "select action, user_id, changes from audit_logs where entity_id = $1 and action <> 'sign_in'",
        [session?.id],
      ),
    ).toEqual([{ action: "end", user_id: null, changes: { user_id: [ada.userId, null] } }]);
  });

  it("remembers other ways to sign in, and changes of organizations and memberships", async () => {
    const [account, team, membership] = [newId(), newId(), newId()];
    await database.sql(
      "insert into accounts (id, user_id, type, provider, provider_account_id) values ($1, $2, 'oidc', 'p', '1')",
      [account, ada.userId],
    );
    await database.sql("update accounts set provider_account_id = '2' where id = $1", [account]);
    await database.sql("delete from accounts where id = $1", [account]);
    expect(await actions(account)).toEqual(["account create", "account update", "account delete"]);

    await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
    await database.sql(
      "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, 'member')",
      [membership, team, ada.userId],
    );
    await database.sql("update memberships set role = 'admin' where id = $1", [membership]);
    await database.sql("update organizations set name = 'Crew' where id = $1", [team]);
    await database.sql("update organizations set deleted_at = now() where id = $1", [team]);
    await database.sql("update organizations set deleted_at = null where id = $1", [team]);
    await database.sql("delete from organizations where id = $1", [team]);
    expect(await actions(membership)).toEqual([
      "membership create",
      "membership update",
      "membership delete",
    ]);
    expect(await actions(team)).toEqual([
      "organization create",
      "organization update",
      "organization delete",
      "organization restore",
      "organization delete",
    ]);
  });
});

describe("every table that people's doings change", () => {
  it("has an audit trigger for each kind of change", async () => {
    const rows = await database.sql<{ name: string; events: string }>(
      `select tgrelid::regclass::text as name, string_agg(replace(tgname, 'audit_', ''), ' ' order by tgname) as events
         from pg_trigger where tgname like 'audit\\_%' group by 1 order by 1`,
    );
    expect(rows).toEqual([
      ...["accounts", "memberships", "organizations"].map((name) => ({
        name,
        events: "delete insert update",
      })),
      { name: "sessions", events: "delete end insert update" },
      { name: "tags", events: "delete insert update" },
      { name: "todo_tags", events: "delete insert" }, // A link is made or not; nobody may change one.
      { name: "todos", events: "delete insert update" },
      { name: "users", events: "delete insert update" },
    ]);
  });
});

describe("app.uuid_v7", () => {
  it("makes ids of version 7 that sort by their time, to the microsecond", async () => {
    const rows = await database.sql<{ id: string; milliseconds: string }>(
      `select app.uuid_v7(at)::text as id, floor(extract(epoch from at) * 1000)::text as milliseconds from unnest(array[
         '1970-01-01 00:00:00.000001Z', '2026-11-20 10:00:00.000000Z', '2026-11-20 10:00:00.000001Z', '2026-11-20 10:00:00.000999Z',
         '2026-11-20 10:00:00.001000Z', '2026-11-20 10:00:00.999999Z', '9999-12-31 23:59:59.999999Z']::timestamptz[]) at`,
    );
    expect(rows.map((row) => row.id)).toEqual(rows.map((row) => row.id).toSorted());
    for (const { id, milliseconds } of rows) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Number(milliseconds));
    }
    const [{ distinct } = { distinct: 0 }] = await database.sql<{ distinct: number }>(
      "select count(distinct app.uuid_v7())::int as distinct from generate_series(1, 10000)",
    );
    expect(distinct).toBe(10_000);
  });
});
