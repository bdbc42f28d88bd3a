import { NextRequest } from "next/server";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { proxy } from "@/proxy";

const origin = "http://localhost:3000";

beforeAll(() => {
  vi.stubEnv("DATABASE_URL", "postgres://owner:secret@localhost:5432/cairn");
  vi.stubEnv("AUTH_SECRET", "a secret that is long enough for a test");
  vi.stubEnv("AUTH_URL", origin);
});

function ask(path: string, init: { method?: string; cookie?: string } = {}) {
  return proxy(
    new NextRequest(new URL(path, origin), {
      method: init.method ?? "GET",
      headers: init.cookie ? { cookie: init.cookie } : {},
    }),
  );
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

  it("gives every answer a nonce of its own, the same to the page and to the browser", () => {
    const [first, second] = [ask("/"), ask("/")];
    const policy = first.headers.get("content-security-policy");
    expect(policy).toMatch(/'nonce-[0-9a-f-]{36}'/);
    expect(first.headers.get("x-middleware-request-content-security-policy")).toBe(policy);
    expect(second.headers.get("content-security-policy")).not.toBe(policy);
  });

  it("protects a redirect too", () => {
    expect(ask("/today").headers.get("x-content-type-options")).toBe("nosniff");
  });
});
