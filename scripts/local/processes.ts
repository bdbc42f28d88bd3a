import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

export type ProcessDescription = {
  /** As the system writes it. With the id it names one process for ever; an id alone is given away again. */
  startTime: string;
  /** The command line, its arguments joined by spaces. */
  command: string;
};

/** The living process with this id, or null. One that has ended but was not yet collected by its parent is gone. */
export function describeProcess(pid: number): ProcessDescription | null {
  return process.platform === "linux" ? readProcessFiles(pid) : askProcessStatus(pid);
}

function readProcessFiles(pid: number): ProcessDescription | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name stands in brackets and may hold anything; what follows it is state, parent, group …
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], fields[19]];
    if (state === undefined || startTime === undefined || "ZXx".includes(state)) return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { startTime, command };
  } catch {
    return null;
  }
}

function askProcessStatus(pid: number): ProcessDescription | null {
  try {
    const output = execFileSync(
      "ps",
      ["-ww", "-o", "state=", "-o", "lstart=", "-o", "command=", "-p", String(pid)],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        env: { ...process.env, LC_ALL: "C" },
      },
    );
    // "Ss   Thu Nov 20 10:18:00 2026 /path/to/postgres -D …"
    const match = /^\s*(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*?)\s*$/s.exec(output);
    const [, state, startTime, command] = match ?? [];
    if (state === undefined || startTime === undefined || command === undefined || state.startsWith("Z"))
      return null;
    return { startTime, command };
  } catch {
    return null;
  }
}

/** The folder that the process works in, or null when it cannot be told (somebody else's process, or none). */
export function processFolder(pid: number): string | null {
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`);
    const lines = execFileSync("lsof", ["-a", "-p", String(pid), "-d", "cwd", "-Fn"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).split("\n");
    return lines.find((line) => line.startsWith("n"))?.slice(1) ?? null;
  } catch {
    return null;
  }
}

/** Waits until the process is gone; false when it still lives after that many milliseconds. */
export async function waitForProcessEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (describeProcess(pid) !== null) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
