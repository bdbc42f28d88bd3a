import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newToken, hashToken } from "@/lib/auth/token";
import { openAppDatabases, type AppDatabases } from "@/lib/db/client";
import { Refused } from "@/lib/db/errors";
import { newId } from "@/lib/db/id";
import { createMemory } from "@/lib/db/memory";
import { tags } from "@/lib/db/schema/tags";
import { users } from "@/lib/db/schema/users";
import { createScope, type Call } from "@/lib/db/scope";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { atOnce } from "../helpers/gate";

let database: TestDatabase;
let proxy: CountingProxy;
let databases: AppDatabases;
/** Of all people, as a process has it. */
const memory = createMemory(10_000);

beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql(`
    create function app.value_of(before text, expression text) returns text language plpgsql volatile strict as $$
    declare
      value json;
    begin
      execute 'select to_json((' || expression || '))' into value;
      return concat(before, ',', coalesce(value, 'null'));
    end $$;
    -- Its argument is what is true, and the etag of that.
    create function app.known_value(before text, value text, known text) returns text language plpgsql stable strict as $$
    begin
      return concat(before, ',', case when value = known then 'null' else json_build_array(value, json_build_array(value)) end);
    end $$;
    create function app.value_of_now(before text, value text, known text) returns text language plpgsql stable strict as $$
    begin
      return concat(before, ',', json_build_array('', json_build_array(value)));
    end $$;
    create function app.value_of(before text, expression text, known text) returns text language sql stable strict
    return app.value_of(before, expression);`);
  proxy = await startCountingProxy(database.endpoint);
  databases = openAppDatabases({
    databaseUrl: database.databaseUrl,
    endpoint: proxy.url,
    authSecret: database.authSecret,
  });
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});
beforeEach(() => {
  proxy.setFault(null);
  proxy.reset();
});

/** A signed-in person with a personal organization. */
async function makePerson(preferences: object = {}) {
  const [userId, organizationId, token] = [newId(), newId(), newToken()];
  await database.sql("insert into users (id, email, name, preferences) values ($1, $2, 'Ada', $3)", [
    userId,
    `${userId}@cairn.example`,
    preferences,
  ]);
  await database.sql("insert into organizations (id, name, personal_user_id) values ($1, 'Ada', $2)", [
    organizationId,
    userId,
  ]);
  await database.sql(
    "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, 'owner')",
    [newId(), organizationId, userId],
  );
  await database.sql(
    "insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')",
    [newId(), userId, hashToken(token)],
  );
  const scope = (now = new Date()) =>
    createScope({
      databases,
      tokenHash: hashToken(token),
      context: { now, ip: "192.0.2.1", userAgent: "test" },
      memory,
    });
  return { userId, organizationId, scope };
}

/** Asks for the value of an expression. */
function valueOf(expression: string): Call {
  return { function: "value_of", arguments: [expression] };
}

/** Asks for a value that has an etag. */
function knownValue(value: string): Call {
  return { function: "known_value", arguments: [value], hasEtag: true };
}

async function refusalOf(promise: Promise<unknown>) {
  return promise.then(
    () => null,
    (error: unknown) => (error instanceof Refused ? error.failure.code : error),
  );
}

/** The proxy's answer in the place of a transaction that was undone. */
function undone(code: string) {
  return {
    kind: "status",
    status: 400,
    body: JSON.stringify({ code, message: "undone", severity: "ERROR" }),
  } as const;
}

