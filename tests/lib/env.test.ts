import { describe, expect, it } from "vitest";
import { readEnvironment, siteOrigin } from "@/lib/env";

const complete = {
  DATABASE_URL: "postgres://owner:secret-word@localhost:5432/cairn",
  AUTH_SECRET: "x".repeat(32),
};

describe("readEnvironment", () => {
  it("takes the two variables that a deployment needs", () => {
    expect(readEnvironment(complete)).toMatchObject(complete);
  });

  it("names every variable that is wrong in one sentence, and never a value", () => {
    const wrong = { DATABASE_URL: "mysql://owner:secret-word@localhost", AUTH_SECRET: "secret-word" };
    expect(() => readEnvironment(wrong)).toThrow(
      "The environment is not complete: DATABASE_URL must be a postgres:// URL; AUTH_SECRET must have at least 32 characters.",
    );
  });

  it("counts an empty variable as absent, as .env files leave them", () => {
    expect(readEnvironment({ ...complete, AUTH_URL: "" }).AUTH_URL).toBeUndefined();
  });
});

describe("siteOrigin", () => {
  it("is the configured address before the deployment's own, and this machine's without either", () => {
    const environment = readEnvironment({
      ...complete,
      AUTH_URL: "https://cairn.example/path",
      VERCEL_URL: "b.example",
    });
    expect(siteOrigin(environment)).toBe("https://cairn.example");
    expect(siteOrigin(readEnvironment({ ...complete, VERCEL_URL: "b.example" }))).toBe("https://b.example");
    expect(siteOrigin(readEnvironment(complete))).toBe("http://localhost:3000");
  });
});
