import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SIGN_UP_PER_ADDRESS } from "@/lib/auth/limits";
import { signUpPerson } from "@/lib/auth/sign-up";
import { hashToken } from "@/lib/auth/token";
import { Refused } from "@/lib/db/errors";
import { openWorld, request, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.person();
  world.proxy.reset();
});
afterEach(() => world.proxy.setFault(null));

const ada = { name: "Ada Lovelace", password: "countess of numbers", timeZone: undefined };

async function refusal(promise: Promise<unknown>) {
  return promise.then(
    () => null,
    (error: unknown) => (error instanceof Refused ? error.failure : error),
  );
}

describe("signing up", () => {
  it("makes a person with a personal organization who is signed in, in two requests", async () => {
    const input = { ...ada, email: "ada@example.com", timeZone: "Europe/London" };
    const result = await signUpPerson(world.system, input, request());
    expect(world.proxy.requests).toHaveLength(2);
    if (!result.ok) throw new Error(result.code);
    expect(await world.enter(result.data.token)).toMatchObject({
      email: "ada@example.com",
      name: "Ada Lovelace",
      timeZone: "Europe/London",
      preferences: { timeZone: "Europe/London" },
      organizations: [{ name: "Ada Lovelace", role: "owner", personal: true }],
    });
  });

  it("stores neither the password nor the token, only their hashes", async () => {
    const result = await signUpPerson(world.system, { ...ada, email: "hashes@example.com" }, request());
    if (!result.ok) throw new Error(result.code);
    const { token } = result.data;
    const [row] = await world.database.sql<{ everything: string; token_hash: string }>(
      `select token_hash, to_jsonb(u) || to_jsonb(s) as everything
         from users u join sessions s on s.user_id = u.id where email = 'hashes@example.com'`,
    );
    expect(row?.token_hash).toBe(hashToken(token));
    expect(JSON.stringify(row)).not.toContain(token);
    expect(JSON.stringify(row)).not.toContain(ada.password);
    expect(JSON.stringify(row)).toContain("$argon2id$");
  });

  it("is remembered in the person's own name, as one command, without the hash", async () => {
    await signUpPerson(world.system, { ...ada, email: "audited@example.com" }, request("203.0.113.9"));
    const rows = await world.database.sql<{ action: string; command_id: string; changes: object }>(
      `select a.entity_type || ' ' || a.action as action, a.command_id, a.changes
         from audit_logs a join users u on u.id = a.user_id join sessions s on s.id = a.session_id
        where u.email = 'audited@example.com' and a.ip = '203.0.113.9' and a.user_agent = 'a browser'
        order by 1`,
    );
    expect(rows.map(({ action }) => action)).toEqual([
      "membership create",
      "organization create",
      "session sign_in",
      "user create",
    ]);
    expect(new Set(rows.map((row) => row.command_id)).size).toBe(1);
    expect(JSON.stringify(rows)).not.toContain("argon2");
  });

  it("refuses a taken address beside its field and leaves nothing behind", async () => {
    const taken = await world.person({ email: "taken@example.com" });
    const counts = () =>
      world.database.sql("select (select count(*) from users), (select count(*) from organizations)");
    const before = await counts();
    expect(
      await refusal(signUpPerson(world.system, { ...ada, email: taken.email }, request())),
    ).toMatchObject({
      code: "invalid",
      fields: { email: ["There is already an account with this e-mail address. Sign in instead."] },
    });
    expect(await counts()).toEqual(before);
    expect(await world.enter(taken.token)).toMatchObject({ email: taken.email });
  });

  it("gives one of two people who want the same address at the same time a refusal", async () => {
    const both = await Promise.all(
      [1, 2].map((turn) =>
        refusal(
          signUpPerson(world.system, { ...ada, email: "race@example.com" }, request(`203.0.113.${turn}`)),
        ),
      ),
    );
    expect(both.filter((failure) => failure === null)).toHaveLength(1);
    expect(await world.database.sql("select count(*) from users where email = 'race@example.com'")).toEqual([
      { count: "1" },
    ]);
  });

  it("counts attempts that fail, and stops them per address", async () => {
    const taken = await world.person();
    const there = request("203.0.113.77");
    await refusal(signUpPerson(world.system, { ...ada, email: taken.email }, there));
    await world.database.sql("update rate_limits set count = $1 where count = 1", [
      SIGN_UP_PER_ADDRESS.attempts,
    ]);
    world.proxy.reset();
    expect(await signUpPerson(world.system, { ...ada, email: "late@example.com" }, there)).toMatchObject({
      code: "limited",
      message: "Too many attempts. Try again in 60 minutes.",
    });
    expect(world.proxy.requests).toHaveLength(1);
    expect(
      await signUpPerson(world.system, { ...ada, email: "late@example.com" }, request("203.0.113.78")),
    ).toMatchObject({ ok: true });
  });

  it("says so when the database is not there, and has made nobody", async () => {
    world.proxy.setFault(() => ({ kind: "lose-request" }));
    expect(
      await refusal(signUpPerson(world.system, { ...ada, email: "lost@example.com" }, request())),
    ).toMatchObject({ code: "unavailable" });
    world.proxy.setFault(null);
    expect(await world.database.sql("select from users where email = 'lost@example.com'")).toEqual([]);
  });
});
