import { getTableConfig } from "drizzle-orm/pg-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import * as limits from "@/lib/db/limits";
import { organizations } from "@/lib/db/schema/organizations";
import { sessions } from "@/lib/db/schema/sessions";
import { tags } from "@/lib/db/schema/tags";
import { todos } from "@/lib/db/schema/todos";
import { users } from "@/lib/db/schema/users";
import { verificationTokens } from "@/lib/db/schema/verification-tokens";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Person, createPerson } from "../helpers/people";

let database: TestDatabase;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  ada = await createPerson(database);
});
afterAll(() => database.drop());
// Every test's rows go again.
beforeEach(() => database.sql("begin"));
afterEach(() => database.sql("rollback"));

type Columns = Record<string, unknown>;

async function insert(table: string, columns: Columns): Promise<Record<string, unknown>> {
  const names = Object.keys(columns);
  const [row] = await database.sql(
    `insert into ${table} (${names.join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")}) returning *`,
    Object.values(columns),
  );
  return row ?? {};
}

const hex64 = "0123456789abcdef".repeat(4);
/** A row of each table that is right as it is. */
const VALID: Record<string, () => Columns> = {
  todos: () => ({ id: newId(), organization_id: ada.organizationId, user_id: ada.userId, title: "Milk" }),
  tags: () => ({ id: newId(), organization_id: ada.organizationId, name: "Home" }),
  users: () => ({ id: newId(), email: "eve@cairn.example", name: "Eve" }),
  organizations: () => ({ id: newId(), name: "Team" }),
  sessions: () => ({ id: newId(), user_id: ada.userId, token_hash: hex64, expires_at: "2030-01-01" }),
  verification_tokens: () => ({
    id: newId(),
    identifier: "a@b.example",
    token_hash: hex64,
    expires_at: "2030-01-01",
  }),
};

