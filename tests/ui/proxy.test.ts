import { NextRequest } from "next/server";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { proxy } from "@/proxy";

const origin = "http://localhost:3000";

beforeAll(() => {
  vi.stubEnv("DATABASE_URL", "postgres://owner:secret@localhost:5432/cairn");
  vi.stubEnv("AUTH_SECRET", "a secret that is long enough for a test");
  vi.stubEnv("AUTH_URL", origin);
});

function ask(
  path: string,
  init: { method?: string; cookie?: string; headers?: Record<string, string> } = {},
) {
  const headers = { ...init.headers, ...(init.cookie ? { cookie: init.cookie } : {}) };
  return proxy(new NextRequest(new URL(path, origin), { method: init.method ?? "GET", headers }));
}

function leadsTo(path: string, init?: { method?: string; cookie?: string }) {
  const location = ask(path, init).headers.get("location");
  return location === null ? null : new URL(location);
}

describe("proxy", () => {
  it.each([
    "/today",
    "/upcoming",
    "/todos",
    "/todos/0199f0a2-0000-7000-8000-000000000000",
    "/dashboard",
    "/search?q=milk",
    "/tags",
    "/trash",
    "/activity",
    "/settings",
  ])("sends people without a session cookie from %s to sign-in, and back afterwards", (path) => {
    const location = leadsTo(path);
    expect(location?.pathname).toBe("/sign-in");
    expect(location?.searchParams.get("next")).toBe(path);
  });

  it.each(["/", "/sign-in", "/sign-up", "/api/health", "/todosomething", "/nowhere"])(
    "lets everyone see %s",
    (path) => {
      expect(leadsTo(path)).toBeNull();
    },
  );

  it("lets people with a session cookie in, whatever the cookie is worth", () => {
    expect(leadsTo("/today", { cookie: "cairn.session=anything" })).toBeNull();
  });

  it("leaves a form that is sent without a session to its action", () => {
    expect(leadsTo("/today", { method: "POST" })).toBeNull();
  });

  it.each(["https://evil.example", "null", "", "http://localhost:4000"])(
    "turns a form away that says it comes from %j, and reads nothing of it",
    async (foreign) => {
      const answer = ask("/today", { method: "POST", headers: { origin: foreign, "next-action": "x" } });
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.stringMatching(/not come from Cairn's own/),
      ]);
      expect(answer.headers.get("content-security-policy")).not.toBeNull();
      const form = ask("/today", { method: "POST", headers: { origin: foreign } });
      expect(await form.text()).toContain("<h1>Refused</h1>");
    },
  );

  it("lets our own forms through, and reading from anywhere", () => {
    const post = (path: string, from: string) => ask(path, { method: "POST", headers: { origin: from } });
    expect(
      [post("/today", origin), post("/today", "http://127.0.0.1:3000")].map(({ status }) => status),
    ).toEqual([200, 200]);
    expect(ask("/", { headers: { origin: "https://evil.example" } }).status).toBe(200);
    expect(post("/api/auth/callback/credentials", "https://evil.example").status).toBe(200);
  });

  it("gives every answer a nonce of its own, the same to the page and to the browser", () => {
    const [first, second] = [ask("/"), ask("/")];
    const policy = first.headers.get("content-security-policy");
    expect(policy).toMatch(/'nonce-[0-9a-f-]{36}'/);
    expect(first.headers.get("x-middleware-request-content-security-policy")).toBe(policy);
    expect(second.headers.get("content-security-policy")).not.toBe(policy);
  });

  it("shows the page for what is not there under an address that is no text", () => {
    for (const path of ["/%ff", "/today/%ED%A0%80"]) {
      const answer = ask(path, { cookie: "cairn.session=anything" });
      expect(answer.headers.get("x-middleware-rewrite")).toBe(`${origin}/404`);
    }
    expect(ask("/%C3%A4").headers.get("x-middleware-rewrite")).toBeNull();
  });

  it("protects a redirect too", () => {
    expect(ask("/today").headers.get("x-content-type-options")).toBe("nosniff");
  });
});
