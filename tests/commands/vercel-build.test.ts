import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { runChild } from "@/scripts/commands/child";
import { type Environment, hermeticEnvironment } from "@/scripts/commands/environment";
import { packageProgram, projectFolder } from "@/scripts/commands/project";

const buildFolder = ".next-never-made";
const secret = "a secret for tests only, of no use anywhere else";

/** Runs it as Vercel does. That it builds, too, is seen by the tests in a browser, whose build it makes. */
function vercelBuild(variables: Environment) {
  const env = hermeticEnvironment(process.env, { ...variables, NEXT_DIST_DIR: buildFolder });
  return runChild(packageProgram("tsx"), ["scripts/vercel-build.ts"], { env });
}

describe("vercel-build", () => {
  it("asks for the database instead of making a local one", async () => {
    expect(await vercelBuild({ AUTH_SECRET: secret })).toMatchObject({
      code: 1,
      output: "DATABASE_URL is not set: add the Neon integration to the project.",
    });
  });

  it("asks for the secret before it touches the database", async () => {
    expect(await vercelBuild({ DATABASE_URL: inject("server").ownerUrl })).toMatchObject({
      code: 1,
      output: "AUTH_SECRET is not set: add it to the project's environment variables.",
    });
  });

  it("does not build when the migrations fail", async () => {
    const url = new URL(inject("server").ownerUrl);
    url.pathname = "/no_such_database";
    const { code, output } = await vercelBuild({ DATABASE_URL: url.href, AUTH_SECRET: secret });
    expect(code).toBe(1);
    expect(output).toContain('database "no_such_database" does not exist');
    expect(output).not.toContain(url.password);
    expect(existsSync(join(projectFolder, buildFolder))).toBe(false);
  });
});
