import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cleanup } from "@/scripts/commands/cleanup";
import { Progress } from "@/scripts/commands/progress";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorder(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { output: { write, isTTY, columns: 30 }, written };
}

describe("progress", () => {
  it("is never silent for more than a few seconds, and ends in one line", async () => {
    const { output, written } = recorder(false);
    const stage = new Progress(output).stage("Build", async ({ note, summarize }) => {
      note("compiling");
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      summarize("42 routes");
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await stage;
    expect(written).toEqual([
      "  Build · compiling … 4.0 s\n",
      "  Build · compiling … 8.0 s\n",
      "✓ Build (42 routes) 10.0 s\n",
    ]);
  });

  it("stays within one line of a terminal", async () => {
    const { output, written } = recorder(true);
    const stage = new Progress(output).stage("Build", async ({ note }) => {
      note("\x1b[31ma long word about what is being done at the moment");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    });
    await vi.advanceTimersByTimeAsync(1000);
    await stage;
    const frames = written.slice(0, -1).map((text) => text.replace("\r\x1b[2K", ""));
    expect(frames.length).toBeGreaterThan(5);
    expect(frames.join("")).not.toContain("\x1b");
    expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(30);
    expect(written.join("")).not.toMatch(/\n./);
  });

  it("marks the stage that failed and passes the failure on", async () => {
    const { output, written } = recorder(false);
    const failing = new Progress(output).stage("Build", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(written).toEqual(["✗ Build 0.0 s\n"]);
  });

  it("gives signs of life while a program's own lines stay away", async () => {
    const { output, written } = recorder(false);
    const section = new Progress(output).section(
      "Tests",
      async (print) => {
        await new Promise((resolve) => setTimeout(resolve, 3000));
        print("one test");
        await new Promise((resolve) => setTimeout(resolve, 12_000));
        return 1;
      },
      (count) => `${count} passed`,
    );
    await vi.advanceTimersByTimeAsync(15_000);
    await section;
    expect(written).toEqual(["· Tests\n", "one test\n", "  Tests … 13.0 s\n", "· Tests (1 passed) 15.0 s\n"]);
  });
});

describe("cleaning up", () => {
  it("goes backwards, and a failing step does not keep the others from being done", async () => {
    const done: string[] = [];
    const cleanup = new Cleanup();
    cleanup.add(() => void done.push("database"));
    cleanup.add(() => Promise.reject(new Error("no")));
    cleanup.add(() => void done.push("server"));
    expect(await cleanup.run()).toEqual([new Error("no")]);
    expect(done).toEqual(["server", "database"]);
    expect(await cleanup.run()).toEqual([]);
  });
});
