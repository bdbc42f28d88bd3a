import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashToken, newToken } from "@/lib/auth/token";
import { newId } from "@/lib/db/id";
import { SESSION_ABSOLUTE_DAYS, SESSION_IDLE_DAYS } from "@/lib/db/limits";
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

const enter = async (tokenHash: string, context: object | null = {}) =>
  (await app.sql<Record<string, unknown>>("select * from app.enter($1, $2)", [tokenHash, context]))[0];
const changeSession = (assignments: string) =>
  database.sql(`update sessions set ${assignments} where token_hash = $1`, [ada.tokenHash]);
const changeUser = (assignments: string) =>
  database.sql(`update users set ${assignments} where id = $1`, [ada.userId]);
const SETTINGS = [
  "user_id",
  "session_id",
  "organization_ids",
  "writable_organization_ids",
  "personal_organization_id",
  "time_zone",
  "today",
  "local_time",
  "command_id",
  "ip",
  "user_agent",
];
const readSettings = `select ${SETTINGS.map((name) => `current_setting('app.${name}', true) as ${name}`).join(", ")}`;

async function readSession() {
  const [row] = await database.sql<Record<string, Date>>(
    `select last_seen_at, expires_at, last_active_at, s.created_at from sessions s join users u on u.id = user_id
      where token_hash = $1`,
    [ada.tokenHash],
  );
  return row;
}

