import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashToken, newToken } from "@/lib/auth/token";
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

type Context = { now?: string; commandId?: string; ip?: string; userAgent?: string };
const paramsOf = (tokenHash: string | null, context: Context) => {
  const { now = new Date().toISOString(), commandId = "", ip = "", userAgent = "" } = context;
  return [tokenHash, now, commandId, ip, userAgent];
};
const tryEnter = async (tokenHash: string | null, context: Context = {}, sql = app.sql) =>
  (
    await sql<{ entered: unknown }>(
      "select app.try_enter($1, $2, $3, $4, $5)::json as entered",
      paramsOf(tokenHash, context),
    )
  )[0]?.entered;
const changeSession = (assignments: string) =>
  database.sql(`update sessions set ${assignments} where token_hash = $1`, [ada.tokenHash]);
const changeUser = (assignments: string) =>
  database.sql(`update users set ${assignments} where id = $1`, [ada.userId]);

/** What the policies, the triggers and the statements after entering read. */
const WHO = `select app.user_id(), app.organization_ids(), app.writable_organization_ids(), app.personal_organization_id(),
  app.today(), app.local_time(), app.time_zone(), ${["session_id", "command_id", "ip", "user_agent"]
    .map((name) => `coalesce(current_setting('app.${name}', true), '') as ${name}`)
    .join(", ")}`;
const NOBODY = {
  user_id: null,
  organization_ids: null,
  writable_organization_ids: null,
  personal_organization_id: null,
  today: null,
  local_time: null,
  time_zone: "UTC",
  session_id: "",
  command_id: "",
  ip: "",
  user_agent: "",
};

/** Who is not signed in, and why. */
const SIGNED_OUT: [string, () => Promise<unknown>][] = [
  ["an unknown token", async () => hashToken(newToken())],
  ["no token", async () => null],
  ["an empty token", async () => ""],
  ["the token itself instead of its hash", async () => ada.token],
  ["an expired session", () => changeSession("expires_at = now() - interval '1 second'")],
  ["a revoked session", () => changeSession("revoked_at = now()")],
  ["a suspended user's session", () => changeUser("status = 'suspended'")],
  ["a pending user's session", () => changeUser("status = 'pending'")],
  ["a deleted user's session", () => changeUser("status = 'deleted', deleted_at = now()")],
  ["a deleted session", () => database.sql("delete from sessions where token_hash = $1", [ada.tokenHash])],
];
async function tokenOf(arrange: () => Promise<unknown>): Promise<string | null> {
  const arranged = await arrange();
  return typeof arranged === "string" || arranged === null ? arranged : ada.tokenHash;
}

/** One statement that enters and reads, as a scope sends it. */
const ask = (tokenHash: string) =>
  app.sql(
    `select e.entered::json ->> 'name' as name, case when e.entered is not null then app.user_id() end as user_id
       from (select app.try_enter($1, $2, $3, $4, $5) as entered offset 0) e`,
    paramsOf(tokenHash, {}),
  );

