import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Child, runChild, startChild } from "@/scripts/commands/child";
import { projectFolder } from "@/scripts/commands/project";
import { waitForProcessEnd } from "@/scripts/local/processes";

const env = { PATH: process.env.PATH ?? "" };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cairn-child-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const shell = (script: string) => ["-c", script];
/** A script that starts another process, writes down its id, and says that it has begun. */
const withGrandchild = () => `sleep 300 & echo $! > "${folder}/grandchild"; echo begun; wait`;
const grandchild = () => Number(readFileSync(join(folder, "grandchild"), "utf8"));

/** Starts a script and waits for its first line. */
function begin(script: string): Promise<Child> {
  return new Promise((resolve, reject) => {
    const starting = startChild("/bin/sh", shell(script), { env, onLine: () => resolve(starting) });
    starting.catch(reject);
  });
}

describe("running a program", () => {
  it("gives its exit code and what it wrote to both streams", async () => {
    const lines: string[] = [];
    const ending = await runChild("/bin/sh", shell("echo one; sleep 0.2; echo two >&2; exit 3"), {
      env,
      onLine: (line) => lines.push(line),
    });
    expect(ending).toEqual({ code: 3, signal: null, output: "one\ntwo" });
    expect(lines).toEqual(["one", "two"]);
  });

  it("says in one sentence that a program is missing", async () => {
    await expect(runChild("/no/such/program", [], { env })).rejects.toThrow(
      "/no/such/program is missing: install what Cairn needs with npx -y pnpm@12 install.",
    );
  });

  it("is given nothing of our own environment", async () => {
    const { output } = await runChild("/bin/sh", shell(`echo "<$HOME>"`), { env });
    expect(output).toBe("<>");
  });

  it("is not kept up by a process that the program left behind", async () => {
    const { code } = await runChild("/bin/sh", shell(`sleep 300 & echo $! > "${folder}/grandchild"`), {
      env,
    });
    expect(code).toBe(0);
    expect(await waitForProcessEnd(grandchild(), 5000)).toBe(true);
  });
});

describe("stopping a program", () => {
  it("ends what it has started, too", async () => {
    const child = await begin(withGrandchild());
    await child.stop();
    expect(await waitForProcessEnd(grandchild(), 5000)).toBe(true);
  });

  it("goes by force when it does not listen", async () => {
    const child = await begin("trap '' TERM; echo begun; while true; do sleep 0.1; done");
    await child.stop(300);
    expect((await child.ended).signal).toBe("SIGKILL");
  });

  it("happens by itself when we are killed", async () => {
    const ours = pathToFileURL(join(projectFolder, "scripts/commands/child.ts")).href;
    const code = `
      import { startChild } from ${JSON.stringify(ours)};
      const env = { PATH: process.env.PATH };
      await startChild("/bin/sh", ["-c", ${JSON.stringify(withGrandchild())}], { env, onLine: console.log });
    `;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      cwd: projectFolder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => parent.stdout.once("data", resolve));
    parent.kill("SIGKILL");
    expect(await waitForProcessEnd(grandchild(), 5000)).toBe(true);
  });
});