describe("app.enter", () => {
  it("gives the person of a living session", async () => {
    await changeUser(`preferences = '{"timeZone": "Asia/Tokyo", "theme": "dark"}'`);
    const [session] = await database.sql("select id from sessions where token_hash = $1", [ada.tokenHash]);
    expect(await enter(ada.tokenHash, { now: "2026-11-20T20:15:30.999Z" })).toEqual({
      user_id: ada.userId,
      session_id: session?.id,
      email: `${ada.userId}@cairn.example`,
      name: "Ada",
      preferences: { timeZone: "Asia/Tokyo", theme: "dark" },
      time_zone: "Asia/Tokyo",
      personal_organization_id: ada.organizationId,
      organizations: [{ id: ada.organizationId, name: "Ada", role: "owner", personal: true }],
      today: expect.any(Date),
      local_time: "05:15:31",
    });
  });

  it.each([
    ["an unknown token", async () => hashToken(newToken())],
    ["an empty token", async () => ""],
    ["the token itself instead of its hash", async () => ada.token],
    ["an expired session", () => changeSession("expires_at = now() - interval '1 second'")],
    ["a revoked session", () => changeSession("revoked_at = now()")],
    ["a suspended user's session", () => changeUser("status = 'suspended'")],
    ["a pending user's session", () => changeUser("status = 'pending'")],
    ["a deleted user's session", () => changeUser("status = 'deleted', deleted_at = now()")],
    ["a deleted session", () => database.sql("delete from sessions where token_hash = $1", [ada.tokenHash])],
  ])("refuses %s with CN401, and nothing after it in the batch runs", async (_, arrange) => {
    const arranged = await arrange();
    const tokenHash = typeof arranged === "string" ? arranged : ada.tokenHash;
    const statements: string[] = [];
    const batch = app.as({ tokenHash }, async () => void statements.push("ran"));
    await expect(batch).rejects.toMatchObject({ code: "CN401", message: "signed out" });
    expect(statements).toEqual([]);
    expect((await app.sql(readSettings))[0]?.user_id ?? "").toBe("");
  });

  it("refuses a missing token", async () => {
    await expect(app.sql("select app.enter(null, '{}')")).rejects.toMatchObject({ code: "CN401" });
  });

  it("leaves its settings in its own transaction only", async () => {
    const commandId = newId();
    const context = { now: "2026-02-03T04:05:06Z", commandId, ip: "192.0.2.7", userAgent: "Browser/1" };
    const inside = await app.as(ada, (sql) => sql(readSettings), context);
    expect(inside[0]).toEqual({
      user_id: ada.userId,
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      organization_ids: `{${ada.organizationId}}`,
      writable_organization_ids: `{${ada.organizationId}}`,
      personal_organization_id: ada.organizationId,
      time_zone: "UTC",
      today: "2026-02-03",
      local_time: "04:05:06",
      command_id: commandId,
      ip: "192.0.2.7",
      user_agent: "Browser/1",
    });
    // A setting that was once made reads as '' afterwards, which the functions take for nothing.
    expect((await app.sql(readSettings))[0]).toEqual(Object.fromEntries(SETTINGS.map((name) => [name, ""])));
    expect(
      await app.sql(
        `select app.user_id(), app.organization_ids(), app.writable_organization_ids(), app.personal_organization_id(), app.today(), app.local_time(), app.time_zone()`,
      ),
    ).toEqual([
      {
        user_id: null,
        organization_ids: null,
        writable_organization_ids: null,
        personal_organization_id: null,
        today: null,
        local_time: null,
        time_zone: "UTC",
      },
    ]);
  });

  it("replaces every setting when another person enters after", async () => {
    const bob = await createPerson(database);
    const both = await app.as(
      ada,
      async (sql) => {
        await sql("select from app.enter($1, '{}')", [bob.tokenHash]);
        return sql(readSettings);
      },
      { commandId: newId(), ip: "192.0.2.7", userAgent: "Browser/1" },
    );
    expect(both[0]).toMatchObject({
      user_id: bob.userId,
      organization_ids: `{${bob.organizationId}}`,
      writable_organization_ids: `{${bob.organizationId}}`,
      personal_organization_id: bob.organizationId,
      command_id: "",
      ip: "",
      user_agent: "",
    });
  });

  it("knows all organizations, the personal one first, and which may be written to", async () => {
    const [team, library, gone] = [newId(), newId(), newId()];
    await database.sql(
      "insert into organizations (id, name, deleted_at) values ($1, 'Team', null), ($2, 'Library', null), ($3, 'Gone', now())",
      [team, library, gone],
    );
    await database.sql(
      "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $7, 'member'), ($3, $4, $7, 'viewer'), ($5, $6, $7, 'owner')",
      [newId(), team, newId(), library, newId(), gone, ada.userId],
    );
    const entered = await enter(ada.tokenHash);
    expect(entered?.organizations).toEqual([
      { id: ada.organizationId, name: "Ada", role: "owner", personal: true },
      { id: library, name: "Library", role: "viewer", personal: false },
      { id: team, name: "Team", role: "member", personal: false },
    ]);
    const [may] = await app.as(ada, (sql) =>
      sql<{ see: string[]; write: string[] }>(
        "select app.organization_ids()::text[] as see, app.writable_organization_ids()::text[] as write",
      ),
    );
    expect(may?.see.toSorted()).toEqual([ada.organizationId, team, library].toSorted());
    expect(may?.write.toSorted()).toEqual([ada.organizationId, team].toSorted());
  });

  it("lets someone without any organization in, who then sees nothing", async () => {
    await database.sql("delete from organizations where id = $1", [ada.organizationId]);
    expect(await enter(ada.tokenHash)).toMatchObject({ personal_organization_id: null, organizations: [] });
    expect(await app.as(ada, (sql) => sql("select from todos"))).toEqual([]);
  });

  it("takes the present when no instant is given", async () => {
    const [row] = await app.sql(
      "select today = (now() at time zone 'UTC')::date as day, local_time - (now() at time zone 'UTC')::time(0) as off from app.enter($1, null)",
      [ada.tokenHash],
    );
    expect(row?.day).toBe(true);
  });
});

