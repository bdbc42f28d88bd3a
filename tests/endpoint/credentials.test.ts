import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEndpoint } from "@/scripts/local/endpoint";
import { findFreePort } from "@/scripts/local/ports";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Target, firstRow, proxyError, single } from "../helpers/endpoint-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function withUrl(change: (url: URL) => void): Target {
  const url = new URL(database.databaseUrl);
  change(url);
  return { endpoint: database.endpoint, databaseUrl: url.href };
}

function as(user: string, password: string): Target {
  return withUrl((url) => {
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(password);
  });
}

/** A role of the test's own; roles belong to the whole server. */
async function createRole(options: string): Promise<string> {
  const role = `role_${randomBytes(6).toString("hex")}`;
  await database.sql(`create role ${role} ${options}`);
  return role;
}

describe("the connection string", () => {
  it.each([
    ["missing", "", "invalid header: neon-connection-string"],
    ["no URL", "host=localhost user=me", "invalid connection string: relative URL without a base"],
    ["of another scheme", "mysql://u:p@host/db", "incorrect scheme"],
    ["without a database", "postgres://u:p@host", "missing database name"],
    ["without a database's name", "postgres://u:p@host/", "missing database name"],
    ["without a user", "postgres://host/db", "missing username"],
    ["without a password", "postgres://u@host/db", "missing authentication credentials: required password"],
  ])("is refused when it is %s", async (_, connectionString, message) => {
    const answer = await single(database, "select 1", [], { "Neon-Connection-String": connectionString });
    expect(answer.status).toBe(400);
    expect(answer.error).toEqual(proxyError(message));
  });

  it("does not go together with a token", async () => {
    const answer = await single(database, "select 1", [], { Authorization: "Bearer a.b.c" });
    expect(answer.status).toBe(400);
    expect(answer.error).toEqual(proxyError("missing authentication credentials: required password"));
  });

  it.each(["ep-cool-name-123456.us-east-2.aws.neon.tech", "localhost", "127.0.0.1", "[::1]"])(
    "may name any host (%s): there is one server",
    async (host) => {
      const target = withUrl((url) => (url.host = host));
      expect(await firstRow(target, "select current_database() as name")).toEqual({ name: database.name });
    },
  );

  it("may begin with postgres: or postgresql:", async () => {
    const target = { ...database, databaseUrl: database.databaseUrl.replace(/^postgresql:/, "postgres:") };
    expect(await firstRow(target, "select 1 as one")).toEqual({ one: 1 });
  });

  it("passes no settings on", async () => {
    const target = withUrl((url) => {
      url.search = "?options=-c%20statement_timeout%3D1234&application_name=mine&sslmode=require";
    });
    const query =
      "select current_setting('statement_timeout') as timeout, current_setting('application_name') as name";
    expect(await firstRow(target, query)).toEqual({ timeout: "0", name: "" });
  });

  it("may hold any characters, percent-encoded", async () => {
    const suffix = randomBytes(4).toString("hex");
    const [role, name] = [`rôle ${suffix} @:/?#%`, `db ${suffix} %/?`];
    const password = "p@ss:w/rd?#%25 ü";
    await database.sql(`create role "${role}" login password '${password}'`);
    await database.sql(`create database "${name}" template template0`);
    const target = as(role, password);
    target.databaseUrl = target.databaseUrl.replace(/[^/]*$/, encodeURIComponent(name));
    const query = "select current_user as role, current_database() as name";
    expect(await firstRow(target, query)).toEqual({ role, name });
  });
});

describe("PostgreSQL decides who may come in", () => {
  it.each(["cairn_owner", "nobody_of_that_name"])(
    "refuses %s with a wrong password, in the proxy's words",
    async (user) => {
      const answer = await single(as(user, "wrong"), "select 1");
      expect(answer.status).toBe(400);
      expect(answer.error).toEqual(proxyError(`password authentication failed for user '${user}'`));
    },
  );

  it("refuses a role that may not log in, in the same words", async () => {
    const role = await createRole("nologin password 'secret'");
    const answer = await single(as(role, "secret"), "select 1");
    expect(answer.status).toBe(400);
    expect(answer.error).toEqual(proxyError(`password authentication failed for user '${role}'`));
  });

  it("names a database that is not there", async () => {
    const target = withUrl((url) => (url.pathname = "/atlantis"));
    const answer = await single(target, "select 1");
    expect(answer.status).toBe(400);
    expect(answer.error).toMatchObject({ code: "3D000", message: 'database "atlantis" does not exist' });
  });

  it("calls too many connections the server's trouble, not the client's", async () => {
    const role = await createRole("login password 'secret' connection limit 0");
    const answer = await single(as(role, "secret"), "select 1");
    expect(answer.status).toBe(500);
    expect(answer.error).toMatchObject({ code: "53300" });
  });

  it("never lends a connection to somebody with another password", async () => {
    const role = await createRole("login password 'secret'");
    expect((await single(as(role, "secret"), "select 1")).status).toBe(200);
    expect((await single(as(role, "guess"), "select 1")).status).toBe(400);
    expect((await single(as(role, "secret"), "select 1")).status).toBe(200);
  });

  it("no longer takes an old password when the new one has been used", async () => {
    const role = await createRole("login password 'old'");
    expect((await single(as(role, "old"), "select 1")).status).toBe(200);
    await database.sql(`alter role ${role} password 'new'`);
    expect((await single(as(role, "new"), "select 1")).status).toBe(200);
    expect((await single(as(role, "old"), "select 1")).status).toBe(400);
  });

  it("says that it cannot reach a server that is not there", async () => {
    const endpoint = await startEndpoint({ pgHost: "127.0.0.1", pgPort: await findFreePort() });
    const answer = await single({ ...database, endpoint: endpoint.url }, "select 1");
    expect(answer.status).toBe(500);
    expect(answer.error).toEqual(proxyError("Couldn't connect to compute node"));
    await endpoint.stop();
  });
});
