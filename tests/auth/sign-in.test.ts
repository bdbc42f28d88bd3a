import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as argon2 from "@node-rs/argon2";
import { SIGN_IN_PER_ACCOUNT, SIGN_IN_PER_ADDRESS } from "@/lib/auth/limits";
import { endSession, startSession } from "@/lib/auth/sessions";
import { checkCredentials, WRONG_CREDENTIALS } from "@/lib/auth/sign-in";
import { openWorld, request, type World } from "./world";

// The real functions, watched: what takes time here is counted and not measured.
vi.mock("@node-rs/argon2", { spy: true });

let world: World;
let ada: Awaited<ReturnType<World["person"]>>;
let addresses = 0;
const elsewhere = () => request(`203.0.113.${(addresses += 1)}`);

beforeAll(async () => {
  world = await openWorld();
  await world.person();
});
afterAll(() => world.close());
beforeEach(async () => {
  ada = await world.person();
  world.proxy.reset();
  vi.clearAllMocks();
});
afterEach(() => world.proxy.setFault(null));

const check = (email: string, password: string, context = elsewhere()) =>
  checkCredentials(world.system, { email, password }, context);

async function changed(set: string) {
  await world.database.sql(`update users set ${set} where email = $1`, [ada.email]);
  return ada.email;
}

function statements() {
  const body = world.proxy.requests[0]?.body as { queries: { query: string }[] } | undefined;
  return body?.queries.map(({ query }) => query);
}

async function statementsOfSuccess() {
  const other = await world.person();
  world.proxy.reset();
  expect(await check(other.email, other.password)).toMatchObject({ ok: true });
  return statements();
}

async function idOf(email: string) {
  const [row] = await world.database.sql<{ id: string }>("select id from users where email = $1", [email]);
  if (row === undefined) throw new Error(email);
  return row;
}

const wrong = { ok: false, code: "invalid", fields: { password: [WRONG_CREDENTIALS] } };