describe("a scope", () => {
  it("sends all that is asked for in one tick as one request, the session check included", async () => {
    const { scope: open, userId } = await makePerson();
    const scope = open();
    const [actor, [mine], [one, two]] = await Promise.all([
      scope.actor(),
      scope.run("test", [scope.db.select({ id: users.id }).from(users)]),
      scope.run("test", [scope.db.execute(sql`select 1 as n`), scope.db.execute(sql`select 2 as n`)]),
    ]);
    expect(actor.userId).toBe(userId);
    expect(mine).toEqual([{ id: userId }]);
    expect([one.rows, two.rows]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    expect(proxy.requests).toHaveLength(1);
  });

  it("names every statement before its SQL", async () => {
    const { scope: open } = await makePerson();
    const scope = open();
    const one = scope.db.execute(sql`select 1 as n`);
    await Promise.all([scope.run("test.one", [one]), scope.run("test.two", [one, one])]);
    const body = JSON.stringify(proxy.requests[0]?.body);
    expect(body.match(/(?<=\/\* ).*?(?= \*\/)/g)).toEqual([
      "app.enter",
      "test.one",
      "test.two.1",
      "test.two.2",
    ]);
  });

  it("sends values alone, with the session check, as one statement without a transaction around it", async () => {
    const { scope: open, userId } = await makePerson();
    const scope = open();
    const [actor, name, id] = await Promise.all([
      scope.actor(),
      scope.call("test.one", valueOf(`select name from users where id = '${userId}'`)),
      scope.call("test.two", valueOf("app.user_id()")),
    ]);
    expect([actor.userId, name, id]).toEqual([userId, "Ada", userId]);
    expect(proxy.requests.map(({ body }) => body)).toEqual([
      {
        query: expect.stringMatching(/^\/\* app\.enter test\.one test\.two \*\/ select /),
        params: expect.anything(),
      },
    ]);
  });

  it("sends values beside statements in their batch, where they see what was written before them", async () => {
    const { scope: open, organizationId } = await makePerson();
    const scope = open();
    const names = valueOf("select json_agg(t.name) from tags t");
    const [before, , after] = await Promise.all([
      scope.call("test.before", names),
      scope.run("test.write", [
        scope.db.insert(tags).values({ id: newId(), organizationId, name: "home" }),
        scope.db.execute(sql`select 1`),
      ]),
      scope.call("test.after", names),
    ]);
    expect([before, after]).toEqual([null, ["home"]]);
    expect(proxy.requests).toHaveLength(1);
  });

  it("refuses an unknown session by a value alone, works nothing out, and keeps the connection", async () => {
    const { scope: open } = await makePerson();
    const backend = () => open().call("test", valueOf("pg_backend_pid()"));
    const before = await backend();
    const stranger = createScope({
      databases,
      tokenHash: hashToken(newToken()),
      context: { now: new Date() },
    });
    const asked = stranger.call("test", valueOf("1 / (select count(*) from users)"));
    expect(await refusalOf(asked)).toBe("signed_out");
    expect(await refusalOf(stranger.actor())).toBe("signed_out");
    expect(await backend()).toBe(before);
  });

  it("gathers what components ask for some promises later in the same tick", async () => {
    const { scope: open } = await makePerson();
    const scope = open();
    async function late() {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      return scope.run("test", [scope.db.execute(sql`select 1`)]);
    }
    await Promise.all([scope.actor(), late()]);
    expect(proxy.requests).toHaveLength(1);
  });

  it("knows who asks after the first request", async () => {
    const { scope: open } = await makePerson();
    const scope = open();
    await scope.run("test", [scope.db.execute(sql`select 1`)]);
    await scope.actor();
    expect(proxy.requests).toHaveLength(1);
  });

  it("lets a read see what a write asked for before it in the same tick wrote", async () => {
    const { scope: open, organizationId } = await makePerson();
    const scope = open();
    const [, [seen]] = await Promise.all([
      scope.run("test", [scope.db.insert(tags).values({ id: newId(), organizationId, name: "home" })]),
      scope.run("test", [scope.db.select({ name: tags.name }).from(tags)]),
    ]);
    expect(seen).toEqual([{ name: "home" }]);
    expect(proxy.requests).toHaveLength(1);
  });

  it("undoes everything of the tick when one statement is refused", async () => {
    const { scope: open, organizationId } = await makePerson();
    const scope = open();
    const write = scope.run("test", [
      scope.db.insert(tags).values({ id: newId(), organizationId, name: "home" }),
    ]);
    const guard = scope.run("test", [scope.db.execute(sql`select app.guard(false, 'CN404', 'gone')`)]);
    expect([await refusalOf(write), await refusalOf(guard)]).toEqual(["not_found", "not_found"]);
    expect(await database.sql("select from tags where organization_id = $1", [organizationId])).toEqual([]);
  });

  it("refuses a request without a cookie and does not ask the database", async () => {
    const scope = createScope({ databases, tokenHash: null, context: { now: new Date() } });
    expect(await refusalOf(scope.actor())).toBe("signed_out");
    expect(proxy.requests).toHaveLength(0);
  });

  it("refuses an unknown session, and runs nothing after the check", async () => {
    const scope = createScope({ databases, tokenHash: hashToken(newToken()), context: { now: new Date() } });
    const [before] = await database.sql("select count(*) from users");
    expect(await refusalOf(scope.run("test", [scope.db.select({ id: users.id }).from(users)]))).toBe(
      "signed_out",
    );
    expect(await database.sql("select count(*) from users")).toEqual([before]);
  });

  it.each([
    ["cannot be reached", { kind: "lose-request" } as const],
    [
      "answers with a server error",
      { kind: "status", status: 500, body: "Couldn't connect to compute node" } as const,
    ],
  ])("says unavailable, not signed out, when the database %s", async (_case, fault) => {
    const { scope: open } = await makePerson();
    proxy.setFault(() => fault);
    expect(await refusalOf(open().actor())).toBe("unavailable");
  });

  it("reads the person's own date and time at the request's instant", async () => {
    const { scope: open } = await makePerson({ timeZone: "Pacific/Auckland" });
    const actor = await open(new Date("2026-11-20T11:30:00Z")).actor();
    expect(actor).toMatchObject({ timeZone: "Pacific/Auckland", today: "2026-11-21", localTime: "00:30:00" });
  });

  it("gives every field of the actor", async () => {
    const { scope: open, userId, organizationId } = await makePerson({ theme: "dark" });
    expect(await open().actor()).toEqual({
      userId,
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: `${userId}@cairn.example`,
      name: "Ada",
      preferences: { theme: "dark" },
      timeZone: "UTC",
      personalOrganizationId: organizationId,
      organizations: [{ id: organizationId, name: "Ada", role: "owner", personal: true }],
      today: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      localTime: expect.stringMatching(/^\d\d:\d\d:\d\d$/),
    });
  });

  it("notes what one request changed under one command, with where it came from", async () => {
    const { scope: open, organizationId, userId } = await makePerson();
    const scope = open();
    await scope.run("test", [
      scope.db.insert(tags).values({ id: newId(), organizationId, name: "one" }),
      scope.db.insert(tags).values({ id: newId(), organizationId, name: "two" }),
    ]);
    const rows = await database.sql(
      "select user_id, command_id, ip, user_agent from audit_logs where entity_type = 'tag' and organization_id = $1",
      [organizationId],
    );
    const row = { user_id: userId, command_id: scope.commandId, ip: "192.0.2.1", user_agent: "test" };
    expect(rows).toEqual([row, row]);
  });

  it("runs a transaction again that was undone because of another at the same time", async () => {
    const { scope: open, organizationId } = await makePerson();
    await database.sql("insert into tags (id, organization_id, name) values ($1, $2, '0')", [
      newId(),
      organizationId,
    ]);
    // Each reads the number and writes the next one: without serializable isolation and retries, some are lost.
    const increment = () => {
      const scope = open();
      const next = sql`(select (max(t.name::int) + 1)::text from tags t where t.organization_id = ${organizationId})`;
      return scope.run("test", [scope.db.insert(tags).values({ id: newId(), organizationId, name: next })], {
        serializable: true,
      });
    };
    await atOnce(database, {
      lock: "lock table tags in share row exclusive mode",
      waiting: 3,
      start: () => Promise.all(Array.from({ length: 3 }, increment)),
    });
    const rows = await database.sql("select name from tags where organization_id = $1 order by name", [
      organizationId,
    ]);
    expect(rows.map((row) => row.name)).toEqual(["0", "1", "2", "3"]);
  });

  it.each(["40001", "40P01"])("asks once more after %s, when nothing had happened", async (code) => {
    const { scope: open } = await makePerson();
    proxy.setFault((_request, index) => (index === 0 ? undone(code) : null));
    await open().actor();
    expect(proxy.requests).toHaveLength(2);
  });

  it("maps what a value alone throws as it does for a batch, without what people wrote", async () => {
    const { scope: open } = await makePerson();
    const failure = open().call("test", valueOf("'hush'::date"));
    await expect(failure).rejects.toThrow("invalid data");
    const refused = open().call("test", valueOf("app.guard(false, 'CN404', 'gone') is null"));
    expect(await refusalOf(refused)).toBe("not_found");
  });

  it("remembers a value by its etag, and has it again while the database says that it is the same", async () => {
    const { scope: open } = await makePerson();
    const { scope: other } = await makePerson();
    const first = await open().call("test", knownValue("a"));
    expect(first).toEqual(["a"]);
    // The very same, whether it is asked for alone or beside statements.
    expect(await open().call("test", knownValue("a"))).toBe(first);
    const scope = open();
    const [again] = await Promise.all([
      scope.call("test", knownValue("a")),
      scope.run("test", [scope.db.execute(sql`select 1 as n`)]),
    ]);
    expect(again).toBe(first);
    // By its name, and for its session.
    for (const different of [
      await open().call("test.other", knownValue("a")),
      await other().call("test", knownValue("a")),
    ]) {
      expect(different).toEqual(["a"]);
      expect(different).not.toBe(first);
    }
    expect(await open().call("test", knownValue("a"))).toBe(first);
    expect(await open().call("test", knownValue("b"))).toEqual(["b"]);
    expect(await open().call("test", knownValue("a"))).not.toBe(first);
  });

  it("does not remember a value whose etag is empty, and wants one from whoever it told none", async () => {
    const { scope: open } = await makePerson();
    const value = await open().call("test", { ...knownValue("a"), function: "value_of_now" });
    expect(await open().call("test", { ...knownValue("a"), function: "value_of_now" })).not.toBe(value);
    const none = { function: "value_of", arguments: ["null::text"], hasEtag: true };
    await expect(open().call("test.none", none)).rejects.toThrow("value_of gave no value");
  });

  it("gives up after three more times, and does not ask again after any other error", async () => {
    const { scope: open } = await makePerson();
    proxy.setFault(() => undone("40001"));
    expect(await refusalOf(open().actor())).toBe("unavailable");
    expect(proxy.requests).toHaveLength(4);
    proxy.reset();
    proxy.setFault(() => undone("57P01"));
    expect(await refusalOf(open().actor())).toBe("unavailable");
    expect(proxy.requests).toHaveLength(1);
  });
});
