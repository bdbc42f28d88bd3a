import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIfChanged, hashSources } from "@/scripts/commands/build";

let folder = "";

function write(file: string, content: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cairn-build-"));
  write("app/page.tsx", "one");
  write("package.json", "{}");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the hash of the sources", () => {
  it.each([
    ["a changed file", () => write("app/page.tsx", "two")],
    ["a new file", () => write("app/other.tsx", "")],
    ["a file of a new folder", () => write("new/thing.ts", "")],
    ["a changed lockfile", () => write("pnpm-lock.yaml", "x")],
    ["a moved border between two files", () => write("app/page.tsxo", "ne")],
  ])("changes with %s", (_, change) => {
    const before = hashSources(folder, {});
    change();
    expect(hashSources(folder, {})).not.toBe(before);
  });

  it.each([
    "tests/a.test.ts",
    "e2e/a.spec.ts",
    "README.md",
    ".env",
    ".data/x",
    ".next/x",
    "node_modules/x/y.js",
  ])("does not change with %s", (file) => {
    const before = hashSources(folder, {});
    write(file, "something");
    expect(hashSources(folder, {})).toBe(before);
  });

  it("changes with a variable that is built in, and with no other", () => {
    const before = hashSources(folder, {});
    expect(hashSources(folder, { DATABASE_URL: "postgres://elsewhere" })).toBe(before);
    expect(hashSources(folder, { NEXT_PUBLIC_NAME: "Cairn" })).not.toBe(before);
  });
});

/** Options with a program in the place of Next, to see when it is called and what becomes of its failure. */
function building(script: string) {
  const program = join(folder, ".build.sh");
  writeFileSync(program, `#!/bin/sh\necho called >> "${folder}/.calls"\nmkdir -p .next\n${script}\n`);
  chmodSync(program, 0o755);
  const env = { PATH: process.env.PATH ?? "" };
  return { folder, program, distDir: ".next", env, signal: new AbortController().signal, onLine: () => {} };
}

const calls = () => readFileSync(join(folder, ".calls"), "utf8").trim().split("\n").length;
const good = "echo id > .next/BUILD_ID";

describe("building", () => {
  it("happens once for the same sources", async () => {
    expect(await buildIfChanged(building(good))).toBe(true);
    expect(await buildIfChanged(building(good))).toBe(false);
    expect(calls()).toBe(1);
  });

  it("happens again when a source has changed, and when it has changed back", async () => {
    await buildIfChanged(building(good));
    write("app/page.tsx", "two");
    expect(await buildIfChanged(building(good))).toBe(true);
    write("app/page.tsx", "one");
    expect(await buildIfChanged(building(good))).toBe(true);
  });

  it("shows what the build said when it fails, and does not take it for a good one", async () => {
    const failing = building(`${good}; echo "app/page.tsx: unexpected token" >&2; exit 3`);
    await expect(buildIfChanged(failing)).rejects.toThrow(/unexpected token[^]*The build failed/);
    await expect(buildIfChanged(failing)).rejects.toThrow("The build failed");
    expect(calls()).toBe(2);
  });

  it("does not come back to a good build that a failed one has overwritten", async () => {
    await buildIfChanged(building(good));
    write("app/page.tsx", "two");
    await expect(buildIfChanged(building("exit 1"))).rejects.toThrow("The build failed");
    write("app/page.tsx", "one");
    expect(await buildIfChanged(building(good))).toBe(true);
  });

  it("happens again when the build folder was emptied", async () => {
    await buildIfChanged(building(good));
    rmSync(join(folder, ".next"), { recursive: true });
    expect(await buildIfChanged(building(good))).toBe(true);
  });

  it("says that the disk is full when that is what the build says", async () => {
    const full = building(`echo "Error: ENOSPC: no space left on device, write" >&2; exit 1`);
    await expect(buildIfChanged(full)).rejects.toThrow("The disk is full: the build could not be written.");
  });

  it("ends when it is interrupted, and starts anew the next time", async () => {
    const controller = new AbortController();
    const slow = { ...building(`${good}; echo begun; sleep 60`), signal: controller.signal };
    const built = buildIfChanged({ ...slow, onLine: () => controller.abort(new Error("enough")) });
    await expect(built).rejects.toThrow("enough");
    expect(await buildIfChanged(building(good))).toBe(true);
  });
});