describe("the person's day", () => {
  it.each([
    ["UTC", "2026-11-20T23:59:59Z", "2026-11-20", "23:59:59"],
    ["UTC", "2026-11-21T00:00:00Z", "2026-11-21", "00:00:00"],
    ["Pacific/Kiritimati", "2026-11-20T09:59:59Z", "2026-11-20", "23:59:59"],
    ["Pacific/Kiritimati", "2026-11-20T10:00:00Z", "2026-11-21", "00:00:00"],
    ["Pacific/Pago_Pago", "2026-11-21T10:59:59Z", "2026-11-20", "23:59:59"],
    ["Pacific/Pago_Pago", "2026-11-21T11:00:00Z", "2026-11-21", "00:00:00"],
    ["Asia/Kathmandu", "2026-11-20T18:14:59Z", "2026-11-20", "23:59:59"],
    ["Asia/Kathmandu", "2026-11-20T18:15:00Z", "2026-11-21", "00:00:00"],
    // Berlin's clocks go back at 01:00 UTC: the same hour comes twice.
    ["Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25", "02:30:00"],
    ["Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25", "02:30:00"],
    ["Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-24", "23:59:59"],
    ["Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25", "23:59:59"],
    // Santiago's clocks go forward at midnight: the day begins at one.
    ["America/Santiago", "2026-09-06T03:59:59Z", "2026-09-05", "23:59:59"],
    ["America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06", "01:00:00"],
  ])("in %s at %s is %s, %s", async (timeZone, now, day, time) => {
    await database.sql("update users set preferences = $1 where id = $2", [{ timeZone }, ada.userId]);
    const [row] = await app.as(
      ada,
      (sql) =>
        sql("select app.today()::text as day, app.local_time()::text as time, app.time_zone() as zone"),
      { now },
    );
    expect(row).toEqual({ day, time, zone: timeZone });
  });

  it.each(["Mars/Olympus", "", "'; drop table users; --", null, "x".repeat(300)])(
    "is UTC's where the time zone is %j, which nobody knows",
    async (timeZone) => {
      await database.sql("update users set preferences = $1 where id = $2", [{ timeZone }, ada.userId]);
      const entered = await enter(ada.tokenHash, { now: "2026-11-20T12:00:00Z" });
      expect(entered).toMatchObject({ time_zone: "UTC", local_time: "12:00:00" });
    },
  );
});

describe("a session in use", () => {
  it("is noted at most once in five minutes", async () => {
    await changeSession("last_seen_at = now() - interval '4 minutes 50 seconds'");
    const before = await readSession();
    await enter(ada.tokenHash);
    expect(await readSession()).toEqual(before);
    await changeSession("last_seen_at = now() - interval '5 minutes 1 second'");
    await enter(ada.tokenHash);
    const after = await readSession();
    expect(Date.now() - Number(after?.last_seen_at)).toBeLessThan(10_000);
    expect(after?.last_active_at).toEqual(after?.last_seen_at);
  });

  it("lives on for as many days as limits.ts says after its last use", async () => {
    await changeSession("last_seen_at = now() - interval '1 day'");
    await enter(ada.tokenHash);
    const after = await readSession();
    expect(Number(after?.expires_at) - Number(after?.last_seen_at)).toBe(SESSION_IDLE_DAYS * 86_400_000);
  });

  it("ends as many days after its beginning as limits.ts says, however much it is used", async () => {
    await changeSession(
      `last_seen_at = now() - interval '1 day', created_at = now() - interval '${SESSION_ABSOLUTE_DAYS - 3} days'`,
    );
    await enter(ada.tokenHash);
    const after = await readSession();
    expect(Number(after?.expires_at) - Number(after?.created_at)).toBe(SESSION_ABSOLUTE_DAYS * 86_400_000);
  });

  it("is not waited for when another request is noting it", async () => {
    await changeSession("last_seen_at = now() - interval '1 hour'");
    const other = await connectAppUser(database);
    try {
      await app.as(ada, async () => {
        // The first has noted it and not yet committed.
        await other.sql("set lock_timeout = '1s'");
        expect(await other.as(ada, (sql) => sql("select app.user_id()"))).toEqual([{ user_id: ada.userId }]);
      });
    } finally {
      await other.end();
    }
  });

  it("leaves no trace in the audit log by being used", async () => {
    await changeSession("last_seen_at = now() - interval '1 hour'");
    const before = await database.sql("select id from audit_logs order by id");
    await enter(ada.tokenHash);
    expect(await database.sql("select id from audit_logs order by id")).toEqual(before);
  });
});

describe("app.guard", () => {
  it("lets a batch go on whose condition holds", async () => {
    expect(await app.sql("select from app.guard(true, 'CN404', 'x')")).toEqual([{}]);
  });

  it.each([false, null])("ends one whose condition is %s with the code and message given", async (ok) => {
    const batch = app.as(ada, async (sql) => {
      await sql("insert into tags (id, organization_id, name) values ($1, $2, 'Home')", [
        newId(),
        ada.organizationId,
      ]);
      await sql("select app.guard($1, 'CN409', 'stale')", [ok]);
    });
    await expect(batch).rejects.toMatchObject({ code: "CN409", message: "stale" });
    expect(await database.sql("select from tags where organization_id = $1", [ada.organizationId])).toEqual(
      [],
    );
  });
});
