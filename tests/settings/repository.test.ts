import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Settings } from "@/lib/settings/input";
import { updateSettings } from "@/lib/settings/repository";
import { TIME_ZONES } from "@/lib/settings/time-zones";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson } from "../helpers/people";

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

const chosen: Settings = {
  name: "Mia <b>🪨</b>",
  timeZone: "Pacific/Auckland",
  weekStart: 7,
  theme: "dark",
};
const { name, ...preferences } = chosen;

async function stored(userId: string) {
  const [row] = await database.sql("select name, preferences, bio from users where id = $1", [userId]);
  return row;
}

describe("updateSettings", () => {
  it("saves the name and the preferences of the person who asks, and of nobody else, in one request", async () => {
    const [mia, noah] = [await createPerson(database), await createPerson(database)];
    const before = await stored(noah.userId);
    proxy.reset();
    const result = await updateSettings(mia.scope(), chosen);
    expect(proxy.requests).toHaveLength(1);
    expect(result).toEqual({ ok: true, data: { name, preferences } });
    expect(await stored(mia.userId)).toEqual({ name, preferences, bio: "" });
    expect(await stored(noah.userId)).toEqual(before);
  });

  it("holds from the next request on: the person's day is that of their zone", async () => {
    const mia = await createPerson(database);
    await updateSettings(mia.scope(), chosen);
    const actor = await mia.scope({ now: new Date("2026-12-31T12:00:00Z") }).actor();
    expect(actor).toMatchObject({ name, preferences, timeZone: "Pacific/Auckland", today: "2027-01-01" });
  });

  it("keeps a preference that this form does not know", async () => {
    const mia = await createPerson(database);
    await database.sql(`update users set preferences = '{"density": "compact"}' where id = $1`, [mia.userId]);
    await updateSettings(mia.scope(), chosen);
    expect(await stored(mia.userId)).toMatchObject({ preferences: { ...preferences, density: "compact" } });
  });

  it("answers the same when it is repeated, and remembers it once", async () => {
    const mia = await createPerson(database);
    const first = await updateSettings(mia.scope(), chosen);
    expect(await updateSettings(mia.scope(), chosen)).toEqual(first);
    const rows = await database.sql("select from audit_logs where entity_id = $1 and action = 'update'", [
      mia.userId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it("refuses a time zone that the database does not know beside its field, and saves nothing", async () => {
    const mia = await createPerson(database);
    const before = await stored(mia.userId);
    expect(await updateSettings(mia.scope(), { ...chosen, timeZone: "Europe/Atlantis" })).toMatchObject({
      ok: false,
      code: "invalid",
      fields: { timeZone: [expect.any(String)] },
    });
    expect(await stored(mia.userId)).toEqual(before);
  });

  it("refuses a name that is empty past the schema", async () => {
    const mia = await createPerson(database);
    expect(await updateSettings(mia.scope(), { ...chosen, name: "" })).toMatchObject({
      code: "invalid",
      fields: { name: ["Use 1 to 100 characters."] },
    });
  });

  it("says signed out when the session is over", async () => {
    const mia = await createPerson(database);
    await database.sql("delete from sessions where user_id = $1", [mia.userId]);
    expect(await updateSettings(mia.scope(), chosen)).toMatchObject({ code: "signed_out" });
  });
});

it("lists only time zones that the database knows", async () => {
  const unknown = await database.sql(
    "select zone from unnest($1::text[]) zone where zone not in (select name from pg_timezone_names)",
    [TIME_ZONES],
  );
  expect(unknown).toEqual([]);
});