describe("app.try_enter", () => {
  it("gives what app.enter gives, and all that entered before it was, and leaves the same settings", async () => {
    const team = newId();
    await database.sql("insert into organizations (id, name) values ($1, 'Team \"A\" \\ Ünited')", [team]);
    await database.sql(
      "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, 'viewer')",
      [newId(), team, ada.userId],
    );
    await changeUser(
      `name = E'O''Hara "\\\\" \\t\\n\\u2028', preferences = '{"timeZone": "Asia/Tokyo", "theme": "d\\"ark"}'`,
    );
    const context = {
      now: "2026-11-20T20:15:30.999Z",
      commandId: newId(),
      ip: "192.0.2.7",
      userAgent: 'Browser/"1"',
    };
    const calls: [string, unknown[]][] = [
      ["app.try_enter($1, $2, $3, $4, $5)::json", paramsOf(ada.tokenHash, context)],
      ["app.enter($1, $2, $3, $4, $5)::json", paramsOf(ada.tokenHash, context)],
      ["app.try_enter($1, $2)", [ada.tokenHash, context]],
      ["app.enter_json($1, $2)", [ada.tokenHash, context]],
    ];
    const answers: { entered: unknown; settings: unknown }[] = [];
    for (const [call, params] of calls) {
      answers.push(
        await app.as(ada, async (sql) => {
          const [row] = await sql(`select ${call} as entered`, params);
          return { entered: row?.entered, settings: await sql(WHO) };
        }),
      );
    }
    const [first, ...others] = answers;
    expect(others).toEqual([first, first, first]);
    expect(first?.entered).toEqual({
      user_id: ada.userId,
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: `${ada.userId}@cairn.example`,
      name: 'O\'Hara "\\" \t\n\u2028',
      preferences: { timeZone: "Asia/Tokyo", theme: 'd"ark' },
      time_zone: "Asia/Tokyo",
      personal_organization_id: ada.organizationId,
      organizations: [
        { id: ada.organizationId, name: "Ada", role: "owner", personal: true },
        { id: team, name: 'Team "A" \\ Ünited', role: "viewer", personal: false },
      ],
      today: "2026-11-21",
      local_time: "05:15:31",
    });
  });

  it.each(SIGNED_OUT)("gives null for %s, and nobody has entered", async (_, arrange) => {
    const tokenHash = await tokenOf(arrange);
    await app.sql("begin");
    expect(await tryEnter(tokenHash)).toBeNull();
    expect(await app.sql(WHO)).toEqual([NOBODY]);
    expect(await app.sql("select from users")).toEqual([]);
    await app.sql("commit");
  });

  it.each(SIGNED_OUT)("gives null for %s on a connection that somebody used before", async (_, arrange) => {
    const bob = await createPerson(database);
    await app.as(bob, (sql) => sql("select from todos"));
    const tokenHash = await tokenOf(arrange);
    expect(await tryEnter(tokenHash)).toBeNull();
    expect(await app.sql(WHO)).toEqual([NOBODY]);
  });

  it.each(SIGNED_OUT)(
    "gives null for %s and clears who entered before in the transaction",
    async (_, arrange) => {
      const bob = await createPerson(database, { preferences: { timeZone: "Asia/Tokyo" } });
      const tokenHash = await tokenOf(arrange);
      const context = { commandId: newId(), ip: "192.0.2.7", userAgent: "Browser/1" };
      const after = await app.as(
        bob,
        async (sql) => {
          expect(await sql(WHO)).toMatchObject([{ user_id: bob.userId, ip: "192.0.2.7" }]);
          expect(await tryEnter(tokenHash, context, sql)).toBeNull();
          return {
            who: await sql(WHO),
            rows: await sql("select from users union all select from memberships"),
          };
        },
        context,
      );
      expect(after).toEqual({ who: [NOBODY], rows: [] });
    },
  );

  it("lets one statement ask who it is and read what they may see", async () => {
    const bob = await createPerson(database, { name: "Bob" });
    expect(await ask(bob.tokenHash)).toEqual([{ name: "Bob", user_id: bob.userId }]);
    await database.sql("update sessions set revoked_at = now() where token_hash = $1", [bob.tokenHash]);
    expect(await ask(bob.tokenHash)).toEqual([{ name: null, user_id: null }]);
  });

  it("and the values behind it leave those of the version before as they are", async () => {
    const types = await app.as(ada, (sql) =>
      sql(
        `select pg_typeof(app.enter_json($1, '{}')) as enter_json, pg_typeof(app.read_counts('null', 9)) as counts,
                pg_typeof(app.read_tags('null')) as tags, pg_typeof(app.read_tags('null', $2::uuid)) as tags_of,
                pg_typeof(app.read_dashboard('null', 20, 30, 200, 12, 5)) as dashboard,
                app.tell_dashboard('null', 20, 30, 200, 12, 5) like 'null,{%' as told`,
        [ada.tokenHash, newId()],
      ),
    );
    const json = "json";
    expect(types).toEqual([
      { enter_json: json, counts: json, tags: json, tags_of: json, dashboard: json, told: true },
    ]);
  });
});
