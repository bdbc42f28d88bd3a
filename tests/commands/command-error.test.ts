import { describe, expect, it } from "vitest";
import { CommandError, explainFailure, saysDiskFull } from "@/scripts/commands/command-error";
import { requireDiskSpace } from "@/scripts/commands/disk";
import { LocalDatabaseError } from "@/scripts/local/local-database-error";

describe("what the person at the terminal is told", () => {
  it("is one sentence for what can be expected", () => {
    expect(explainFailure(new CommandError("Port 3000 is in use."))).toBe("Port 3000 is in use.");
    expect(explainFailure(new LocalDatabaseError("The disk is full."))).toBe("The disk is full.");
  });

  it("is one sentence for what the system refuses", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    expect(explainFailure(full)).toBe("The disk is full.");
    const denied = Object.assign(new Error("EACCES"), { code: "EACCES", path: "/clone/.data" });
    expect(explainFailure(denied)).toBe("/clone/.data: Permission denied.");
  });

  it("is the whole trace for a bug", () => {
    expect(explainFailure(new TypeError("x is undefined"))).toContain("command-error.test.ts");
  });

  it("knows a full disk from what programs write", () => {
    expect(saysDiskFull("Error: ENOSPC: no space left on device, write")).toBe(true);
    expect(saysDiskFull("Error: Module not found")).toBe(false);
  });
});

describe("the room on the disk", () => {
  it("is asked for in the nearest folder that exists", () => {
    expect(() => requireDiskSpace("/no/such/folder", 1)).not.toThrow();
    expect(() => requireDiskSpace("/no/such/folder", 1e9)).toThrow(
      /^The disk is full: Cairn needs about 1000000000 MiB in \/no\/such\/folder, and \d+ MiB are free\.$/,
    );
  });
});
