import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, securityHeaders } from "@/lib/security-headers";

/** The policy as a browser reads it. */
function directives(policy: string): Map<string, string[]> {
  return new Map(
    policy.split(";").map((part) => {
      const [name = "", ...sources] = part.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

const production = { nonce: "n0nce", secure: true };

describe("contentSecurityPolicy", () => {
  it("lets a script run by its nonce only", () => {
    const policy = directives(contentSecurityPolicy(production));
    expect(policy.get("script-src")).toEqual(["'nonce-n0nce'", "'strict-dynamic'"]);
  });

  it("allows eval and WebSockets in development only", () => {
    const development = directives(contentSecurityPolicy({ ...production, development: true }));
    expect(development.get("script-src")).toContain("'unsafe-eval'");
    expect(development.get("connect-src")).toContain("ws:");
    expect(contentSecurityPolicy(production)).not.toMatch(/unsafe-eval|ws:/);
  });

  it("lets nobody frame the page, change its base or send its forms elsewhere", () => {
    const policy = directives(contentSecurityPolicy(production));
    expect(policy.get("frame-ancestors")).toEqual(["'none'"]);
    expect(policy.get("base-uri")).toEqual(["'none'"]);
    expect(policy.get("form-action")).toEqual(["'self'"]);
    expect(policy.get("object-src")).toEqual(["'none'"]);
  });

  it("falls back to this origin for whatever it does not name", () => {
    expect(directives(contentSecurityPolicy(production)).get("default-src")).toEqual(["'self'"]);
  });
});

describe("securityHeaders", () => {
  it("promises https on https sites only, or a laptop could not be reached any more", () => {
    const secure = securityHeaders(production);
    const plain = securityHeaders({ ...production, secure: false });
    expect(secure["strict-transport-security"]).toMatch(/^max-age=\d{8}$/);
    expect(secure["content-security-policy"]).toContain("upgrade-insecure-requests");
    expect(plain).not.toHaveProperty("strict-transport-security");
    expect(plain["content-security-policy"]).not.toContain("upgrade-insecure-requests");
  });

  it("tells other sites nothing and lets browsers guess no types", () => {
    expect(securityHeaders(production)).toMatchObject({
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
    });
  });

  it("is made of values that a header can carry", () => {
    for (const [name, value] of Object.entries(securityHeaders(production))) {
      expect(() => new Headers({ [name]: value })).not.toThrow();
      expect(value).not.toMatch(/\s{2}|[\r\n]/);
    }
  });
});