/** For each check: rows that it just lets in, and rows that it refuses. */
const CHECKS: [table: string, check: string, allowed: Columns[], refused: Columns[]][] = [
  [
    "todos",
    "todos_title_check",
    [{ title: "x" }, { title: "x".repeat(limits.TITLE_MAX) }, { title: "🪨".repeat(limits.TITLE_MAX) }],
    [{ title: "" }, { title: "x".repeat(limits.TITLE_MAX + 1) }],
  ],
  [
    "todos",
    "todos_description_check",
    [{ description: "" }, { description: "🪨".repeat(limits.DESCRIPTION_MAX) }],
    [{ description: "x".repeat(limits.DESCRIPTION_MAX + 1) }],
  ],
  [
    "todos",
    "todos_priority_check",
    [{ priority: limits.PRIORITY_MIN }, { priority: limits.PRIORITY_MAX, due_date: "2030-01-01" }],
    [{ priority: limits.PRIORITY_MIN - 1 }, { priority: limits.PRIORITY_MAX + 1, due_date: "2030-01-01" }],
  ],
  [
    "todos",
    "todos_priority_due_check",
    [{ priority: limits.PRIORITY_HIGH - 1 }, { priority: limits.PRIORITY_HIGH, due_date: "2030-01-01" }],
    [{ priority: limits.PRIORITY_HIGH }, { priority: limits.PRIORITY_MAX }],
  ],
  ["todos", "todos_due_time_check", [{ due_time: "09:00", due_date: "2030-01-01" }], [{ due_time: "09:00" }]],
  [
    "todos",
    "todos_due_time_minute_check",
    [
      { due_time: "00:00", due_date: "2030-01-01" },
      { due_time: "23:59", due_date: "2030-01-01" },
    ],
    [
      { due_time: "24:00", due_date: "2030-01-01" },
      { due_time: "09:00:01", due_date: "2030-01-01" },
    ],
  ],
  [
    "todos",
    "todos_due_date_check",
    [{ due_date: limits.DATE_MIN }, { due_date: limits.DATE_MAX }],
    [
      { due_date: "1969-12-31" },
      { due_date: "10000-01-01" },
      { due_date: "infinity" },
      { due_date: "-infinity" },
    ],
  ],
  [
    "todos",
    "todos_scheduled_for_check",
    [{ scheduled_for: limits.DATE_MIN }, { scheduled_for: limits.DATE_MAX }],
    [{ scheduled_for: "1969-12-31" }, { scheduled_for: "10000-01-01" }, { scheduled_for: "infinity" }],
  ],
  [
    "todos",
    "todos_completed_after_created_check",
    [{ status: "completed", created_at: "2026-01-02", completed_at: "2026-01-02" }],
    [{ status: "completed", created_at: "2026-01-02", completed_at: "2026-01-01" }],
  ],
  ["todos", "todos_version_check", [{ version: 1 }], [{ version: 0 }]],
  [
    "tags",
    "tags_name_check",
    [{ name: "x" }, { name: "🪨".repeat(limits.TAG_NAME_MAX) }],
    [{ name: "" }, { name: "x".repeat(limits.TAG_NAME_MAX + 1) }],
  ],
  [
    "tags",
    "tags_colour_check",
    [{ colour: "#00ff9a" }],
    [
      { colour: "red" },
      { colour: "#00FF9A" },
      { colour: "#0f9" },
      { colour: "#00ff9a\n" },
      { colour: "#00ff9g" },
    ],
  ],
  [
    "tags",
    "tags_icon_check",
    [{ icon: null }, { icon: "🪨" }, { icon: "x".repeat(limits.TAG_ICON_MAX) }],
    [{ icon: "" }, { icon: "x".repeat(limits.TAG_ICON_MAX + 1) }],
  ],
  [
    "users",
    "users_email_check",
    [{ email: "a@b" }, { email: `${"x".repeat(limits.EMAIL_MAX - 4)}@b.c` }],
    [
      { email: "Eve@cairn.example" },
      { email: "ÉVE@cairn.example" },
      { email: "ab" },
      { email: `${"x".repeat(limits.EMAIL_MAX - 3)}@b.c` },
    ],
  ],
  [
    "users",
    "users_name_check",
    [{ name: "x" }, { name: "🪨".repeat(limits.PERSON_NAME_MAX) }],
    [{ name: "" }, { name: "x".repeat(limits.PERSON_NAME_MAX + 1) }],
  ],
  [
    "users",
    "users_bio_check",
    [{ bio: "x".repeat(limits.BIO_MAX) }],
    [{ bio: "x".repeat(limits.BIO_MAX + 1) }],
  ],
  [
    "users",
    "users_preferences_check",
    [{ preferences: "{}" }],
    [{ preferences: "[]" }, { preferences: "null" }, { preferences: '"x"' }],
  ],
  [
    "users",
    "users_password_hash_check",
    [{ password_hash: null }, { password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA" }],
    [{ password_hash: "correct horse" }, { password_hash: "$argon2i$v=19$x" }, { password_hash: "" }],
  ],
  [
    "users",
    "users_deleted_at_check",
    [{ status: "deleted", deleted_at: "2026-01-01" }, { status: "suspended" }],
    [{ status: "deleted" }, { status: "active", deleted_at: "2026-01-01" }],
  ],
  [
    "organizations",
    "organizations_name_check",
    [{ name: "x".repeat(limits.ORGANIZATION_NAME_MAX) }],
    [{ name: "" }, { name: "x".repeat(limits.ORGANIZATION_NAME_MAX + 1) }],
  ],
  [
    "sessions",
    "sessions_token_hash_check",
    [{}],
    [
      { token_hash: "" },
      { token_hash: hex64.toUpperCase() },
      { token_hash: hex64.slice(1) },
      { token_hash: `${hex64}0` },
    ],
  ],
  [
    "sessions",
    "sessions_user_agent_check",
    [{ user_agent: null }, { user_agent: "x".repeat(limits.USER_AGENT_MAX) }],
    [{ user_agent: "x".repeat(limits.USER_AGENT_MAX + 1) }],
  ],
  ["verification_tokens", "verification_tokens_token_hash_check", [{}], [{ token_hash: "0" }]],
];

describe("the checks", () => {
  it.each(CHECKS)(
    "of %s: %s lets in what is right and refuses what is not",
    async (table, check, allowed, refused) => {
      for (const columns of allowed) {
        await insert(table, { ...VALID[table]?.(), ...columns });
        await database.sql("rollback");
        await database.sql("begin");
      }
      for (const columns of refused) {
        await database.sql("savepoint before");
        const row = insert(table, { ...VALID[table]?.(), ...columns });
        await expect(row).rejects.toMatchObject({ code: "23514", constraint: check });
        await database.sql("rollback to before");
      }
    },
  );

  it("are all among those tried here, but for the one that a trigger keeps", () => {
    const declared = [todos, tags, users, organizations, sessions, verificationTokens]
      .flatMap((table) => getTableConfig(table).checks.map((check) => check.name))
      .toSorted();
    expect([...CHECKS.map(([, check]) => check), "todos_completed_at_check"].toSorted()).toEqual(declared);
  });

  it("are all of those in the database", async () => {
    const rows = await database.sql<{ name: string }>(
      "select conname as name from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace",
    );
    expect(rows.map((row) => row.name).toSorted()).toEqual(
      [...CHECKS.map(([, check]) => check), "todos_completed_at_check"].toSorted(),
    );
  });

  it("keep completed_at and the status together even when the trigger is off", async () => {
    const { id } = await insert("todos", VALID.todos?.() ?? {});
    await database.sql("alter table todos disable trigger keep_todo");
    const update = database.sql("update todos set status = 'completed' where id = $1", [id]);
    await expect(update).rejects.toMatchObject({ constraint: "todos_completed_at_check" });
  });
});

describe("uniqueness", () => {
  it.each([
    ["users", "users_email_key", () => ({ email: `${ada.userId}@cairn.example` })],
    ["sessions", "sessions_token_hash_key", () => ({ token_hash: ada.tokenHash })],
    ["organizations", "organizations_personal_user_id_key", () => ({ personal_user_id: ada.userId })],
  ])("of %s by %s", async (table, constraint, columns) => {
    const row = insert(table, { ...VALID[table]?.(), ...columns() });
    await expect(row).rejects.toMatchObject({ code: "23505", constraint });
  });

  it.each([
    ["HOME", "home"],
    ["ÉTÉ", "été"],
    ["ΑΘΉΝΑ", "αθήνα"],
    ["МОСКВА", "москва"],
  ])("of tags knows %s and %s as the same name", async (upper, lower) => {
    await insert("tags", { ...VALID.tags?.(), name: upper });
    await expect(insert("tags", { ...VALID.tags?.(), name: lower })).rejects.toMatchObject({
      constraint: "tags_organization_id_name_key",
    });
  });

  it("of tags ends at the organization", async () => {
    await insert("tags", VALID.tags?.() ?? {});
    const { id } = await insert("organizations", VALID.organizations?.() ?? {});
    expect(await insert("tags", { ...VALID.tags?.(), organization_id: id })).toMatchObject({ name: "Home" });
  });

  it("of memberships and of accounts elsewhere", async () => {
    const again = insert("memberships", {
      id: newId(),
      organization_id: ada.organizationId,
      user_id: ada.userId,
      role: "viewer",
    });
    await expect(again).rejects.toMatchObject({ constraint: "memberships_organization_id_user_id_key" });
    await database.sql("rollback");
    await database.sql("begin");
    const account = { user_id: ada.userId, type: "oidc", provider: "p", provider_account_id: "1" };
    await insert("accounts", { id: newId(), ...account });
    await expect(insert("accounts", { id: newId(), ...account })).rejects.toMatchObject({
      constraint: "accounts_provider_key",
    });
  });
});

describe("a todo's row", () => {
  it("gets a new version and time with every update, also of raw SQL that says otherwise", async () => {
    const old = "2020-01-01T00:00:00.000Z";
    const { id } = await insert("todos", { ...VALID.todos?.(), created_at: old, updated_at: old });
    await database.sql("update todos set title = 'a' where id = $1", [id]);
    const [row] = await database.sql(
      "update todos set title = 'b', version = 1, updated_at = '2020-01-01' where id = $1 returning version, updated_at = now()::timestamptz(3) as now",
      [id],
    );
    expect(row).toEqual({ version: 3, now: true });
  });

  it("has completed_at exactly while it is completed", async () => {
    const { id, completed_at } = await insert("todos", VALID.todos?.() ?? {});
    expect(completed_at).toBeNull();
    const set = async (assignments: string) =>
      (await database.sql(`update todos set ${assignments} where id = $1 returning completed_at`, [id]))[0]
        ?.completed_at;
    const completed = await set("status = 'completed'");
    expect(completed).toBeInstanceOf(Date);
    // It stays the same through other changes, and through being completed again.
    expect(await set("title = 'x'")).toEqual(completed);
    expect(await set("status = 'completed'")).toEqual(completed);
    expect(await set("status = 'in_progress'")).toBeNull();
    expect(await set("completed_at = now()")).toBeNull();
    expect(await set("status = 'completed', completed_at = now() + interval '1 day'")).toEqual(
      new Date(Number(completed) + 86_400_000),
    );
  });

  it("can be made completed, and completed when the clock was set back", async () => {
    expect(await insert("todos", { ...VALID.todos?.(), status: "completed" })).toMatchObject({
      completed_at: expect.any(Date),
    });
    const created_at = new Date(Date.now() + 60_000);
    const { id } = await insert("todos", { ...VALID.todos?.(), created_at });
    const [row] = await database.sql(
      "update todos set status = 'completed' where id = $1 returning completed_at",
      [id],
    );
    expect(row).toEqual({ completed_at: created_at });
  });

  it("keeps instants to the millisecond, so that a Date carries all of them", async () => {
    const rows = await database.sql(
      `select table_name, column_name from information_schema.columns
        where table_schema = 'public' and data_type = 'timestamp with time zone' and datetime_precision <> 3`,
    );
    expect(rows.filter((row) => !String(row.table_name).startsWith("pg_stat"))).toEqual([]);
  });

  it("has the words of its title and description, whoever writes what", async () => {
    const { id } = await insert("todos", { ...VALID.todos?.(), title: "Café", search: "'forged':1" });
    const words = async (assignments: string) => {
      const [row] = await database.sql<{ search: string }>(
        `update todos set ${assignments} where id = $1 returning search::text`,
        [id],
      );
      return row?.search;
    };
    expect(await words("priority = priority")).toBe("'cafe':1A");
    expect(await words("description = 'two loaves'")).toBe("'cafe':1A 'loav':3B 'two':2B");
    expect(await words("title = 'Bread', search = null")).toBe("'bread':1A 'loav':3B 'two':2B");
    expect(await words("search = ''")).toBe("'bread':1A 'loav':3B 'two':2B");
  });

  it("takes the longest words that the limits allow into its search column", async () => {
    const texts = [
      "x".repeat(limits.DESCRIPTION_MAX),
      Array.from({ length: limits.DESCRIPTION_MAX / 2 }, (_, index) =>
        String.fromCodePoint(0x4e00 + index),
      ).join(" "),
      "🪨 ".repeat(limits.DESCRIPTION_MAX / 2),
    ];
    for (const description of texts) {
      expect(await insert("todos", { ...VALID.todos?.(), description })).toMatchObject({ description });
    }
  });
});

describe("updated_at", () => {
  it.each(["users", "organizations", "sessions", "tags", "verification_tokens"])(
    "of %s is true for raw SQL too",
    async (table) => {
      const old = "2020-01-01T00:00:00.000Z";
      const { id } = await insert(table, { ...VALID[table]?.(), created_at: old, updated_at: old });
      const [row] = await database.sql(
        `update ${table} set created_at = created_at where id = $1 returning updated_at = now()::timestamptz(3) as now`,
        [id],
      );
      expect(row).toEqual({ now: true });
    },
  );

  it("is kept by a trigger in every table that has it", async () => {
    const rows = await database.sql<{ name: string; kept: boolean }>(
      `select table_name as name, exists (
         select from pg_trigger where tgrelid = table_name::regclass and tgname in ('touch', 'keep_todo')) as kept
         from information_schema.columns where table_schema = 'public' and column_name = 'updated_at'`,
    );
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.kept)).toEqual([]);
  });
});

