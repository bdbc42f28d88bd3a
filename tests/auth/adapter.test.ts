import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authAdapter } from "@/lib/auth/adapter";
import { hashToken } from "@/lib/auth/token";
import { isId } from "@/lib/db/id";
import { openWorld, request, type World } from "./world";

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const adapter = () => authAdapter(world.system.db, request("203.0.113.5"));
let people = 0;
/** Somebody who comes from another provider. */
function grace(more: object = {}) {
  people += 1;
  const email = `Grace.${people}@Example.com`;
  return adapter().createUser({
    id: "theirs",
    email,
    name: "Grace",
    emailVerified: null,
    image: null,
    ...more,
  });
}

describe("the adapter of Auth.js", () => {
  it("makes a person with an id of ours, a normalised address and a personal organization", async () => {
    const user = await grace();
    expect(isId(user.id)).toBe(true);
    expect(user.email).toBe(`grace.${people}@example.com`);
    expect(
      await world.database.sql(
        "select o.name, m.role, u.password_hash from users u join organizations o on o.personal_user_id = u.id join memberships m on m.user_id = u.id where u.id = $1",
        [user.id],
      ),
    ).toEqual([{ name: "Grace", role: "owner", password_hash: null }]);
  });

  it.each([
    ["no name", undefined],
    ["a name without letters", "  "],
    ["an endless name", "🪨".repeat(150)],
  ])("makes do with %s", async (_case, name) => {
    expect((await grace({ name })).name).toMatch(/^(grace.*|🪨{100})$/iu);
  });

  it("finds people by id, by address in any spelling, and by their linked account", async () => {
    const user = await grace();
    await adapter().linkAccount({
      userId: user.id,
      type: "oidc",
      provider: "somewhere",
      providerAccountId: `account-${people}`,
      access_token: "a provider's secret",
    });
    const found = await Promise.all([
      adapter().getUser(user.id),
      adapter().getUserByEmail(`GRACE.${people}@example.com `),
      adapter().getUserByAccount({ provider: "somewhere", providerAccountId: `account-${people}` }),
    ]);
    expect(found).toEqual([user, user, user]);
    expect(
      await adapter().getUserByAccount({ provider: "elsewhere", providerAccountId: "account" }),
    ).toBeNull();
    expect(await adapter().getUserByEmail("nobody@example.com")).toBeNull();
    expect(JSON.stringify(found)).not.toContain("password");
    const [row] = await world.database.sql("select to_jsonb(a) as row from accounts a where user_id = $1", [
      user.id,
    ]);
    expect(JSON.stringify(row)).not.toContain("a provider's secret");
  });

  it("notes that an address was verified, and changes nothing else", async () => {
    const user = await grace();
    const emailVerified = new Date("2026-11-20T12:00:00.000Z");
    const updated = await adapter().updateUser({ id: user.id, emailVerified, email: "other@example.com" });
    expect(updated).toEqual({ ...user, emailVerified });
  });

  it("starts sessions that app.enter knows, with a token of ours, and ends them", async () => {
    const user = await grace();
    const theirs = { sessionToken: "theirs", userId: user.id, expires: new Date(Date.now() + 1e10) };
    const { sessionToken, expires } = await adapter().createSession(theirs);
    expect(sessionToken).toMatch(/^[\w-]{43}$/);
    expect(expires).toEqual(theirs.expires);
    expect(await world.enter(sessionToken)).toMatchObject({ userId: user.id });
    expect(await adapter().getSessionAndUser(sessionToken)).toMatchObject({
      user,
      session: { sessionToken },
    });
    await adapter().deleteSession(sessionToken);
    expect(await world.enter(sessionToken)).toBe("signed_out");
    expect(await adapter().getSessionAndUser(sessionToken)).toBeNull();
  });

  it.each([
    ["is over", "update sessions set expires_at = now() - interval '1 s' where token_hash = $1"],
    ["was revoked", "update sessions set revoked_at = now() where token_hash = $1"],
    [
      "is a suspended person's",
      "update users set status = 'suspended' where id = (select user_id from sessions where token_hash = $1)",
    ],
  ])("knows no session that %s", async (_case, change) => {
    const user = await grace();
    const { sessionToken } = await adapter().createSession({
      sessionToken: "",
      userId: user.id,
      expires: new Date(),
    });
    expect(await adapter().getSessionAndUser(sessionToken)).not.toBeNull();
    await world.database.sql(change, [hashToken(sessionToken)]);
    expect(await adapter().getSessionAndUser(sessionToken)).toBeNull();
    expect(await world.enter(sessionToken)).toBe("signed_out");
  });

  it("keeps a mailed link's secret as a hash, and lets it be used once", async () => {
    const expires = new Date("2026-11-21T12:00:00.000Z");
    const link = { identifier: "Linus@example.com", token: "the link's secret", expires };
    await adapter().createVerificationToken(link);
    const [row] = await world.database.sql("select identifier, token_hash from verification_tokens");
    expect(row).toEqual({ identifier: "linus@example.com", token_hash: hashToken(link.token) });
    expect(await adapter().useVerificationToken({ ...link, token: "another" })).toBeNull();
    expect(await adapter().useVerificationToken(link)).toEqual(link);
    expect(await adapter().useVerificationToken(link)).toBeNull();
  });
});
