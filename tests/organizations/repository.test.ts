import { afterAll, beforeAll, expect, it } from "vitest";
import { openSystemDatabase } from "@/lib/db/client";
import { newId } from "@/lib/db/id";
import { users } from "@/lib/db/schema/users";
import { personalOrganizationStatements } from "@/lib/organizations/repository";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson } from "../helpers/people";

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startCountingProxy(database.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

function signUp(person: { userId: string; name: string; email: string }) {
  const db = openSystemDatabase({ databaseUrl: database.databaseUrl, endpoint: proxy.url });
  const ids = { organizationId: newId(), membershipId: newId() };
  const { userId, name, email } = person;
  return db.batch([
    db.insert(users).values({ id: userId, name, email }),
    ...personalOrganizationStatements(db, { userId, name, ...ids }),
  ]);
}

const organizationsOf = (userId: string) =>
  database.sql(
    `select o.name, o.personal_user_id, m.role from memberships m join organizations o on o.id = m.organization_id
      where m.user_id = $1`,
    [userId],
  );

it("makes a new person the owner of their personal organization, in one request with the person", async () => {
  await createPerson(database);
  const userId = newId();
  proxy.reset();
  await signUp({ userId, name: "Ada", email: "ada@example.com" });
  expect(proxy.requests).toHaveLength(1);
  expect(await organizationsOf(userId)).toEqual([{ name: "Ada", personal_user_id: userId, role: "owner" }]);
});

it("makes nothing when the person can not be made", async () => {
  const [first, second] = [newId(), newId()];
  await signUp({ userId: first, name: "Ben", email: "ben@example.com" });
  const before = await database.sql("select count(*)::int from organizations");
  await expect(signUp({ userId: second, name: "Ben", email: "ben@example.com" })).rejects.toThrow(
    /users_email_key/,
  );
  expect(await database.sql("select count(*)::int from organizations")).toEqual(before);
});

it("gives nobody a second one", async () => {
  const person = await createPerson(database);
  const db = openSystemDatabase({ databaseUrl: database.databaseUrl, endpoint: proxy.url });
  const again = { userId: person.userId, name: "Again", organizationId: newId(), membershipId: newId() };
  await expect(db.batch([...personalOrganizationStatements(db, again)])).rejects.toThrow(
    /organizations_personal_user_id_key/,
  );
  expect(await organizationsOf(person.userId)).toHaveLength(1);
});