describe("deleting", () => {
  it("a person who still owns todos is refused", async () => {
    await insert("todos", VALID.todos?.() ?? {});
    // The personal organization would take them along; in a team's they would be left without an owner.
    await database.sql("update organizations set personal_user_id = null where id = $1", [
      ada.organizationId,
    ]);
    const gone = database.sql("delete from users where id = $1", [ada.userId]);
    await expect(gone).rejects.toMatchObject({ constraint: "todos_user_id_users_id_fk" });
  });

  it("an organization takes its memberships, todos, tags and links along, and leaves its history", async () => {
    const todo = await insert("todos", VALID.todos?.() ?? {});
    const tag = await insert("tags", VALID.tags?.() ?? {});
    await insert("todo_tags", { organization_id: ada.organizationId, todo_id: todo.id, tag_id: tag.id });
    await database.sql("delete from organizations where id = $1", [ada.organizationId]);
    for (const table of ["memberships", "todos", "tags", "todo_tags"]) {
      expect(
        await database.sql(`select from ${table} where organization_id = $1`, [ada.organizationId]),
      ).toEqual([]);
    }
    expect(
      await database.sql("select action from audit_logs where entity_id = $1 order by id", [todo.id]),
    ).toEqual(expect.arrayContaining([{ action: "create" }, { action: "purge" }]));
  });
});
