import { Auth } from "@auth/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { authConfig } from "@/lib/auth/config";
import { SIGN_IN_PER_ACCOUNT } from "@/lib/auth/limits";
import { openWorld, request, type World } from "./world";

let world: World;
let ada: Awaited<ReturnType<World["person"]>>;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  ada = await world.person();
  world.proxy.reset();
});
afterEach(() => {
  world.proxy.setFault(null);
  vi.restoreAllMocks();
});

/** What anybody can do at /api/auth, as a browser would: with the cookies that it got. */
function browser(origin = "http://localhost:3000", ip = "192.0.2.1") {
  const jar = new Map<string, string>();
  async function send(path: string, form?: Record<string, string>) {
    const response = await Auth(
      new Request(`${origin}/api/auth/${path}`, {
        method: form ? "POST" : "GET",
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      }),
      authConfig(world.system, request(ip), origin),
    );
    const cookies = response.headers.getSetCookie();
    for (const cookie of cookies) {
      const [name = "", value = ""] = cookie.split(";")[0]?.split("=") ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, decodeURIComponent(value));
    }
    return { status: response.status, location: response.headers.get("location"), response, cookies };
  }
  return {
    jar,
    get: (path: string) => send(path),
    async post(path: string, form: Record<string, string> = {}) {
      const { csrfToken } = (await (await send("csrf")).response.json()) as { csrfToken: string };
      return send(path, { ...form, csrfToken });
    },
  };
}

describe("Auth.js", () => {
  it("signs in with a session row of ours: the cookie holds an opaque token, the database its hash", async () => {
    const chromium = browser();
    const answer = await chromium.post("callback/credentials", { email: ada.email, password: ada.password });
    expect([answer.status, answer.location]).toEqual([302, "http://localhost:3000/today"]);
    expect(world.proxy.requests).toHaveLength(2);
    const cookie = answer.cookies.find((text) => text.startsWith("cairn.session="));
    expect(cookie).toMatch(/^cairn\.session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie ?? "")?.[1] ?? "");
    expect(Math.round((expires - Date.now()) / 86_400_000)).toBe(400);
    expect(await world.enter(chromium.jar.get("cairn.session") ?? "")).toMatchObject({ email: ada.email });
  });

  it("lets the browser itself hold the cookie to this host where the site is https", async () => {
    const answer = await browser("https://cairn.example").post("callback/credentials", {
      email: ada.email,
      password: ada.password,
    });
    expect(answer.cookies.join()).toMatch(
      /__Host-cairn\.session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax/,
    );
  });

  it("does not sign in without its token against forged requests", async () => {
    const answer = await Auth(
      new Request("http://localhost:3000/api/auth/callback/credentials", {
        method: "POST",
        body: new URLSearchParams({ email: ada.email, password: ada.password }),
      }),
      { ...authConfig(world.system, request(), "http://localhost:3000"), logger: { error: () => {} } },
    );
    expect(answer.headers.getSetCookie().join()).not.toContain("cairn.session");
    expect(world.proxy.requests).toHaveLength(0);
  });

  it.each([
    ["a wrong password", { password: "not the password" }],
    ["a missing password", { password: "" }],
    ["no e-mail address", { email: "nobody" }],
  ])("refuses %s on its open endpoint, and logs no error", async (_case, form) => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const answer = await browser().post("callback/credentials", {
      email: ada.email,
      password: ada.password,
      ...form,
    });
    expect(answer.location).toMatch(
      /^http:\/\/localhost:3000\/sign-in\?error=CredentialsSignin&code=(credentials|invalid)$/,
    );
    expect(answer.cookies.join()).not.toContain("cairn.session");
    expect(log).not.toHaveBeenCalled();
  });

  it("limits attempts on its open endpoint too", async () => {
    const guesser = browser();
    const post = (password: string) => guesser.post("callback/credentials", { email: ada.email, password });
    for (let turn = 0; turn < SIGN_IN_PER_ACCOUNT.attempts; turn += 1) await post("not the password");
    const answer = await post(ada.password);
    expect(answer.location).toBe("http://localhost:3000/sign-in?error=CredentialsSignin&code=limited");
    expect(answer.cookies.join()).not.toContain("cairn.session");
  });

  it("tells nobody why the database is not there: neither the page's address nor the log holds SQL or addresses", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    world.proxy.setFault(() => ({ kind: "lose-request" }));
    const answer = await browser().post("callback/credentials", { email: ada.email, password: ada.password });
    expect(answer.location).toBe("http://localhost:3000/sign-in?error=Configuration");
    expect(log.mock.calls).toEqual([["auth: CallbackRouteError: unavailable"]]);
  });

  it.each([
    ["//evil.example", "http://localhost:3000/today"],
    ["https://evil.example/x", "http://localhost:3000/today"],
    ["/tags?a=1", "http://localhost:3000/tags?a=1"],
  ])("leads to a path of this site only: %j", async (callbackUrl, location) => {
    const answer = await browser().post("callback/credentials", {
      email: ada.email,
      password: ada.password,
      callbackUrl,
    });
    expect(answer.location).toBe(location);
  });

  it.each([
    ["signin", "/sign-in?callbackUrl=http%3A%2F%2Flocalhost%3A3000"],
    ["signout", "/"],
    ["error?error=Configuration", "/sign-in?error=Configuration"],
    ["verify-request", "/sign-in?"],
  ])("shows none of its own pages: %s", async (path, location) => {
    expect((await browser().get(path)).location).toBe(location.replace(/\?$/, ""));
  });

  it("tells who is signed in, by the rules of every other request, and moves no end", async () => {
    const chromium = browser();
    await chromium.post("callback/credentials", { email: ada.email, password: ada.password });
    const ends = () => world.database.sql("select id, expires_at from sessions order by id");
    const before = await ends();
    expect(await (await chromium.get("session")).response.json()).toMatchObject({
      user: { email: ada.email },
    });
    expect(await ends()).toEqual(before);

    await world.database.sql("update users set status = 'suspended' where email = $1", [ada.email]);
    expect(await (await chromium.get("session")).response.json()).toBeNull();
  });

  it("keeps the cookie when the database is not there", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const chromium = browser();
    await chromium.post("callback/credentials", { email: ada.email, password: ada.password });
    world.proxy.setFault(() => ({ kind: "lose-request" }));
    const answer = await chromium.get("session");
    expect(await answer.response.json()).toBeNull();
    expect(answer.cookies.join()).not.toContain("cairn.session");
  });

  it("deletes the row when it signs out", async () => {
    const chromium = browser();
    await chromium.post("callback/credentials", { email: ada.email, password: ada.password });
    const token = chromium.jar.get("cairn.session") ?? "";
    await chromium.post("signout");
    expect(chromium.jar.has("cairn.session")).toBe(false);
    expect(await world.enter(token)).toBe("signed_out");
  });
});
