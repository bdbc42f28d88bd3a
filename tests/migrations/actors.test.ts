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

/** What a request of theirs is told of them; null when they may not enter. */
async function told({ tokenHash }: Person) {
  const [row] = await app.sql<{
    told: { name: string; time_zone: string; organizations: { name: string }[] } | null;
  }>("select app.try_enter($1, now()::text, '', '', '')::json as told", [tokenHash]);
  return row?.told ?? null;
}
/** The names of their organizations. */
async function entered(person: Person): Promise<string[]> {
  return ((await told(person))?.organizations ?? []).map(({ name }) => name);
}
async function wrong(): Promise<unknown> {
  const [row] = await database.sql("select app.rebuild_actors() as wrong");
  return row?.wrong;
}

/** What changes as whom somebody enters, and what does not. `given` is empty when one of it is gone. */
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
  call: "update users set name = name || '!' from given where id = person",
  readdress: "update users set email = 'new-' || email from given where id = person",
  prefer: `update users set preferences = preferences || '{"theme": "dark"}' from given where id = person`,
  move: `update users set preferences = '{"timeZone": "Asia/Tokyo"}' from given where id = person`,
  moveNowhere: `update users set preferences = '{"timeZone": "Nowhere/Land"}' from given where id = person`,
  suspend: "update users set status = 'suspended' from given where id = person",
  activate: "update users set status = 'active' from given where id = person",
  see: "update users set last_active_at = now() from given where id = person",
};

describe("what is kept for entering", () => {
  it(
    "is what people, memberships and organizations say, after any history",
    { timeout: 60_000 },
    async () => {
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
    },
  );

  it.each([
    ["renamed", rename, ["Ada", "Crew"]],
    ["deleted", remove, ["Ada"]],
  ])("knows an organization as it is when it is %s while somebody joins it", async (_, change, names) => {
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
  ])(
    "knows an organization as it is when it is %s after somebody joined it unseen",
    async (_, change, names) => {
      await atOnce(database, {
        lock: join,
        params: [newId(), team, ada.userId],
        waiting: 1,
        start: () => other.query(change, [team]),
      });
      expect(await entered(ada)).toEqual(names);
    },
  );

  it("is right when a person leaves one and joins another at once", async () => {
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

  it.each([
    [
      "called otherwise",
      "update users set name = 'Ada L' where id = $1",
      { name: "Ada L", names: ["Ada", "Team"] },
    ],
    ["suspended", "update users set status = 'suspended' where id = $1", null],
  ])("is right when a person is %s while they join one", async (_, change, expected) => {
    await atOnce(database, {
      lock: change,
      params: [ada.userId],
      waiting: 1,
      start: () => other.query(join, [newId(), team, ada.userId]),
    });
    const entering = await told(ada);
    expect(
      entering && { name: entering.name, names: entering.organizations.map(({ name }) => name) },
    ).toEqual(expected);
    expect(await wrong()).toBe(0);
  });

  it("is right when a person joins one while they are suspended or called otherwise", async () => {
    await atOnce(database, {
      lock: join,
      params: [newId(), team, ada.userId],
      waiting: 1,
      start: () => other.query("update users set name = 'Ada L' where id = $1", [ada.userId]),
    });
    expect([(await told(ada))?.name, await entered(ada)]).toEqual(["Ada L", ["Ada", "Team"]]);
    expect(await wrong()).toBe(0);
  });

  it("is of a zone that the server knows, and goes over to what it knows by now when somebody was idle", async () => {
    const zones = async () => (await told(ada))?.time_zone;
    await database.sql(`update users set preferences = '{"timeZone": "Nowhere/Land"}' where id = $1`, [
      ada.userId,
    ]);
    expect(await zones()).toBe("UTC");
    await database.sql(`update users set preferences = '{"timeZone": "Asia/Tokyo"}' where id = $1`, [
      ada.userId,
    ]);
    expect(await zones()).toBe("Asia/Tokyo");
    // As when the server came to know fewer zones, or more.
    await database.sql("update app.actors set zone = 'Nowhere/Land' where user_id = $1", [ada.userId]);
    await expect(zones()).rejects.toMatchObject({ code: "22023" });
    await database.sql("update sessions set last_seen_at = now() - interval '6 minutes' where user_id = $1", [
      ada.userId,
    ]);
    expect(await zones()).toBe("Asia/Tokyo");
    expect(await zones()).toBe("Asia/Tokyo");
    expect(await wrong()).toBe(0);
  });

  it("is without organizations when all memberships are gone", async () => {
    await writeMembership(database, team, ada);
    expect(await entered(ada)).toEqual(["Ada", "Team"]);
    await database.sql("truncate memberships");
    expect(await entered(ada)).toEqual([]);
    expect(await wrong()).toBe(0);
  });

  it("is made right by app.rebuild_actors, which tells how many were wrong", async () => {
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

  it("is nobody's to read or write", async () => {
    for (const statement of [
      "select from app.actors",
      "delete from app.actors",
      "select app.keep_actors('{}')",
      "select app.rebuild_actors()",
    ]) {
      await expect(app.as(ada, (sql) => sql(statement))).rejects.toMatchObject({ code: "42501" });
    }
  });
});