describe("signing in", () => {
  it("finds the person by the right password, in one request", async () => {
    const result = await check(ada.email, ada.password);
    expect(result).toMatchObject({ ok: true, data: { email: ada.email } });
    expect(world.proxy.requests).toHaveLength(1);
  });

  it("starts a session in one request, and notes it in the person's name", async () => {
    const result = await check(ada.email, ada.password);
    if (!result.ok) throw new Error(result.code);
    world.proxy.reset();
    const token = await startSession(world.system, {
      userId: result.data.id,
      email: ada.email,
      context: request("203.0.113.200"),
    });
    expect(world.proxy.requests).toHaveLength(1);
    expect(await world.enter(token)).toMatchObject({ email: ada.email });
    expect(
      await world.database.sql(
        `select a.action, s.expires_at - s.created_at > interval '29 days 23 hours' as lasts,
                u.last_login_at is not null as noted
           from audit_logs a join sessions s on s.id = a.entity_id and s.id = a.session_id join users u on u.id = a.user_id
          where a.ip = '203.0.113.200'`,
      ),
    ).toEqual([{ action: "sign_in", lasts: true, noted: true }]);
  });

  it.each([
    ["a wrong password", async () => ada.email],
    ["an unknown address", async () => "nobody@cairn.example"],
    ["an account that only signs in elsewhere", () => changed("password_hash = null")],
    ["a suspended account, even with the right password", () => changed("status = 'suspended'")],
    ["a deleted account", () => changed("status = 'deleted', deleted_at = now()")],
  ])("says and costs the same for %s", async (which, address) => {
    const email = await address();
    const password = which.includes("wrong") ? "not the password" : ada.password;
    world.proxy.reset();
    expect(await check(email, password)).toMatchObject(wrong);
    expect(vi.mocked(argon2.verify)).toHaveBeenCalledTimes(1);
    expect(vi.mocked(argon2.hash)).not.toHaveBeenCalled();
    expect(world.proxy.requests).toHaveLength(1);
    // The same statements: what differs is only what they find.
    expect(statements()).toEqual(await statementsOfSuccess());
  });

  it("stops guessing one account's password from anywhere, also the right one, until the window is over", async () => {
    for (let turn = 0; turn < SIGN_IN_PER_ACCOUNT.attempts; turn += 1) {
      expect(await check(ada.email, "not the password")).toMatchObject(wrong);
    }
    vi.clearAllMocks();
    expect(await check(ada.email, ada.password)).toMatchObject({
      code: "limited",
      message: "Too many attempts. Try again in 15 minutes.",
    });
    expect(vi.mocked(argon2.verify)).not.toHaveBeenCalled();

    const other = await world.person();
    expect(await check(other.email, other.password)).toMatchObject({ ok: true });
    await world.database.sql("update rate_limits set window_ends_at = now() - interval '1 s'");
    expect(await check(ada.email, ada.password)).toMatchObject({ ok: true });
  });

  it("limits unknown addresses the same way, so that the limit does not tell them apart", async () => {
    for (let turn = 0; turn < SIGN_IN_PER_ACCOUNT.attempts; turn += 1) {
      expect(await check("unknown@cairn.example", "a password")).toMatchObject(wrong);
    }
    expect(await check("unknown@cairn.example", "a password")).toMatchObject({ code: "limited" });
  });

  it("stops one address that tries many accounts, and nobody else", async () => {
    const there = request("203.0.113.201");
    await check("first@cairn.example", "a password", there);
    await world.database.sql("update rate_limits set count = $1 where count = 1", [
      SIGN_IN_PER_ADDRESS.attempts,
    ]);
    expect(await check("second@cairn.example", "a password", there)).toMatchObject({ code: "limited" });
    expect(await check(ada.email, ada.password, request("203.0.113.202"))).toMatchObject({ ok: true });
  });

  it("forgives the attempts of who gets in, and takes none from the address", async () => {
    const there = request("203.0.113.203");
    for (let turn = 0; turn < 4; turn += 1) await check(ada.email, "not the password", there);
    const result = await check(ada.email, ada.password, there);
    if (!result.ok) throw new Error(result.code);
    await startSession(world.system, { userId: result.data.id, email: ada.email, context: there });
    for (let turn = 0; turn < SIGN_IN_PER_ACCOUNT.attempts; turn += 1) {
      expect(await check(ada.email, "not the password", elsewhere())).toMatchObject(wrong);
    }
    const counts = await world.database.sql<{ count: number }>(
      "select count from rate_limits order by count",
    );
    expect(counts.map(({ count }) => count)).toContain(4);
  });

  it("counts an attempt whose answer is lost, and whatever fails after it", async () => {
    world.proxy.setFault(() => ({ kind: "lose-response" }));
    for (let turn = 0; turn < SIGN_IN_PER_ACCOUNT.attempts; turn += 1) {
      await expect(check(ada.email, ada.password)).rejects.toMatchObject({
        failure: { code: "unavailable" },
      });
    }
    world.proxy.setFault(null);
    expect(await check(ada.email, ada.password)).toMatchObject({ code: "limited" });
  });

  it("says unavailable, not wrong, when the database is not there", async () => {
    world.proxy.setFault(() => ({ kind: "lose-request" }));
    await expect(check(ada.email, ada.password)).rejects.toMatchObject({ failure: { code: "unavailable" } });
  });
});

describe("a session", () => {
  it("is dead after signing out, for good, and the person's other sessions live on", async () => {
    const { id } = await idOf(ada.email);
    const other = await startSession(world.system, { userId: id, email: ada.email, context: request() });
    world.proxy.reset();
    await endSession(world.system, ada.token, request("203.0.113.210"));
    expect(world.proxy.requests).toHaveLength(1);
    expect(await world.enter(ada.token)).toBe("signed_out");
    expect(await world.enter(other)).toMatchObject({ email: ada.email });
    expect(
      await world.database.sql(
        "select action, user_id, session_id = entity_id as its_own from audit_logs where ip = '203.0.113.210'",
      ),
    ).toEqual([{ action: "sign_out", user_id: id, its_own: true }]);
  });

  it("that is unknown can be ended without harm", async () => {
    const [before] = await world.database.sql("select count(*) from sessions");
    await endSession(world.system, "not a token", request());
    expect(await world.database.sql("select count(*) from sessions")).toEqual([before]);
  });

  it("of a suspended person is refused at the next request", async () => {
    expect(await world.enter(ada.token)).toMatchObject({ email: ada.email });
    await world.database.sql("update users set status = 'suspended' where email = $1", [ada.email]);
    expect(await world.enter(ada.token)).toBe("signed_out");
  });
});
