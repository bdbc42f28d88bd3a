import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

type Ancestor = { pid: number; parent: number; command: string[] };

const POLL_MS = 300;
const MAX_DEPTH = 12;

/**
 * Calls back once when the npx, npm or pnpm that started this process, or anything between them and us, is gone.
 * npx answers a SIGTERM by ending, and neither it nor the shell below it tells us.
 */
export function watchLaunchers(onGone: () => void): void {
  const launchers = findLaunchers(process.ppid, readAncestor);
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (process.ppid === launchers[0]?.pid && launchers.every(({ pid }) => isAlive(pid))) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}

/** The processes from our parent up to the topmost npx, npm or pnpm above us; none when there is no such one. */
export function findLaunchers(parent: number, read: (pid: number) => Ancestor | null): Ancestor[] {
  const chain: Ancestor[] = [];
  for (let pid = parent; pid > 1 && chain.length < MAX_DEPTH;) {
    const ancestor = read(pid);
    if (ancestor === null) break;
    chain.push(ancestor);
    pid = ancestor.parent;
  }
  const topmost = chain.findLastIndex(({ command }) => isPackageManager(command));
  return chain.slice(0, topmost + 1);
}

/** npm sets its process title to something like "npm exec pnpm@12 start"; the others keep their command line. */
function isPackageManager(command: string[]): boolean {
  const [program = "", script = ""] = command;
  const names = /^(npm|npx|pnpm|pnpx)(-cli)?(\.[cm]?js)?$/;
  return (
    names.test(program.split(" ")[0] ?? "") || [program, script].some((path) => names.test(basename(path)))
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function readAncestor(pid: number): Ancestor | null {
  try {
    return process.platform === "linux" ? readProcessFiles(pid) : askProcessStatus(pid);
  } catch {
    return null;
  }
}

function readProcessFiles(pid: number): Ancestor {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name stands in brackets and may hold anything; state and parent follow it.
  const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
  return { pid, parent, command };
}

function askProcessStatus(pid: number): Ancestor {
  const output = execFileSync("ps", ["-ww", "-o", "ppid=,command=", "-p", String(pid)], { encoding: "utf8" });
  const [parent = "", ...command] = output.trim().split(/\s+/);
  return { pid, parent: Number(parent), command };
}
