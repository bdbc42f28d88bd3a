import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readEnvironment } from "@/lib/env";
import { chooseSecret, hermeticEnvironment, keptSecret, loadDotEnv } from "@/scripts/commands/environment";
import { projectFolder } from "@/scripts/commands/project";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cairn-environment-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("the tests' environment", () => {
  it("has nothing in it that leads to another database, site or kind of build", () => {
    const variables = {
      NODE_ENV: "production" as const,
      PATH: "/usr/bin",
      HOME: "/home/me",
      CI: "true",
      DATABASE_URL: "postgres://production",
      DATABASE_URL_UNPOOLED: "postgres://production",
      NEON_HTTP_ENDPOINT: "https://production",
      AUTH_SECRET: "x",
      AUTH_URL: "https://production",
      PGHOST: "production",
      PGPASSWORD: "x",
      PORT: "80",
      VERCEL: "1",
      NEXT_DIST_DIR: ".next",
    };
    const { PATH, ...rest } = hermeticEnvironment(variables);
    expect(rest).toEqual({ HOME: "/home/me", CI: "true", NEXT_TELEMETRY_DISABLED: "1" });
    expect(PATH?.endsWith(":/usr/bin")).toBe(true);
  });

  it("lacks every variable that .env.example speaks of", () => {
    const example = readFileSync(join(projectFolder, ".env.example"), "utf8");
    const names = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name = ""]) => name);
    expect(names).toContain("DATABASE_URL");
    const variables = Object.fromEntries(names.map((name) => [name, "something"]));
    const env = hermeticEnvironment({ ...variables, NODE_ENV: "test" });
    expect(names.filter((name) => name in env)).toEqual([]);
  });
});

describe("the example of an .env file", () => {
  it("works as it is", () => {
    writeFileSync(join(folder, ".env"), readFileSync(join(projectFolder, ".env.example")));
    const before = { ...process.env };
    try {
      loadDotEnv(folder);
      const added = Object.keys(process.env).filter((name) => !(name in before));
      expect(added).toEqual(["PORT"]);
    } finally {
      delete process.env.PORT;
    }
  });
});

describe("the secret", () => {
  it("is made once, long enough for the app, and readable by its owner only", () => {
    const secret = keptSecret(folder);
    expect(keptSecret(folder)).toBe(secret);
    expect(statSync(join(folder, "auth-secret")).mode & 0o777).toBe(0o600);
    const environment = readEnvironment({ DATABASE_URL: "postgres://x@localhost/x", AUTH_SECRET: secret });
    expect(environment.AUTH_SECRET).toBe(secret);
  });

  it("differs between two clones", () => {
    const other = join(folder, "other");
    expect(keptSecret(folder)).not.toBe(keptSecret(other));
  });

  it("is refused when its file was cut off", () => {
    writeFileSync(join(folder, "auth-secret"), "short\n");
    expect(() => keptSecret(folder)).toThrow("should hold a secret of at least 32 characters");
  });

  it("is AUTH_SECRET when that is set", () => {
    const given = "a secret of the person's own, which is long enough";
    vi.stubEnv("AUTH_SECRET", given);
    expect(chooseSecret(folder, undefined)).toBe(given);
    vi.stubEnv("AUTH_SECRET", "short");
    expect(() => chooseSecret(folder, undefined)).toThrow("AUTH_SECRET must have at least 32 characters.");
  });

  it("is never made up for a database on another machine", () => {
    vi.stubEnv("AUTH_SECRET", "");
    expect(() => chooseSecret(folder, "postgres://me:pw@ep-x.us-east-1.aws.neon.tech/cairn")).toThrow(
      "set AUTH_SECRET too",
    );
    expect(chooseSecret(folder, "postgres://me:pw@127.0.0.1:5432/cairn")).toBe(keptSecret(folder));
  });
});
