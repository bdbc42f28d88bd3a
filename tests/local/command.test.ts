import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eraseCluster, openDataFolder } from "@/scripts/local/data-folder";
import { firstRow } from "../helpers/endpoint-client";
import { type TestFolder, makeTestFolder } from "../helpers/test-folder";

let folder: TestFolder;
let dataDir: string;
beforeAll(() => {
  folder = makeTestFolder();
  dataDir = join(folder.path, "data");
});
afterAll(() => {
  eraseCluster(openDataFolder(dataDir));
  folder.remove();
});

type Run = { process: ChildProcess; stdout: string; stderr: string; exit: Promise<unknown> };

function run(...args: string[]): Run {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/local-database.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const result: Run = { process: child, stdout: "", stderr: "", exit: once(child, "close") };
  child.stdout.on("data", (chunk: Buffer) => (result.stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (result.stderr += chunk.toString("utf8")));
  return result;
}

async function ready(command: Run): Promise<void> {
  while (!command.stdout.includes("NEON_HTTP_ENDPOINT=")) {
    if (command.process.exitCode !== null) throw new Error(command.stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("pnpm db:local", () => {
  it("prints three addresses that work, refuses a second copy, and stops cleanly at SIGTERM", async () => {
    const first = run("--data-dir", dataDir);
    await ready(first);
    const lines = first.stdout.trim().split("\n");
    const [databaseUrl, unpooledUrl, endpoint] = lines.map((line) => line.slice(line.indexOf("=") + 1));
    expect(lines.map((line) => line.slice(0, line.indexOf("=")))).toEqual([
      "DATABASE_URL",
      "DATABASE_URL_UNPOOLED",
      "NEON_HTTP_ENDPOINT",
    ]);
    expect(unpooledUrl).toBe(databaseUrl);
    const target = { databaseUrl: databaseUrl ?? "", endpoint: endpoint ?? "" };
    expect(await firstRow(target, "select current_user::text as role")).toEqual({ role: "cairn_owner" });

    const second = run("--data-dir", dataDir);
    await second.exit;
    expect(second.process.exitCode).toBe(1);
    expect(second.stdout).toBe("");
    expect(second.stderr).toMatch(/^Another copy of Cairn .* already uses the data folder [^\n]*\n$/);
    expect(await firstRow(target, "select 1 as one")).toEqual({ one: 1 });

    first.process.kill("SIGTERM");
    await first.exit;
    expect(first.process.exitCode).toBe(0);
    expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(false);
    expect(existsSync(join(dataDir, "local-database.lock"))).toBe(false);

    const third = run("--data-dir", dataDir);
    await ready(third);
    expect(third.stdout).toBe(first.stdout);
    third.process.kill("SIGINT");
    await third.exit;
    expect(third.process.exitCode).toBe(0);
  });

  it.each([
    [["--pg-port", "http"], '--pg-port must be a number from 1 to 65535, not "http".\n'],
    [["--http-port", "70000"], '--http-port must be a number from 1 to 65535, not "70000".\n'],
    [["--data", "x"], "Unknown option '--data'"],
  ])("says what is wrong with %j and starts nothing", async (args, sentence) => {
    const command = run(...args);
    await command.exit;
    expect(command.process.exitCode).toBe(1);
    expect(command.stderr.startsWith(sentence)).toBe(true);
    expect(command.stdout).toBe("");
  });
});
