import fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { type AppUser, connectAppUser } from "../helpers/app-user";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { atOnce } from "../helpers/gate";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership } from "../helpers/rows";

let database: TestDatabase;
let app: AppUser;
/** A second connection of the owner's: what waits on it must not stop who looks whether it waits. */
let other: Client;
let ada: Person;
let team: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await connectAppUser(database);
  other = new Client({ connectionString: database.unpooledUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await app.end();
  await database.drop();
});
beforeEach(async () => {
  ada = await createPerson(database);
  team = await writeOrganization("Team");
});

async function writeOrganization(name: string): Promise<string> {
  const id = newId();
  await database.sql("insert into organizations (id, name) values ($1, $2)", [id, name]);
  return id;
}
const join = "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, 'member')";
const rename = "update organizations set name = 'Crew' where id = $1";
const remove = "update organizations set deleted_at = now() where id = $1";

/** The names of a person's organizations as a request of theirs finds them. */
async function entered({ tokenHash }: Person): Promise<string[]> {
  const [row] = await app.sql<{ names: string[] }>(
    "select array(select json_array_elements(app.try_enter($1, '{}') -> 'organizations') ->> 'name') as names",
    [tokenHash],
  );
  return row?.names ?? [];
}
async function wrong(): Promise<unknown> {
  const [row] = await database.sql("select app.rebuild_organizations() as wrong");
  return row?.wrong;
}

/** What changes whose organizations somebody enters with, and what does not. `given` is empty when one of it is gone. */
const WRITES = {
  join: `insert into memberships (id, organization_id, user_id, role)
    select app.uuid_v7(), organization, person, role from given on conflict do nothing`,
  leave: "delete from memberships using given where (organization_id, user_id) = (organization, person)",
  leaveAll: "delete from memberships using given where user_id = person",
  rank: "update memberships m set role = given.role from given where (organization_id, user_id) = (organization, person)",
  hand: `update memberships m set user_id = other from given where (organization_id, user_id) = (organization, person)
    and not exists (select from memberships n where (n.organization_id, n.user_id) = (organization, other))`,
  rename: "update organizations set name = name || '!' from given where id = organization",
  remove: "update organizations set deleted_at = now() from given where id = organization",
  restore: "update organizations set deleted_at = null from given where id = organization",
  adopt: `update organizations set personal_user_id = person from given where id = organization
    and not exists (select from organizations o where o.personal_user_id = person)`,
  free: "update organizations set personal_user_id = null from given where id = organization",
  touch: "update organizations set updated_at = now() from given where id = organization",
  drop: "delete from organizations using given where id = organization",
  deletePerson: "delete from users using given where id = person",
};

describe("the organizations kept for entering", () => {
  it("are what memberships and organizations say, after any history", { timeout: 60_000 }, async () => {
    const steps = fc.array(
      fc.record({
        write: fc.constantFrom(...Object.values(WRITES)),
        person: fc.nat(3),
        another: fc.nat(3),
        organization: fc.nat(5),
        role: fc.constantFrom("owner", "admin", "member", "viewer"),
      }),
      { minLength: 10, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const people: Person[] = [];
        for (let count = 0; count < 4; count += 1) people.push(await createPerson(database));
        const organizations = [
          team,
          await writeOrganization("Library"),
          ...people.map((one) => one.organizationId),
        ];
        for (const { write, person, another, organization, role } of history) {
          await database.sql(
            `with given as (select u.id as person, v.id as other, o.id as organization, $4::membership_role as role
               from users u, users v, organizations o where u.id = $1 and v.id = $2 and o.id = $3) ${write}`,
            [people[person]?.userId, people[another]?.userId, organizations[organization], role],
          );
          expect(await wrong()).toBe(0);
        }
      }),
      { numRuns: 30, seed: 42 },
    );
  });

  it.each([
    ["renamed", rename, ["Ada", "Crew"]],
    ["deleted", remove, ["Ada"]],
  ])("know an organization as it is when it is %s while they join it", async (_, change, names) => {
    await atOnce(database, {
      lock: change,
      params: [team],
      waiting: 1,
      start: () => other.query(join, [newId(), team, ada.userId]),
    });
    expect(await entered(ada)).toEqual(names);
  });

  it.each([
    ["renamed", rename, ["Ada", "Crew"]],
    ["deleted", remove, ["Ada"]],
  ])("know an organization as it is when it is %s after they joined it unseen", async (_, change, names) => {
    await atOnce(database, {
      lock: join,
      params: [newId(), team, ada.userId],
      waiting: 1,
      start: () => other.query(change, [team]),
    });
    expect(await entered(ada)).toEqual(names);
  });

  it("are right when a person leaves one and joins another at once", async () => {
    const library = await writeOrganization("Library");
    await writeMembership(database, team, ada);
    await atOnce(database, {
      lock: "delete from memberships where organization_id = $1 and user_id = $2",
      params: [team, ada.userId],
      waiting: 1,
      start: () => other.query(join, [newId(), library, ada.userId]),
    });
    expect(await entered(ada)).toEqual(["Ada", "Library"]);
  });

  it("are gone with all memberships", async () => {
    await writeMembership(database, team, ada);
    expect(await entered(ada)).toEqual(["Ada", "Team"]);
    await database.sql("truncate memberships");
    expect(await entered(ada)).toEqual([]);
    expect(await wrong()).toBe(0);
  });

  it("are made right by app.rebuild_organizations, which tells how many were wrong", async () => {
    const bob = await createPerson(database, { name: "Bob" });
    await wrong();
    await database.sql("alter table memberships disable trigger user");
    await writeMembership(database, team, ada);
    await database.sql("delete from memberships where user_id = $1", [bob.userId]);
    await database.sql("alter table memberships enable trigger user");
    expect([await entered(ada), await entered(bob)]).toEqual([["Ada"], ["Bob"]]);
    expect(await wrong()).toBe(2);
    expect([await entered(ada), await entered(bob)]).toEqual([["Ada", "Team"], []]);
  });

  it("are nobody's to read or write", async () => {
    for (const statement of [
      "select from app.person_organizations",
      "delete from app.person_organizations",
      "select app.keep_organizations('{}')",
      "select app.rebuild_organizations()",
    ]) {
      await expect(app.as(ada, (sql) => sql(statement))).rejects.toMatchObject({ code: "42501" });
    }
  });
});
